"""The fold with what the network on the screen misreads."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from dashboard.frame.folds import folded
from dashboard.language import _
from dashboard.reading.mistakes import mistakes
from dashboard.reading.readers import reader_of
from dashboard.runs import weights_words


def show(run: Run) -> None:
    """The validation digits that the weights it has now misread; read only when the fold is open."""
    if not run.has_weights or run.normalization is None or run.status == "diverged":
        return
    folded(
        _("See its mistakes"),
        lambda: _content(run),
        icon=":material/grid_view:",
        key="mistakes-fold",
    )


def _content(run: Run) -> None:
    if about := weights_words.label(run):
        st.caption(about)
    mistakes(reader_of(run))
