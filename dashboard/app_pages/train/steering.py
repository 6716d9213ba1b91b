"""A run's name, and beside it the buttons that steer it."""

from __future__ import annotations

import time

import streamlit as st

from core.record import rights
from core.runs.run import Run
from core.settings import MAXIMUM_EPOCHS
from dashboard.app_pages.train import branch
from dashboard.frame import page, resources, session
from dashboard.frame.folds import popover
from dashboard.language import _, differences
from dashboard.language.foreign import literal
from dashboard.runs import starting, swatches
from dashboard.runs.identities import Identity

STOP_PATIENCE = 1.5
"""Seconds a click on Stop waits for the worker's answer before the page goes on without it."""
MORE_EPOCHS = 5
"""How many more epochs are offered at first."""


def show(run: Run, known: Identity) -> None:
    """The run's name, as it is known on every page, and beside it the buttons that steer it."""
    row = st.container(horizontal=True, vertical_alignment="center", key="steering")
    with row.container(horizontal=True, vertical_alignment="center", gap="small"):
        swatches.line(known.line)
        st.header(literal(known.name), anchor=False)
    with row.container(horizontal=True, key="steering-buttons"):
        if rights.may("steer", run.learner, session.learner()):
            _buttons(run)
        else:
            st.caption(_("Another browser's run: you can watch it."))
        other = differences.changes(run.settings, session.settings())
        st.button(
            _("Use its settings"),
            icon=":material/tune:",
            on_click=session.change_settings,
            args=(run.settings,),
            disabled=not other,
            key="take",
            help=_("Puts this run's settings into the sidebar.")
            if other
            else _("The sidebar has this run's settings."),
        )
    if other:
        told = _("The sidebar has another experiment: {changes}. **Train** starts that one, not this.")
        st.caption(told.format(changes=other))


def go_on(run: Run, more: int) -> None:
    """Train ``more`` epochs beyond the last whole one, and draw the page anew; a refusal is said here."""
    page.carry_out(
        lambda: resources.engine().resume(run.id, run.epochs_done + more, learner=session.learner())
    )


def why_not() -> str | None:
    """Why this learner's runs may not go on just now; None if they may."""
    if starting.room(starting.my_runs()):
        return None
    return _("You may have no more runs waiting for now. Wait until some are done.")


def _buttons(run: Run) -> None:
    if run.unfinished:
        if st.button(
            _("Stop"),
            icon=":material/stop:",
            key="stop",
            disabled=run.status == "stopping",
            help=_what_stop_keeps(run),
        ):
            page.carry_out(lambda: _stop(run.id))
        return
    popover(
        _("Continue"),
        lambda: _continue(run),
        icon=":material/resume:",
        key="continuing",
        disabled=run.epochs_done == MAXIMUM_EPOCHS,
        keeps="more-epochs",
    )
    branch.offer(run)


def _continue(run: Run) -> None:
    room = max(1, MAXIMUM_EPOCHS - run.epochs_done)
    more = st.number_input(_("More epochs"), 1, room, min(MORE_EPOCHS, room), key="more-epochs")
    refused = why_not()
    if st.button(_("Go on"), key="continue", disabled=bool(refused)):
        go_on(run, int(more))
    if refused:
        st.caption(refused)


def _what_stop_keeps(run: Run) -> str:
    """While others want more, a run ends at its last whole epoch (``core.record.pieces.stop``)."""
    if run.together < 2:
        return _("Keeps what the network has learnt so far.")
    return _(
        "Keeps what the network had learnt at its last whole epoch, in the first epoch what it has learnt so "
        "far. For the other learners it goes on."
    )


def _stop(run_id: str) -> None:
    """Ask the run to stop, and wait the moment it takes, so that the click is answered by the fact."""
    resources.engine().stop(run_id, learner=session.learner())
    patience = time.monotonic() + STOP_PATIENCE
    while time.monotonic() < patience and resources.store().runs.get(run_id).unfinished:
        time.sleep(0.05)
