"""One run on one page of paper: what was asked for, what came out. HTML that needs nothing else.

What it says is gathered here; how it looks is in ``report.html``, which escapes every text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import jinja2
import pandas as pd

from core import translation
from core.reading.exam import Exam
from core.record.looks import Look
from core.runs.published import PUBLISHED, published_code
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import best_epoch
from core.study.guessing import Guessing
from dashboard.app_pages.train import report_tables
from dashboard.language import _, ngettext, numbers
from dashboard.language.joining import facts, grouped, sentences
from dashboard.look import style, svg
from dashboard.look.thinning import thin
from dashboard.runs import swatches, weights_words, wording
from dashboard.runs.identities import Identity

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Result:
    """A figure that is read first: what it is, its value, what belongs to it."""

    label: str
    value: str
    remark: str


def html(
    run: Run,
    points: pd.DataFrame,
    *,
    known: Identity,
    guessing: Guessing,
    looks: Sequence[Look] = (),
    prediction: str = "",
) -> str:
    """The report as a self-contained HTML page, made for A4.

    Args:
        points: the run's curve, as ``Curves.points`` gives it.
        known: the run's name and line.
        guessing: drawn as a line in both charts.
        looks: looks at the test set with this run; none leaves it sealed in the report too.
        prediction: what the learner expected. Any text is safe; it is escaped.

    Raises DamagedExam.
    """
    return TEMPLATES.get_template("report.html").render(
        language=translation.spoken(),
        run=run,
        name=known.name,
        mark=swatches.css(known.line),
        author_label=_headed(_("Name")),
        subtitle=_subtitle(run),
        results=_results(run, points, looks),
        prediction_labels=[_headed(_("My prediction")), _headed(_("What came out")), _headed(_("My note"))],
        prediction=prediction.strip(),
        outcome=sentences(
            _outcome(run, points), weights_words.why_it_ended(run, points), weights_words.told(run)
        ),
        arithmetic_changes=wording.arithmetic_changes(run),
        charts=_charts(run, points, guessing),
        legend=_legend(),
        svg=svg,
        settings=report_tables.settings(run),
        epochs=report_tables.epochs(points),
        normalization=report_tables.in_numbers(run.normalization),
        layers=report_tables.layer_sizes(run.settings.network),
        again=_again(run.settings),
    )


def _headed(label: str) -> str:
    """A label before what it names."""
    return _("{label}:").format(label=label)


def _subtitle(run: Run) -> str:
    done = ngettext(
        "{done} of {count} epoch, {seconds:.1f} seconds of training",
        "{done} of {count} epochs, {seconds:.1f} seconds of training",
        run.epochs,
    ).format(done=run.epochs_done, seconds=run.seconds)
    state = _("not finished yet") if run.unfinished else ""
    return facts([numbers.moment(run.created), done, state])


def _results(run: Run, points: pd.DataFrame, looks: Sequence[Look]) -> list[Result]:
    ends = points.dropna(subset=["epoch_accuracy", "val_accuracy"])
    training = float(ends["epoch_accuracy"].iloc[-1]) if len(ends) else None
    return [
        Result(
            _("Training accuracy"), numbers.percent(training), _("mean of the last epoch; not the result")
        ),
        Result(
            _("Validation accuracy"),
            numbers.percent(run.val_accuracy),
            _("on {count:,} images it did not train on").format(count=run.settings.data.validation),
        ),
        _test_result(run, looks),
    ]


def _test_result(run: Run, looks: Sequence[Look]) -> Result:
    if not looks:
        return Result(_("Test accuracy"), "–", _("the test set is still sealed"))
    found = Exam.from_json(looks[-1].evaluation).result
    low, high = found.interval
    remarks = [
        _("{wrong:,} wrong of {count:,}; true accuracy {low:.1%} to {high:.1%} (95% interval)").format(
            wrong=found.wrong, count=found.count, low=low, high=high
        ),
        _("test loss {loss:.4f}").format(loss=found.loss),
    ]
    name = published_code(run.settings)
    if name is not None:
        remarks.append(
            _("the lab report this lab grew from: {accuracy:.2%}, loss {loss:.4f}").format(
                accuracy=PUBLISHED[name].test_accuracy, loss=PUBLISHED[name].test_loss
            )
        )
    if looks[-1].step != run.weights_step:
        epoch = numbers.epochs_text(looks[-1].step, run.steps_per_epoch)
        remarks.append(_("measured after epoch {epoch}").format(epoch=epoch))
    if len(looks) > 1:
        remarks.append(_("looked {count} times").format(count=len(looks)))
    return Result(_("Test accuracy"), numbers.percent(found.accuracy), grouped(remarks))


def _outcome(run: Run, points: pd.DataFrame) -> str:
    best = best_epoch(points)
    if run.val_accuracy is None or best is None:
        return _("No epoch is finished yet.")
    epoch, accuracy = best
    last = run.val_accuracy if run.shown_step is None else points["val_accuracy"].dropna().iloc[-1]
    return ngettext(
        "Validation accuracy {last:.2%} after {count} epoch; the best was {best:.2%}, after epoch {epoch}.",
        "Validation accuracy {last:.2%} after {count} epochs; the best was {best:.2%}, after epoch {epoch}.",
        run.epochs_done,
    ).format(last=last, count=run.epochs_done, best=accuracy, epoch=epoch)


def _charts(run: Run, points: pd.DataFrame, guessing: Guessing) -> list[svg.Chart]:
    length = float(max(run.epochs, points["epoch"].max() if len(points) else 0))
    start = points["val_loss"].dropna().head(1)
    return [
        svg.Chart(title, _("epochs"), svg.Scale(0, length), axis, _lines(points, name, length, guess))
        for title, name, guess, axis in (
            (_("Loss"), "loss", guessing.loss, svg.Scale(0, 1.15 * max([guessing.loss, *start]))),
            (_("Accuracy"), "accuracy", guessing.accuracy, svg.Scale(0, 1, ".0%")),
        )
    ]


def _lines(points: pd.DataFrame, name: str, length: float, guess: float) -> list[svg.Polyline]:
    within = thin(points.dropna(subset=[name]))
    ends = points.dropna(subset=[f"val_{name}"])
    means = ends.dropna(subset=[f"epoch_{name}"])
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        svg.Polyline([0, length], [guess, guess], style.GUESS_COLOR, 1.2, "5 4"),
        svg.Polyline(within["epoch"], within[name], train, 0.8, opacity=0.5),
        svg.Polyline(means["epoch"], means[f"epoch_{name}"], train, 1.6, markers=len(means) <= 30),
        svg.Polyline(ends["epoch"], ends[f"val_{name}"], validation, 2, markers=len(ends) <= 30),
    ]


def _legend() -> list[tuple[svg.Polyline, str]]:
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        (svg.Polyline([], [], train, 0.8, opacity=0.5), _("training, now")),
        (svg.Polyline([], [], train, 1.6), _("training, epoch mean")),
        (svg.Polyline([], [], validation, 2), _("validation")),
        (svg.Polyline([], [], style.GUESS_COLOR, 1.2, "5 4"), _("guessing")),
    ]


def _again(settings: Settings) -> str:
    query = urlencode(settings.to_query())
    if not query:
        return _("To repeat this experiment, open the lab: it begins with these settings.")
    return _("To repeat this experiment, add this to the lab's address: {query}").format(query=f"?{query}")
