"""The run on the screen, in a slim bar above the pages that are about something else."""

from __future__ import annotations

import streamlit as st

from core.runs.run import UnknownRun
from dashboard.browser.run_bar import run_bar
from dashboard.frame import pages, resources, session
from dashboard.language import _
from dashboard.runs import progress_words
from dashboard.runs.identities import identity


def show() -> None:
    """Show the run that the address names, if there is one; a click leads to it."""
    chosen = session.run_id()
    if chosen is None:
        return
    try:
        run = resources.store().runs.get(chosen, learner=session.learner())
    except UnknownRun:  # the page that shows it says so
        return
    known = identity(run)
    if run_bar(
        run,
        known.name,
        color=known.line.color,
        dash=known.line.dash,
        facts=progress_words.short(run),
        leads=_("Opens this run on Train."),
        key="run-bar",
    ):
        st.switch_page(pages.file("train"))
