"""The fold with what the network on the screen misreads."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from dashboard.frame import session
from dashboard.language import _
from dashboard.reading.mistakes import mistakes
from dashboard.reading.readers import reader_of


def show(run: Run) -> None:
    """The validation digits that the weights it has now misread; read only when the fold is open."""
    if not run.has_weights or run.normalization is None or run.status == "diverged":
        return
    session.restore("mistakes-fold")
    fold = st.expander(
        _("See its mistakes"), icon=":material/grid_view:", key="mistakes-fold", on_change="rerun"
    )
    if fold.open:
        with fold:
            mistakes(reader_of(run))
