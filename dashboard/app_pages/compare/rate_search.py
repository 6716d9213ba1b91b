"""Find a learning rate: short runs of the sidebar's experiment, loss against rate, and "take this rate"."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.progress import steps_per_epoch
from core.settings import Settings
from core.study.rate_search import LONGER, NEARLY, RATES, Suggestion
from dashboard.app_pages.compare import sweep_charts
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import session
from dashboard.language import _
from dashboard.language.joining import sentences
from dashboard.runs import starting
from dashboard.runs.best_rates import Search, search_for
from dashboard.runs.live import while_alive

KEY = "rate"


def show() -> None:
    """What is tried, the button, and the curve as far as it is known."""
    settings, runs = session.settings(), starting.my_runs()
    longer = is_longer(settings)
    search = search_for(settings, runs, longer=longer)
    st.markdown(
        _(
            "{count} short runs of the experiment in the sidebar, each with its own learning rate: about "
            "{steps:,} steps from the same start. Too small a rate hardly moves; too large a one breaks "
            "the training."
        ).format(count=len(RATES), steps=steps_of(search))
    )
    _start_button(search, starting.room(runs))
    if search.runs:
        while_alive(
            lambda search: _draw(settings, search, longer),
            search,
            lambda: search_for(settings, starting.my_runs(), longer=longer),
            state=lambda search: search.is_going,
            runs=lambda search: search.runs.values(),
            key="rate-search",
            at="epoch",
        )


def is_longer(settings: Settings) -> bool:
    """Whether the learner asked for longer runs of this experiment, whatever its rate."""
    return bool(session.kept(_longer_key(settings), False))


def _longer_key(settings: Settings) -> str:
    return f"{KEY}-longer-{Origin.of('rate', search_for(settings, []).sweep.base).id}"


def steps_of(search: Search) -> int:
    """Steps of each of its runs."""
    base = search.sweep.base
    return base.training.epochs * steps_per_epoch(base.data.train, base.training.batch_size)


def _start_button(search: Search, room: int) -> None:
    new = search.missing
    if not new:
        return
    pressed = st.button(
        _("Try {count} rates").format(count=len(new)),
        type="primary",
        icon=":material/speed:",
        key="rate-start",
        disabled=len(new) > room,
    )
    if len(new) > room:
        st.caption(starting.crowded(room))
    if pressed and len(starting.submit(new, Origin.of("rate", search.sweep.base))) == len(new):
        st.rerun()


def _draw(settings: Settings, search: Search, longer: bool) -> None:
    """Loss against rate, the suggestion, and the button that takes a rate."""
    suggested = search.suggestion
    top, bottom = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    with bottom:
        rate = _choose_rate(sorted(search.runs), suggested.rate if suggested else None)
        _take_button(rate)
    with top:
        _curve(search, rate)
        _suggestion(search, suggested)
        if suggested is None and search.is_done and not longer:
            _offer_longer(settings, search)


def _choose_rate(known: Sequence[float], suggested: float | None) -> float:
    """The rate clicked or chosen here, and until then the suggestion."""
    default = suggested or known[0]
    fixed = clicks.current(KEY, default)
    at = fixed if fixed in known else default
    rate = st.selectbox(
        _("Rate"),
        known,
        index=list(known).index(at),
        format_func=lambda rate: f"{rate:g}",
        width=140,
        key=clicks.widget_key(KEY, default),
    )
    clicks.choose(KEY, rate, shown=at)
    return float(rate)


def _take_button(rate: float) -> None:
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


def _curve(search: Search, rate: float) -> None:
    click = live_chart(
        sweep_charts.rates(
            search.losses,
            [rate for rate, run in search.runs.items() if run.status == "diverged"],
            span=(RATES[0], RATES[-1]),
            guessing=search.guessing,
            chosen=rate,
        ),
        key=f"rate-{Origin.of('rate', search.sweep.base).id}",
        height=360,
        alt=_("Validation loss against learning rate"),
        clickable=True,
    )
    if click is not None:
        clicks.take_click(KEY, click, min(search.runs, key=lambda rate: abs(rate - float(click["x"]))))


def _suggestion(search: Search, suggested: Suggestion | None) -> None:
    if search.is_going:
        st.caption(_("The runs are being trained; the suggestion may still change."))
    if suggested is not None:
        st.markdown(suggestion_sentence(suggested))
    elif search.losses and search.is_done:
        st.warning(nothing_sentence(steps_of(search)), icon=":material/warning:")


def suggestion_sentence(found: Suggestion) -> str:
    """The rate, the rule, and whether it is at an edge of what was tried."""
    told = _(
        "Suggestion: **{rate:g}**, with a loss of {loss:.3f}. The rule: of all rates whose loss is at most "
        "{more:.0%} above the lowest ({lowest:.3f}), the smallest. Short runs flatter large rates, and a "
        "smaller one is further from where training breaks."
    ).format(rate=found.rate, loss=found.loss, lowest=found.lowest, more=NEARLY - 1)
    if found.edge is None:
        return told
    edge = {
        "smallest": _("It is **the smallest rate that was tried**: a smaller one may do as well or better."),
        "largest": _("It is **the largest rate that was tried**: a larger one may do better."),
    }[found.edge]
    return sentences(told, edge)


def nothing_sentence(steps: int) -> str:
    """What can be said when no rate gets off the guess line, and what cannot."""
    return _(
        "No rate gets this network off the guess line in {steps:,} steps. Either something holds it up (look "
        "at its gradients on the page Inside), or it needs longer: deep networks lie on a plateau before "
        "they begin to learn."
    ).format(steps=steps)


def _offer_longer(settings: Settings, search: Search) -> None:
    """A button for runs so long that a plateau is left behind."""
    label = _("Try longer runs ({steps:,} steps)").format(steps=LONGER * steps_of(search))
    if st.button(label, icon=":material/more_time:", key="rate-longer"):
        session.keep(_longer_key(settings), True)
        st.rerun()
