"""This browser's runs in a table; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.run import Run
from dashboard.browser.pager import first_of_page, pager
from dashboard.browser.run_rows import Row, run_rows
from dashboard.frame import resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _, ngettext
from dashboard.language.run_names import distinct_names
from dashboard.runs.run_cells import cells

PAGE = 20
"""Runs that are listed at once."""


@fragment
def show(*, chosen: Run | None) -> None:
    """List the runs, newest first, and move with them. Choosing a row opens that run."""
    runs = _mine()
    if len(runs) < 2 and (not runs or (chosen is not None and runs[0].id == chosen.id)):
        return
    st.divider()
    st.header(_("Your runs"), anchor=False)
    waiting = [run.id for run in runs if run.status == "waiting"]
    listed = _wanted(runs)
    if waiting:
        st.button(_("Cancel all that wait"), icon=":material/close:", on_click=_cancel, key="cancel-waiting")
    first = first_of_page("runs-page", total=len(listed), subject=len(listed))
    titles = [_("Run"), _("State"), _("Epochs"), _("Validation accuracy"), _("Seconds")]
    opened = run_rows(
        titles,
        rows(listed, first),
        chosen=chosen.id if chosen else None,
        waiting=waiting,
        key="runs",
    )
    if len(listed) > PAGE:
        pager("runs-page", first=first, total=len(listed), size=PAGE, subject=len(listed))
    if opened is not None and (chosen is None or opened != chosen.id):
        session.open_run(opened)
        st.rerun()


def _mine() -> list[Run]:
    return resources.store().runs.of(session.learner())


def _wanted(runs: Sequence[Run]) -> list[Run]:
    """Those that stand alone; with those of groups where the learner asks for them."""
    own = alone(runs)
    of_groups = len(runs) - len(own)
    if of_groups and st.toggle(
        ngettext(
            "Show {count} run of a sweep, a search or repeats too",
            "Show {count} runs of sweeps, searches and repeats too",
            of_groups,
        ),
        key="runs-of-groups",
        persist_state="session",
    ):
        return list(runs)
    return own


def alone(runs: Sequence[Run]) -> list[Run]:
    """Those that were not started as one of many."""
    return [run for run in runs if not (run.origin and run.origin.is_one_of_many)]


def _cancel() -> None:
    """Take all of this learner's waiting runs out of the queue; what one has learnt stays."""
    for run in _mine():
        if run.status == "waiting":
            resources.engine().stop(run.id, learner=session.learner())


def rows(runs: Sequence[Run], first: int) -> list[Row]:
    """A page of the table, from the run at place ``first`` on; names are told apart among all."""
    names = distinct_names(runs)
    return [
        {"id": run.id, "name": names[run.id], "cells": cells(run), "moves": run.unfinished}
        for run in runs[first : first + PAGE]
    ]
