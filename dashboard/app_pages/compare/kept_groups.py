"""Sweeps, searches and repeats, each folded into one button that puts all its runs on the chart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.run import Run
from dashboard.language import _
from dashboard.runs import chosen_runs
from dashboard.runs.groups import groups


def show(runs: Sequence[Run]) -> None:
    """A button for each group of this learner's, the newest first."""
    found = groups([run for run in runs if run.step])
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Overlay all of"))
        for group in found:
            st.button(
                group.told,
                icon=":material/stacked_line_chart:",
                on_click=chosen_runs.overlay,
                args=([run.id for run in reversed(group.runs)],),
                key=f"overlay-{group.origin}",
            )
