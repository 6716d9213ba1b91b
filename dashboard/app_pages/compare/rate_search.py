"""Find a learning rate: short runs of the sidebar's experiment, loss against rate, and "take this rate"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run
from core.study.comparison import find_run
from core.study.sweep import NEARLY, RATE_STEPS, RATES, Sweep, rate_search, suggest_rate
from dashboard.app_pages.compare import charts, chosen_runs
from dashboard.app_pages.compare.kept_sweeps import missing, my_runs
from dashboard.app_pages.compare.overlay import figure_after
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _

KEY = "rate"


def show() -> None:
    """What is tried, the button, and the curve as far as it is known."""
    try:
        search = rate_search(session.settings())
        runs = _answers(search)
        st.markdown(
            _(
                "{count} short runs of the experiment in the sidebar, each with its own learning rate: about "
                "{steps} steps from the same start. Too small a rate hardly moves; too large a one breaks "
                "the training."
            ).format(count=len(RATES), steps=RATE_STEPS)
        )
        _start_button(search)
        alive = any(run.unfinished for run in runs.values())
        if runs:
            fragment(_live, run_every=1.0 if alive else None)(search, alive)
    except LabError as error:
        page.problem(error)


def _answers(search: Sweep) -> dict[float, Run]:
    """Rate → the run that tried it, as far as there is one."""
    mine = my_runs()
    cells, _refused = search.cells()
    found = {cell.training.learning_rate: find_run(cell, mine) for cell in cells.values()}
    return {rate: run for rate, run in found.items() if run is not None}


def _start_button(search: Sweep) -> None:
    new = missing(search, my_runs())
    if not new:
        return
    room = chosen_runs.room()
    pressed = st.button(
        _("Try {count} rates").format(count=len(new)),
        type="primary",
        icon=":material/speed:",
        key="rate-start",
        disabled=len(new) > room,
    )
    if len(new) > room:
        st.caption(
            _("You may have {room} more runs waiting. Wait until some are done.").format(room=max(0, room))
        )
    if pressed and len(chosen_runs.submit(new, Origin.of("rate", search.base))) == len(new):
        st.rerun()


def _live(search: Sweep, was_alive: bool) -> None:
    """Loss against rate, the suggestion, and the button that takes a rate."""
    try:
        runs = _answers(search)
        guessing = resources.guessing(search.base).loss
        found = losses(runs, search.base.training.epochs)
        suggested = suggest_rate(found, guessing)
        alive = any(run.unfinished for run in runs.values())
        top, bottom = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
        with bottom:
            rate = _choose_rate(sorted(runs), suggested)
        with top:
            _curve(search, runs, found, rate)
            _suggestion(suggested, found, alive)
    except LabError as error:
        page.problem(error)
        return
    if was_alive != alive:
        st.rerun()


def _choose_rate(known: Sequence[float], suggested: float | None) -> float:
    """The rate clicked or chosen here, and until then the suggestion; with the button that takes it."""
    fixed = clicks.chosen(KEY, None)
    at = fixed if fixed in known else suggested or known[0]
    rate = st.selectbox(
        _("Rate"),
        known,
        index=list(known).index(at),
        format_func=lambda rate: f"{rate:g}",
        width=140,
        key=f"{clicks.widget_key(KEY)}-{at}",  # another default is another widget
    )
    if rate != at:
        clicks.choose(KEY, rate)
    taken = session.settings().training.learning_rate == rate
    if st.button(
        _("The sidebar has it") if taken else _("Take this rate"),
        icon=":material/check:" if taken else ":material/tune:",
        disabled=taken,
        key="rate-take",
        type="primary",
    ):
        session.change_settings(learning_rate=rate)
        st.rerun()
    return float(rate)


def _curve(search: Sweep, runs: Mapping[float, Run], found: Mapping[float, float], rate: float) -> None:
    click = live_chart(
        charts.rates(
            found,
            [rate for rate, run in runs.items() if run.status == "diverged"],
            span=(RATES[0], RATES[-1]),
            guessing=resources.guessing(search.base).loss,
            chosen=rate,
        ),
        key=f"rate-{Origin.of('rate', search.base).id}",
        height=360,
        alt=_("Validation loss against learning rate"),
        clickable=True,
    )
    if click is not None:
        clicks.take_click(KEY, click, min(runs, key=lambda rate: abs(rate - float(click["x"]))))


def losses(runs: Mapping[float, Run], epochs: int) -> dict[float, float]:
    """Rate → validation loss after the short run; a run that diverged has none."""
    found = {
        rate: figure_after(run, epochs, "val_loss") for rate, run in runs.items() if run.status != "diverged"
    }
    return {rate: loss for rate, loss in found.items() if loss is not None}


def _suggestion(suggested: float | None, found: Mapping[float, float], alive: bool) -> None:
    if alive:
        st.caption(_("The runs are being trained; the suggestion may still change."))
    if suggested is not None:
        told = _(
            "Suggestion: **{rate:g}**, with a loss of {loss:.3f}. The rule: of all rates whose loss is at "
            "most {more:.0%} above the lowest ({lowest:.3f}), the smallest. Short runs flatter large rates, "
            "and a smaller one is further from where training breaks."
        )
        numbers = {"rate": suggested, "loss": found[suggested], "lowest": min(found.values())}
        st.markdown(told.format(more=NEARLY - 1, **numbers))
    elif found and not alive:
        st.warning(
            _(
                "No rate gets this network off the guess line in so few steps. Something else holds it up: "
                "look at its gradients on the page Inside."
            ),
            icon=":material/warning:",
        )
