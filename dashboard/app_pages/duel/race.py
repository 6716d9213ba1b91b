"""A duel on the page: the networks live, and the verdict in the learner's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import LabError
from core.hints.inside import slowest as slowest_layer
from core.settings import Settings
from core.study.duel import Prediction, Side, sides
from core.study.standing import Contender, trial
from core.study.verdict import Verdict, judge
from dashboard.app_pages.duel import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources, session
from dashboard.language import _, names
from dashboard.runs import predictions, strip_charts, verdict_words, wording


def difference(rivals: Sequence[Settings]) -> str:
    """The settings in which the others differ from the first."""
    found = {name: None for other in rivals[1:] for name in rivals[0].differences(other)}
    return ", ".join(names.setting(name).lower() for name in found)


def show(group: str) -> None:
    """The duel as it goes, and the verdict once it is over."""
    rivals = sides(predictions.runs_of(group))
    alive = any(run.unfinished for side in rivals for run in side.runs)
    st.fragment(live, run_every=1.0 if alive else None)(group, alive)
    if not alive:
        written = resources.store().documents.get(session.learner(), group)
        result(rivals, Prediction.from_json(written) if written else None)


def live(group: str, running: bool) -> None:
    """All networks on one chart, their strips in one colour scale; moves while they train."""
    store = resources.store()
    try:
        rivals = sides(predictions.runs_of(group))
        short = predictions.names_of(rivals)
        points = {run.id: store.curves.points(run.id) for side in rivals for run in side.runs}
        status_line(rivals, short)
        live_chart(
            charts.race(
                [
                    charts.Runner(name, [points[run.id] for run in side.runs])
                    for name, side in zip(short, rivals, strict=True)
                ],
                guessing=resources.guessing(rivals[0].settings),
                length=rivals[0].settings.training.epochs,
            ).update_layout(uirevision=group),
            key="duel-race",
            height=400,
            alt=_("Loss and accuracy of all networks"),
        )
        strips(rivals, short, points)
    except LabError as error:
        page.problem(error)
        return
    if running != any(run.unfinished for side in rivals for run in side.runs):
        st.rerun()


def grid(count: int) -> Iterator[DeltaGenerator]:
    """A place for each side, two in a row."""
    for _row in range(0, count, 2):
        yield from st.columns(2, gap="large")


def status_line(rivals: Sequence[Side], short: Sequence[str]) -> None:
    """Where each side stands."""
    for place, side, name in zip(grid(len(rivals)), rivals, short, strict=False):
        done = sum(run.step for run in side.runs)
        wanted = sum(run.epochs * run.steps_per_epoch for run in side.runs)
        latest = next((run for run in side.runs if run.unfinished), side.runs[-1])
        text = f"**{name}** · {wording.status_name(latest.status)}"
        if latest.val_accuracy is not None:
            text += " · " + _("validation {accuracy:.2%}").format(accuracy=latest.val_accuracy)
        place.progress(min(1.0, done / max(1, wanted)), text=text)


def strips(rivals: Sequence[Side], short: Sequence[str], points: dict[str, pd.DataFrame]) -> None:
    """The first run of each side under the microscope."""
    store = resources.store()
    layers = [store.curves.layers(side.runs[0].id) for side in rivals]
    limits = [strip_charts.strip_limits(table) for table in layers if len(table)]
    common = (min(low for low, _high in limits), max(high for _low, high in limits)) if limits else None
    st.markdown(_("**The gradient that reaches each layer**, per weight, in one colour scale"))
    for number, (place, side, table) in enumerate(zip(grid(len(rivals)), rivals, layers, strict=False)):
        with place:
            st.caption(short[number])
            live_chart(
                strip_charts.strip(
                    points[side.runs[0].id], table, length=side.settings.training.epochs, limits=common
                ),
                key=f"duel-strip-{number}",
                height=420,
                alt=_("Gradient of every layer of {name} over time").format(name=short[number]),
            )
            slowest = slowest_layer(table[table["step"] == 0]) if len(table) else None
            if slowest is not None:
                st.markdown(
                    _(
                        "At the start: {low:.1e} per weight in layer {layer}, {output:.1e} at the output."
                    ).format(low=slowest.gradient, layer=slowest.layer, output=slowest.output_gradient)
                )


def judged(rivals: Sequence[Side]) -> Verdict:
    """The verdict on a duel's runs."""
    return judge(
        [
            Contender.of(side.settings, [trial(run, resources.points(run.id, run.step)) for run in side.runs])
            for side in rivals
        ]
    )


def result(rivals: Sequence[Side], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers: what broke off first, then the outcome, then luck."""
    short, found = predictions.names_of(rivals), judged(rivals)
    with st.container(border=True):
        st.markdown(f"**{_('The verdict')}**")
        for sentence in [*verdict_words.broken(found, short), verdict_words.outcome(found, short)]:
            st.markdown(sentence)
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        if found.top is None:
            return
        told = verdict_words.luck(found.top, found, short), verdict_words.over_images(found.top)
        st.markdown(" ".join(filter(None, told)))
        images = rivals[0].settings.data.validation
        st.caption(" ".join([*verdict_words.corrected(found), verdict_words.covers(images)]))


def prediction_sentence(prediction: Prediction, found: Verdict, short: Sequence[str]) -> str:
    """What was predicted, and how near it was."""
    if prediction.winner is None:
        said = _("You predicted no difference.")
    else:
        said = _("You predicted **{winner}** by {points:g} points.").format(
            winner=short[prediction.winner], points=prediction.points
        )
    return f"{said} {_how_near(prediction, found)}"


def _how_near(prediction: Prediction, found: Verdict) -> str:
    if found.is_open or found.top is None:
        return _("That stays open.")
    if prediction.winner != found.winner:
        return _("It came out differently. What in the strips explains it?")
    if prediction.winner is None:
        return _("So it came out.")
    if found.top.difference is None:
        return _("So it came out; there are no points to compare.")
    return _("So it came out; the gap is {miss:.1f} points off yours.").format(
        miss=abs(100 * abs(found.top.difference) - prediction.points)
    )
