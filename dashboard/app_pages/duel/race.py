"""A duel on the page: the networks live, and the verdict in the learner's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import LabError
from core.hints.inside import slowest as slowest_layer
from core.runs.origin import Origin
from core.study.duel import Prediction, Side, Verdict, sides, verdict
from dashboard.app_pages.duel import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.language.joining import bold, facts, grouped, sentences
from dashboard.runs import predictions, strip_charts, wording


def show(duel: Origin) -> None:
    """The duel as it goes, and the verdict once it is over."""
    rivals = sides(predictions.runs_of(duel))
    alive = any(run.unfinished for side in rivals for run in side.runs)
    fragment(live, run_every=1.0 if alive else None)(duel, alive)
    if not alive:
        written = resources.store().documents.get(session.learner(), str(duel))
        result(rivals, Prediction.from_json(written) if written else None)


def live(duel: Origin, running: bool) -> None:
    """All networks on one chart, their strips in one colour scale; moves while they train."""
    store = resources.store()
    try:
        rivals = sides(predictions.runs_of(duel))
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
            ).update_layout(uirevision=str(duel)),
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
        accuracy = latest.val_accuracy
        reached = "" if accuracy is None else _("validation {accuracy:.2%}").format(accuracy=accuracy)
        text = facts([bold(name), wording.status_name(latest.status), reached])
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


def result(rivals: Sequence[Side], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers."""
    short, found = predictions.names_of(rivals), verdict(rivals)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(bold(_("The verdict")))
        st.markdown(result_sentence(found, short))
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        st.markdown(luck_sentence(found, rivals))


def result_sentence(found: Verdict, short: Sequence[str]) -> str:
    """Who won, by how much."""
    best, following = found.order[:2]
    if found.winner is None:
        told = _(
            "**No difference to speak of**: {first} reached {high:.2%} and {second} {low:.2%} on the "
            "validation images."
        )
    else:
        told = _(
            "**{first}** wins with {high:.2%}, {points:.1f} percentage points ahead of {second} ({low:.2%})."
        )
    return told.format(
        first=short[best],
        second=short[following],
        high=found.accuracies[best],
        low=found.accuracies[following],
        points=found.points,
    )


def prediction_sentence(prediction: Prediction, found: Verdict, short: Sequence[str]) -> str:
    """What was predicted, and how near it was."""
    if prediction.winner is None:
        said = _("You predicted no difference.")
    else:
        said = _("You predicted **{winner}** by {points:g} points.").format(
            winner=short[prediction.winner], points=prediction.points
        )
    if prediction.winner != found.winner:
        return sentences(said, _("It came out differently. What in the strips explains it?"))
    miss = abs(found.points - prediction.points)
    return sentences(said, _("You were right; the gap is {miss:.1f} points off yours.").format(miss=miss))


def luck_sentence(found: Verdict, rivals: Sequence[Side]) -> str:
    """Whether luck could have put the best two in this order."""
    if found.luck is None:
        return _("One seed each: part of this may be luck. Start it again with 5 seeds to see how much.")
    best = [rivals[place].accuracies for place in found.order[:2]]
    told = _("Over the seeds: {ranges}.").format(
        ranges=grouped(f"{min(values):.2%} … {max(values):.2%}" for values in best)
    )
    judged = {
        "overlap": _("The ranges overlap: **luck alone could do this.**"),
        "apart": _(
            "The ranges do not touch; chance alone parts so many runs once in {times:.0f} times: **this is "
            "more than luck.**"
        ),
        "few": _(
            "The ranges do not touch, but chance alone parts so few runs once in {times:.0f} times: **too "
            "few to tell.** Start it again with 5 seeds."
        ),
    }[found.luck.kind]
    return sentences(told, judged.format(times=1 / found.luck.chance))
