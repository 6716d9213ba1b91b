"""This browser's runs in a table; a click opens one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.run import Run
from dashboard.browser.pager import first_of_page, pager
from dashboard.browser.run_rows import Row, run_rows
from dashboard.frame import page, pages, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _, numbers
from dashboard.runs import chosen_runs, identities, starting, swatches
from dashboard.runs.groups import Group, folded
from dashboard.runs.identities import Identity
from dashboard.runs.live import follow
from dashboard.runs.run_cells import cells

PAGE = 20
"""Runs that are listed at once."""


def show(runs: Sequence[Run], *, chosen: Run | None) -> None:
    """List the runs, newest first, and move with them. Choosing a row opens that run, or that group.

    Args:
        runs: what this learner keeps in sight, as the page has read it; later drawings read it anew.
    """
    if len(runs) < 2 and (not runs or (chosen is not None and runs[0].id == chosen.id)):
        return
    is_first = True

    @fragment
    def part() -> None:
        nonlocal is_first
        _list(runs if is_first else starting.runs_in_sight(), chosen)
        is_first = False

    part()


def _list(runs: Sequence[Run], chosen: Run | None) -> None:
    st.divider()
    st.header(_("Your runs"), anchor=False)
    waiting = [run.id for run in runs if run.status == "waiting"]
    listed = folded(runs)
    if waiting and st.button(_("Cancel all that wait"), icon=":material/close:", key="cancel-waiting"):
        page.carry_out(_cancel)
    first = first_of_page("runs-page", total=len(listed), subject=len(listed))
    titles = [_("Run"), _("State"), _("Epochs"), _("Validation accuracy"), _("Seconds")]
    opened = run_rows(
        titles,
        rows(listed[first : first + PAGE], identities.of_learner(session.learner())),
        chosen=chosen.id if chosen else None,
        waiting=waiting,
        key="runs",
    )
    if len(listed) > PAGE:
        pager("runs-page", first=first, total=len(listed), size=PAGE, subject=len(listed))
    follow((run for each in listed if isinstance(each, Group) for run in each.runs), key="run-list")
    if opened is not None and (chosen is None or opened != chosen.id):
        _open(opened, listed)


def _open(row: str, listed: Sequence[Run | Group]) -> None:
    """Show the run; of a group all runs, over one another."""
    for each in listed:
        if isinstance(each, Group) and str(each.origin) == row:
            chosen_runs.overlay([run.id for run in reversed(each.runs)])
            st.switch_page(pages.file("compare"))
    session.open_run(row)
    st.rerun()


def _cancel() -> None:
    """Take all of this learner's waiting runs out of the queue; what one has learnt stays."""
    for run in starting.runs_in_sight():
        if run.status == "waiting":
            resources.engine().stop(run.id, learner=session.learner())


def rows(listed: Sequence[Run | Group], known: Mapping[str, Identity]) -> list[Row]:
    """The rows of the table for these runs and groups."""
    return [
        _row_of_group(each)
        if isinstance(each, Group)
        else {
            "id": each.id,
            "mark": swatches.css(known[each.id].line),
            "name": known[each.id].name,
            "cells": cells(each),
            "moves": each.unfinished,
        }
        for each in listed
    ]


def _row_of_group(group: Group) -> Row:
    """How far the group is, and its best accuracy."""
    done = sum(not run.unfinished for run in group.runs)
    state = _("{done} of {count} done").format(done=done, count=len(group.runs))
    best = numbers.percent(group.best.val_accuracy)
    told = [state, "", _("best {accuracy}").format(accuracy=best), ""]
    return {"id": str(group.origin), "mark": "", "name": group.told, "cells": told, "moves": False}
