"""This browser's runs in a table; a click opens one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs.run import Run
from dashboard.frame import session
from dashboard.language import _, numbers
from dashboard.language.foreign import in_cell
from dashboard.language.run_names import run_name
from dashboard.runs.wording import status_name


def show(runs: Sequence[Run], *, chosen: Run | None) -> None:
    """List the runs, newest first. Choosing a row opens that run."""
    if len(runs) < 2 and (not runs or runs[0] == chosen):
        return
    st.divider()
    st.header(_("Your runs"), anchor=False)
    event = st.dataframe(
        table(runs),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "accuracy": st.column_config.NumberColumn(_("Validation accuracy"), format="percent"),
            "name": st.column_config.TextColumn(_("Run"), width="large"),
            "status": _("State"),
            "epochs": _("Epochs"),
            "seconds": st.column_config.NumberColumn(_("Seconds"), format="%.1f"),
        },
        key=f"runs-{len(runs)}",
    )
    rows = event.selection.rows
    if rows and runs[rows[0]].id != (chosen.id if chosen else None):
        session.open_run(runs[rows[0]].id)
        st.rerun()


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """Name, state, epochs, validation accuracy and seconds of each run."""
    return pd.DataFrame(
        {
            "name": [in_cell(run_name(run)) for run in runs],
            "status": [status_name(run.status) for run in runs],
            "epochs": [numbers.out_of(run.epochs_done, run.epochs) for run in runs],
            "accuracy": [run.val_accuracy for run in runs],
            "seconds": [run.seconds for run in runs],
        }
    )
