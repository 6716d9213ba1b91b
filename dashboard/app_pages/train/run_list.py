"""This browser's runs in a table; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs.run import Run
from dashboard.frame import resources, session
from dashboard.language import _, ngettext, numbers
from dashboard.language.foreign import in_cell
from dashboard.language.run_names import distinct_names
from dashboard.runs.live import while_alive
from dashboard.runs.wording import status_name


def show(*, chosen: Run | None) -> None:
    """The list, which moves with the runs in it."""
    while_alive(
        lambda runs: _draw(runs, chosen),
        _mine(),
        _mine,
        state=len,
        runs=lambda runs: runs,
        key="run-list",
        at="epoch",
    )


def _mine() -> list[Run]:
    return resources.store().runs.of(session.learner())


def _draw(runs: Sequence[Run], chosen: Run | None) -> None:
    """List the runs, newest first. Choosing a row opens that run."""
    own, of_groups = alone(runs), len(runs) - len(alone(runs))
    if len(runs) < 2 and (not runs or (chosen is not None and runs[0].id == chosen.id)):
        return
    st.divider()
    st.header(_("Your runs"), anchor=False)
    if of_groups and st.toggle(
        ngettext(
            "Show {count} run of a sweep, a search or repeats too",
            "Show {count} runs of sweeps, searches and repeats too",
            of_groups,
        ),
        key="runs-of-groups",
        persist_state="session",
    ):
        own = list(runs)
    if any(run.status == "waiting" for run in runs):
        st.button(_("Cancel all that wait"), icon=":material/close:", on_click=_cancel, key="cancel-waiting")
    event = st.dataframe(
        table(own),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "accuracy": st.column_config.NumberColumn(_("Validation accuracy"), format="%.2f%%"),
            "name": st.column_config.TextColumn(_("Run"), width="large"),
            "status": _("State"),
            "epochs": _("Epochs"),
            "seconds": st.column_config.NumberColumn(_("Seconds"), format="%.1f"),
        },
        placeholder=numbers.NOTHING,  # else Streamlit says None
        key=f"runs-{len(own)}",
    )
    rows = event.selection.rows
    if rows and own[rows[0]].id != (chosen.id if chosen else None):
        session.open_run(own[rows[0]].id)
        st.rerun()


def alone(runs: Sequence[Run]) -> list[Run]:
    """Those that were not started as one of many."""
    return [run for run in runs if not (run.origin and run.origin.is_one_of_many)]


def _cancel() -> None:
    """Take all of this learner's waiting runs out of the queue; what one has learnt stays."""
    for run in _mine():
        if run.status == "waiting":
            resources.engine().stop(run.id, learner=session.learner())


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """Name, state, epochs, validation accuracy in percent, seconds of each run; NaN where none is known."""
    names = distinct_names(runs)
    nothing = float("nan")
    return pd.DataFrame(
        {
            "name": [in_cell(names[run.id]) for run in runs],
            "status": [status_name(run.status) for run in runs],
            "epochs": [numbers.out_of(run.epochs_done, run.epochs) for run in runs],
            "accuracy": [nothing if run.val_accuracy is None else 100 * run.val_accuracy for run in runs],
            "seconds": [run.seconds if run.step else nothing for run in runs],
        }
    )
