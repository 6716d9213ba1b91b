"""One run on one page of paper: what was asked for, what came out. HTML that needs nothing else.

What it says is gathered here; how it looks is in ``report.html``, which escapes every text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import jinja2
import pandas as pd

from core.architecture.plan import layers, parameter_count
from core.dataset.normalization import Normalization
from core.reading.exam import Exam
from core.record.looks import Look
from core.runs.run import Run
from core.settings import PARAMETERS, NetworkSettings, Settings
from core.study.guessing import Guessing
from dashboard.language import _, names, ngettext, numbers, translation
from dashboard.language.joining import facts, grouped
from dashboard.language.run_names import run_name
from dashboard.look import style, svg
from dashboard.look.thinning import thin

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
MOST_EPOCH_ROWS = 12
MOST_LAYER_ROWS = 7
"""With more, the page would not fit on one sheet of A4."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A table under a heading, with a sentence below it."""

    title: str
    rows: Sequence[Row]
    sentence: str = ""


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
    guessing: Guessing,
    looks: Sequence[Look] = (),
    prediction: str = "",
) -> str:
    """The report as a self-contained HTML page, made for A4.

    Args:
        points: the run's curve, as ``Curves.points`` gives it.
        guessing: drawn as a line in both charts.
        looks: looks at the test set with this run; none leaves it sealed in the report too.
        prediction: what the learner expected. Any text is safe; it is escaped.

    Raises DamagedExam.
    """
    return TEMPLATES.get_template("report.html").render(
        language=translation.spoken(),
        run=run,
        name=run_name(run),
        author_label=_("Name"),
        subtitle=_subtitle(run),
        results=_results(run, points, looks),
        prediction_labels=(_("My prediction"), _("What came out"), _("My note")),
        prediction=prediction.strip(),
        outcome=_outcome(run),
        charts=_charts(run, points, guessing),
        legend=_legend(),
        svg=svg,
        settings=_settings(run),
        epochs=_epochs(points),
        normalization=_normalization(run.normalization),
        layers=_layers(run.settings.network),
        again=_again(run.settings),
    )


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
        _("{wrong:,} wrong of {count:,}; 95% interval {low:.1%} to {high:.1%}").format(
            wrong=found.wrong, count=found.count, low=low, high=high
        )
    ]
    if looks[-1].step != run.step:
        epoch = numbers.epochs_text(looks[-1].step, run.steps_per_epoch)
        remarks.append(_("measured after epoch {epoch}").format(epoch=epoch))
    if len(looks) > 1:
        remarks.append(_("looked {count} times").format(count=len(looks)))
    return Result(_("Test accuracy"), numbers.percent(found.accuracy), grouped(remarks))


def _outcome(run: Run) -> str:
    if run.val_accuracy is None or run.best_val_accuracy is None:
        return _("No epoch is finished yet.")
    return ngettext(
        "Validation accuracy {last:.2%} after {count} epoch; at best {best:.2%}.",
        "Validation accuracy {last:.2%} after {count} epochs; at best {best:.2%}.",
        run.epochs_done,
    ).format(last=run.val_accuracy, best=run.best_val_accuracy)


def _charts(run: Run, points: pd.DataFrame, guessing: Guessing) -> list[svg.Chart]:
    length = float(max(run.epochs, points["epoch"].max() if len(points) else 0))
    start = points["val_loss"].dropna().head(1)
    return [
        svg.Chart(title, _("epochs"), svg.Axis(0, length), axis, _lines(points, name, length, guess))
        for title, name, guess, axis in (
            (_("Loss"), "loss", guessing.loss, svg.Axis(0, 1.15 * max([guessing.loss, *start]))),
            (_("Accuracy"), "accuracy", guessing.accuracy, svg.Axis(0, 1, ".0%")),
        )
    ]


def _lines(points: pd.DataFrame, name: str, length: float, guess: float) -> list[svg.Line]:
    within = thin(points.dropna(subset=[name]))
    ends = points.dropna(subset=[f"val_{name}"])
    means = ends.dropna(subset=[f"epoch_{name}"])
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        svg.Line([0, length], [guess, guess], style.GUESS_COLOR, 1.2, "5 4"),
        svg.Line(within["epoch"], within[name], train, 0.8, opacity=0.5),
        svg.Line(means["epoch"], means[f"epoch_{name}"], train, 1.6, markers=len(means) <= 30),
        svg.Line(ends["epoch"], ends[f"val_{name}"], validation, 2, markers=len(ends) <= 30),
    ]


