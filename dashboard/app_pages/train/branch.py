"""Going on from a run with another rate, and where a branch came from."""

from __future__ import annotations

import streamlit as st

from core.errors import LabError
from core.runs.branch import branched, parting
from core.runs.origin import Origin
from core.runs.run import Run, UnknownRun
from core.settings import MAXIMUM_EPOCHS, parameter
from dashboard.frame import page, resources, session
from dashboard.frame.folds import popover
from dashboard.language import _, names
from dashboard.language.foreign import literal
from dashboard.language.run_names import run_name
from dashboard.runs import opening

SLOWER = 10
"""The rate that is offered at first is the run's last one, divided by this."""
MORE_EPOCHS = 5


def offer(run: Run) -> None:
    """A new run that begins where this one is, with another rate; the run itself stays as it is."""
    room = MAXIMUM_EPOCHS - run.weights_epoch
    popover(
        _("Another rate"),
        lambda: _form(run, max(1, room)),
        icon=":material/call_split:",
        key="branching",
        disabled=not (run.has_weights and run.weights_epoch and room),
        keeps="branch-rate",
    )


def _form(run: Run, room: int) -> None:
    st.caption(
        _(
            "A branch: a run of its own that goes on from the weights after epoch {epoch} with another "
            "learning rate. This run stays as it is."
        ).format(epoch=run.weights_epoch)
    )
    rate = st.text_input(names.setting("learning_rate"), _first_rate(run), key="branch-rate")
    more = st.number_input(_("More epochs"), 1, room, min(MORE_EPOCHS, room), key="branch-more")
    if st.button(_("Branch off"), key="branch"):
        _start(run, rate, int(more))


def _first_rate(run: Run) -> str:
    changes = run.settings.training.rate_changes
    last = changes[-1][1] if changes else run.settings.training.learning_rate
    least = parameter("learning_rate").kind
    return parameter("learning_rate").write(max(last / SLOWER, getattr(least, "least", 0.0)))


def _start(run: Run, rate: str, more: int) -> None:
    try:
        settings = branched(run, parameter("learning_rate").read(rate.strip()), more)
    except LabError as error:
        page.problem(error)
        return
    opening.start(settings, origin=Origin("branch", run.id), epochs=run.weights_epoch + more)


def parent(run: Run) -> None:
    """Where a branch came from, with the way there."""
    if run.origin is None or run.origin.kind != "branch" or not run.settings.training.rate_changes:
        return
    epoch, rate = parting(run.settings), run.settings.training.rate_changes[-1][1]
    values = {"epoch": epoch, "rate": names.value("learning_rate", rate)}
    try:
        origin = resources.store().runs.get(run.origin.id, learner=session.learner())
    except UnknownRun:
        gone = _("A branch, after epoch {epoch} with the rate {rate}, of a run that is not there any more.")
        st.caption(gone.format(**values))
        return
    told = _("A branch of {name}: the same until epoch {epoch}, from there on with the rate {rate}.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(told.format(name=literal(run_name(origin)), **values))
        if st.button(_("Open that run"), icon=":material/arrow_upward:", type="tertiary", key="parent"):
            session.open_run(origin.id)
            session.write_url()
            st.rerun()
