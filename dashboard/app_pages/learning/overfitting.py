"""Overfitting: a gap that opens, a click for each remedy, and what each gained over a few seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

import pandas as pd
import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.study.overfitting import ARMS, OVERFITTING, SEEDS, WITHOUT, Arm, Gain, best, gain
from dashboard.browser import chart_words
from dashboard.browser.live_chart import live_chart
from dashboard.frame import pages, resources, session
from dashboard.language import _, differences, ngettext, numbers
from dashboard.language.joining import sentences
from dashboard.runs import chosen_runs, curve_charts, starting
from dashboard.runs.live import while_alive

Arms = Mapping[str, Arm]


def show() -> None:
    """The experiment that overfits, its remedies, and the table that fills."""
    data = OVERFITTING.data
    st.markdown(
        _(
            "{count} images, {epochs} epochs: the network knows them by heart. Watch the **gap** open: "
            "training loss falls to nothing, validation loss turns and rises. Then try what helps."
        ).format(count=data.train, epochs=OVERFITTING.training.epochs)
    )
    while_alive(
        _draw,
        _found(),
        _found,
        state=lambda arms: [run.status for arm in arms.values() for run in arm.begun],
        runs=lambda arms: [run for arm in arms.values() for run in arm.begun],
        key="overfitting",
        at="epoch",
    )


def _found() -> Arms:
    runs = starting.my_runs()
    return {code: Arm.of(code, runs) for code in ARMS}


def _draw(arms: Arms) -> None:
    without = arms[WITHOUT]
    if without.begun:
        _gap(without.begun[0])
    _buttons(arms)
    _coming(arms)
    gains = {code: found for code, arm in arms.items() if code != WITHOUT and (found := gain(arm, without))}
    if without.is_done:
        st.table(table(arms, gains), width="content")
        _told(arms, gains)


def _gap(run: Run) -> None:
    live_chart(
        curve_charts.progress(run, guessing=resources.guessing(run.settings), close=True),
        key="overfitting-gap",
        height=430,
        alt=_("Training and validation loss without a remedy"),
        told=chart_words.learning([("", resources.points(run))]),
        follows=True,
    )


def _buttons(arms: Arms) -> None:
    """One for each remedy that was not tried; at first only the one that lets it overfit."""
    first = arms[WITHOUT]
    offered = [first] if first.missing else [arm for arm in arms.values() if arm.missing]
    room = starting.room(starting.my_runs())
    with st.container(key="remedies", horizontal=True, gap="small"):
        for arm in offered:
            pressed = st.button(
                _("Let it overfit") if arm is first else name(arm.code),
                icon=":material/play_arrow:",
                type="primary" if arm is first else "secondary",
                key=f"overfitting-{arm.code}",
                disabled=len(arm.missing) > room,
                help=_("Trains it from {seeds} seeds.").format(seeds=SEEDS),
            )
            if pressed and starting.submit(arm.missing, Origin.of("seeds", *arm.missing)):
                st.rerun()


def _coming(arms: Arms) -> None:
    """How many runs are still to end."""
    count = sum(run.unfinished for arm in arms.values() for run in arm.begun)
    if count:
        told = ngettext("{count} run is not done yet.", "{count} runs are not done yet.", count)
        st.caption(told.format(count=count))


def table(arms: Arms, gains: Mapping[str, Gain]) -> pd.DataFrame:
    """A row for what was tried: figures, gain against none, and how far the seeds lie apart."""
    done = [arm for arm in arms.values() if arm.is_done]
    accuracies, losses = ([fmean(arm.accuracies) for arm in done], [fmean(arm.losses) for arm in done])
    found = [gains.get(arm.code) for arm in done]
    columns = {
        _("Remedy"): [name(arm.code) for arm in done],
        _("Validation accuracy"): [numbers.percent(accuracy) for accuracy in accuracies],
        _("Gained, in points"): ["" if each is None else _spread(each.points, 2) for each in found],
        _("Validation loss"): [f"{loss:.3f}" for loss in losses],
        _("Taken off"): ["" if each is None else _spread(each.loss, 3) for each in found],
    }
    return pd.DataFrame(columns).set_index(_("Remedy"))


def _spread(values: Sequence[float], digits: int) -> str:
    """The mean, and from the least to the most: "+0.52 (−0.10 … +0.71)"."""
    rounded = [round(value, digits) + 0.0 for value in (min(values), fmean(values), max(values))]
    least, middle, most = (f"{value:+.{digits}f}".replace("-", "−") for value in rounded)
    return _("{mean} ({least} … {most})").format(mean=middle, least=least, most=most)


def _told(arms: Arms, gains: Mapping[str, Gain]) -> None:
    """Which helped most, how to read the table, and the way to all curves."""
    explained = _("Means of {seeds} seeds; in brackets the least and the most.").format(seeds=SEEDS)
    st.caption(sentences(*_verdict(gains), explained))
    label, icon = _("Compare their curves"), ":material/stacked_line_chart:"
    if gains and st.button(label, icon=icon, key="overfitting-all"):
        chosen_runs.overlay([arms[code].begun[0].id for code in (WITHOUT, *gains)])
        session.open_tab("compare-tab", _("Side by side"))
        st.switch_page(pages.file("compare"))


def _verdict(gains: Mapping[str, Gain]) -> list[str]:
    """The remedies that gained most accuracy and took most off the loss, with every seed."""
    if not gains:
        return []
    points, loss = ({code: getattr(found, of) for code, found in gains.items()} for of in ("points", "loss"))
    right, low = best(points), best(loss)
    said = [_("**None of them read more images right with every seed.**")]
    if right is not None:
        told = _("**{name}** gained most accuracy: {points:.2f} points.")
        said = [told.format(name=name(right), points=fmean(points[right]))]
    if low not in (None, right):
        told = _("**{name}** took most off the loss: {loss:.3f}.")
        said.append(told.format(name=name(low), loss=fmean(loss[low])))
    return said


def name(code: str) -> str:
    """What a remedy changes: "Dropout: 0.5"."""
    changed = differences.changes(OVERFITTING, OVERFITTING.change(**ARMS[code]))
    return changed or _("No remedy")