def _legend() -> list[tuple[svg.Line, str]]:
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        (svg.Line([], [], train, 0.8, opacity=0.5), _("training, now")),
        (svg.Line([], [], train, 1.6), _("training, epoch mean")),
        (svg.Line([], [], validation, 2), _("validation")),
        (svg.Line([], [], style.GUESS_COLOR, 1.2, "5 4"), _("guessing")),
    ]


def _settings(run: Run) -> list[Box]:
    parts: dict[str, list[Row]] = {"data": [], "network": [], "training": []}
    for parameter in PARAMETERS:
        # A run that was continued has more epochs than its settings asked for.
        content = run.epochs if parameter.name == "epochs" else parameter.get(run.settings)
        parts[parameter.part].append((names.setting(parameter.name), names.value(parameter.name, content)))
    titles = {"data": _("Data"), "network": _("Network"), "training": _("Training")}
    return [Box(title, parts[part]) for part, title in titles.items()]


def _normalization(normalization: Normalization | None) -> Box:
    title = _("Normalisation, in numbers")
    if normalization is None:
        return Box(title, [], _("Fitted when training begins."))
    before, after = normalization.fitted, normalization.describe()
    measures = (
        (_("mean"), before.mean, after.mean),
        (_("standard deviation"), before.standard_deviation, after.standard_deviation),
        (_("smallest"), before.minimum, after.minimum),
        (_("largest"), before.maximum, after.maximum),
    )
    return Box(
        title,
        [
            ("", _("before"), _("after")),
            *((name, f"{old:.4f}", f"{new + 0.0:.4f}") for name, old, new in measures),
        ],
        _(
            "Every pixel x becomes (x − {offset:.4f}) / {scale:.4f}, fitted on the {count:,} training images "
            "only."
        ).format(offset=normalization.offset, scale=normalization.scale, count=normalization.images),
    )


def _layers(network: NetworkSettings) -> Box:
    alike = Counter((layer.kind, layer.arithmetic) for layer in layers(network) if layer.parameters)
    rows = [
        (_layer_name(kind, network.activation), f"{count} × ({text})" if count > 1 else text)
        for (kind, text), count in alike.items()
    ]
    if len(rows) > MOST_LAYER_ROWS:
        left_out = len(rows) - MOST_LAYER_ROWS + 1
        more = _("… and {count} more kinds of layer").format(count=left_out)
        rows = [*rows[: MOST_LAYER_ROWS - 2], (more, ""), rows[-1]]
    total = _("{count:,} parameters in all.").format(count=parameter_count(network))
    return Box(_("Layers"), rows, total)


def _layer_name(kind: str, activation: str) -> str:
    if kind == "output":
        return _("Output, softmax")
    if kind == "batch-normalization":
        return _("Batch normalisation")
    return _("Dense, {activation}").format(activation=names.activation(activation))


def _epochs(points: pd.DataFrame) -> Box:
    """The figures at epoch ends; of many epochs, evenly chosen ones with the last among them."""
    ends = points.dropna(subset=["epoch_loss", "val_loss"]).iloc[::-1]
    stride = -(-len(ends) // MOST_EPOCH_ROWS) or 1
    chosen = ends.iloc[::stride].iloc[::-1]
    head = (_("epoch"), _("loss"), _("accuracy"), _("val. loss"), _("val. accuracy"))
    columns = ["epoch_loss", "epoch_accuracy", "val_loss", "val_accuracy"]
    rows = [
        (f"{end['epoch']:.0f}", *(f"{end[name]:.4f}" for name in columns))
        for _index, end in chosen.iterrows()
    ]
    return Box(_("Epochs"), [head, *rows])


def _again(settings: Settings) -> str:
    query = urlencode(settings.to_query())
    if not query:
        return _("To repeat this experiment, open the lab: it begins with these settings.")
    return _("To repeat this experiment, add this to the lab's address: {query}").format(query=f"?{query}")
