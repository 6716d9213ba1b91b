"""The table of all runs, the chosen ones on one chart, and what may be concluded from it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.run import Run
from core.study.repeats import repeats_of
from dashboard.app_pages.compare import chosen_runs, fairness, key_table, luck, overlay, run_table, view
from dashboard.app_pages.compare.bundles import bundled
from dashboard.frame import page
from dashboard.language import _
from dashboard.runs import starting
from dashboard.runs.live import while_alive


def show() -> None:
    """The table; below it, moving while runs train, the chart and its reading."""
    runs = starting.my_runs()
    if runs:
        run_table.show(runs, chosen_runs.chosen(runs))
    else:
        st.markdown(
            _(
                "No run yet. Set up an experiment in the sidebar and press Train; then change one thing and "
                "train again. Below is what the lab "
                "report this lab grew from published."
            )
        )
    while_alive(
        _draw, runs, starting.my_runs, state=_states, runs=lambda runs: runs, key="side-by-side", at="step"
    )


def _states(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """What decides what the table shows beside figures."""
    return [(run.id, run.status) for run in runs]


def _draw(runs: Sequence[Run]) -> None:
    picked = chosen_runs.chosen(runs)
    has_repeats = any(len(repeats_of(one.run, runs)) > 1 for one in picked)
    wanted = view.choose(has_repeats=has_repeats, has_runs=bool(picked))
    lines = bundled(picked, runs, bands=wanted.bands)
    if runs and not picked:
        page.empty(_("Tick two or more runs in the table to see them side by side."))
    if picked or wanted.published:
        overlay.show(lines, wanted)
        key_table.show(lines, wanted.published)
    fairness.show(lines, runs)
    luck.show(picked, runs)
