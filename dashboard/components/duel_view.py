"""A duel on the page: both networks live, and the verdict in the learner's own numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import diagnosis
from core.duel import FIRST, NEITHER, Prediction, Side, Verdict, sides, verdict
from core.errors import LabError
from core.run import Run, automatic_name
from core.settings import Settings
from dashboard import names, page, resources, session
from dashboard.charts import duel as charts
from dashboard.charts import inside
from dashboard.components import run_view
from dashboard.components.live_chart import live_chart
from dashboard.language import _


def runs_of(group: str) -> list[Run]:
    """The runs of a duel."""
    return [run for run in resources.store().runs(session.learner(), hidden=True) if run.group == group]


def side_names(pair: tuple[Settings, ...]) -> tuple[str, str]:
    """The shortest names that tell the two apart: the value of what differs."""
    found = pair[0].differences(pair[1])
    if len(found) != 1:
        return automatic_name(pair[0]), automatic_name(pair[1])
    name, values = next(iter(found.items()))
    return (
        f"{names.setting(name)}: {names.value(name, values[0])}",
        f"{names.setting(name)}: {names.value(name, values[1])}",
    )


def names_of(both: tuple[Side, ...]) -> tuple[str, str]:
    """The shortest names that tell two sides apart."""
    return side_names(tuple(side.settings for side in both))


def difference(pair: tuple[Settings, ...]) -> str:
    """The settings in which the two differ."""
    return ", ".join(names.setting(name).lower() for name in pair[0].differences(pair[1]))


def show(group: str) -> None:
    """The duel as it goes, and the verdict once it is over."""
    rivals = sides(runs_of(group))
    alive = any(run.unfinished for side in rivals for run in side.runs)
    st.fragment(live, run_every=1.0 if alive else None)(group, alive)
    if not alive:
        written = resources.store().recall(session.learner(), group)
        result(rivals, Prediction.from_json(written) if written else None)


def live(group: str, running: bool) -> None:
    """Both networks on one chart, both strips in one colour scale; moves while they train."""
    store = resources.store()
    try:
        both = sides(runs_of(group))
        short = names_of(both)
        points = {run.id: store.points(run.id) for side in both for run in side.runs}
        status_line(both, short)
        live_chart(
            charts.race(
                [
                    charts.Runner(name, [points[run.id] for run in side.runs])
                    for name, side in zip(short, both, strict=True)
                ],
                guessing=run_view.guessing(both[0].settings),
                length=both[0].settings.training.epochs,
            ).update_layout(uirevision=group),
            key="duel-race",
            height=400,
            alt=_("Loss and accuracy of both networks"),
        )
        strips(both, short, points)
    except LabError as error:
        page.problem(error)
        return
    if running != any(run.unfinished for side in both for run in side.runs):
        st.rerun()


def status_line(both: tuple[Side, ...], short: tuple[str, str]) -> None:
    """Where each side stands."""
    for column, side, name in zip(st.columns(2, gap="large"), both, short, strict=True):
        done = sum(run.step for run in side.runs)
        wanted = sum(run.epochs * run.steps_per_epoch for run in side.runs)
        latest = next((run for run in side.runs if run.unfinished), side.runs[-1])
        text = f"**{name}** · {run_view.status_name(latest.status)}"
        if latest.val_accuracy is not None:
            text += " · " + _("validation {accuracy:.2%}").format(accuracy=latest.val_accuracy)
        column.progress(min(1.0, done / max(1, wanted)), text=text)


def strips(both: tuple[Side, ...], short: tuple[str, str], points: dict[str, pd.DataFrame]) -> None:
    """The first run of each side under the microscope."""
    store = resources.store()
    layers = [store.layers(side.runs[0].id) for side in both]
    limits = [inside.strip_limits(table) for table in layers if len(table)]
    common = (min(low for low, _high in limits), max(high for _low, high in limits)) if limits else None
    st.markdown(_("**The gradient that reaches each layer**, per weight, in one colour scale"))
    for place, (column, side, table) in enumerate(zip(st.columns(2, gap="large"), both, layers, strict=True)):
        with column:
            st.caption(short[place])
            live_chart(
                inside.strip(
                    points[side.runs[0].id], table, length=side.settings.training.epochs, limits=common
                ),
                key=f"duel-strip-{place}",
                height=420,
                alt=_("Gradient of every layer of {name} over time").format(name=short[place]),
            )
            slowest = diagnosis.slowest(table[table["step"] == 0]) if len(table) else None
            if slowest is not None:
                st.markdown(
                    _(
                        "At the start: {low:.1e} per weight in layer {layer}, {output:.1e} at the output."
                    ).format(low=slowest.gradient, layer=slowest.layer, output=slowest.output_gradient)
                )


def result(both: tuple[Side, ...], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers."""
    short = names_of(both)
    found = verdict(*both)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(f"**{_('The verdict')}**")
        st.markdown(result_sentence(found, short))
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        st.markdown(luck_sentence(found, both))


def result_sentence(found: Verdict, short: tuple[str, str]) -> str:
    """Who won, by how much."""
    if found.winner == NEITHER:
        return _(
            "**No difference to speak of**: {first:.2%} and {second:.2%} on the validation images."
        ).format(first=found.first, second=found.second)
    won = 0 if found.winner == FIRST else 1
    return _("**{winner}** wins: {high:.2%} against {low:.2%}, {points:.1f} percentage points ahead.").format(
        winner=short[won],
        high=max(found.first, found.second),
        low=min(found.first, found.second),
        points=abs(found.points),
    )


def prediction_sentence(prediction: Prediction, found: Verdict, short: tuple[str, str]) -> str:
    """What was predicted, and how near it was."""
    if prediction.winner == NEITHER:
        said = _("You predicted no difference.")
    else:
        said = _("You predicted **{winner}** by {points:g} points.").format(
            winner=short[0 if prediction.winner == FIRST else 1], points=prediction.points
        )
    if prediction.winner != found.winner:
        return said + " " + _("It came out differently. What in the strips explains it?")
    return (
        said
        + " "
        + _("You were right; the gap is {miss:.1f} points off yours.").format(
            miss=abs(abs(found.points) - prediction.points)
        )
    )


def luck_sentence(found: Verdict, both: tuple[Side, ...]) -> str:
    """Whether luck could have done it."""
    if found.apart is None:
        return _("One seed each: part of this may be luck. Start it again with 3 seeds to see how much.")
    ranges = "; ".join(f"{min(side.accuracies):.2%} … {max(side.accuracies):.2%}" for side in both)
    if found.apart:
        return _("Over the seeds: {ranges}. The ranges do not touch: this is more than luck.").format(
            ranges=ranges
        )
    return _("Over the seeds: {ranges}. The ranges overlap: luck alone could do this.").format(ranges=ranges)
