"""How far a run is, in a bar and a line; while it waits, why."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from dashboard.browser.run_line import run_line
from dashboard.frame import page, resources
from dashboard.runs import progress_words, wording


def show(run: Run) -> None:
    """How far the run is, and what holds it up. Why it diverged the verdict tells."""
    state = resources.engine().state()
    line = progress_words.line(run, state, resources.engine().time_left(run))
    run_line(run.id, line, progress_words.share(run), key="progress-line")
    problem = run.message or (state.problem if run.status == "waiting" else None)
    if problem is not None and not run.is_compiling and run.status != "diverged":
        page.problem(problem)
    warning = resources.engine().warning
    if warning is not None:
        st.warning(page.sentence(warning), icon=":material/warning:")
    for change in wording.arithmetic_changes(run):
        st.warning(change, icon=":material/warning:")
