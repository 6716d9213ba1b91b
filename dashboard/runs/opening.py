"""Starting a run, and finding the one that is on the screen."""

from __future__ import annotations

import streamlit as st

from core.errors import LabError
from core.record.store import Store
from core.runs.origin import Origin
from core.runs.run import Run, UnknownRun
from core.settings import Settings
from dashboard.frame import once, page, pages, resources, session
from dashboard.language import _
from dashboard.runs import starting


def start(settings: Settings, *, origin: Origin | None = None, epochs: int | None = None) -> None:
    """``open_new``, and go where it can be watched."""
    if open_new(settings, origin=origin, epochs=epochs):
        st.switch_page(pages.file("train"))


def open_new(settings: Settings, *, origin: Origin | None = None, epochs: int | None = None) -> bool:
    """Hand an experiment to the engine and put it on the screen; one click makes one run.

    Args:
        origin: what starts it, if not Train. epochs: how many are wanted, if not as many as it names.

    Returns:
        False if it was refused, which is said.
    """
    learner, store = session.learner(), resources.store()
    try:
        twin = store.runs.twin(learner, settings, kind=origin.kind if origin else None)
        run = twin or store.runs.get(
            resources.engine().submit(learner, settings, origin=origin, epochs=epochs)
        )
    except LabError as error:
        page.problem(error)
        return False
    session.open_run(run.id)
    once.forget()
    if not (twin or run.unfinished):
        st.toast(
            _("This very experiment was trained before: its curve is here at once."),
            icon=":material/bolt:",
        )
    if twin:
        st.toast(
            _("This run is of the same experiment. The same settings and seed give the same run."),
            icon=":material/content_copy:",
        )
    return True


def open_run(store: Store) -> Run | None:
    """The run in the URL; else this browser's latest in sight; else None. An unknown run is said, once."""
    chosen = session.run_id()
    if chosen is not None:
        mine = next((run for run in starting.my_runs() if run.id == chosen), None)
        try:
            return mine or store.runs.get(chosen, learner=session.learner())
        except UnknownRun as error:
            session.open_run(None)
            page.problem(error)
    return next(iter(starting.runs_in_sight()), None)
