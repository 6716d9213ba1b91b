"""Compare: this browser's runs side by side, fairly; sweeps; and the search for a learning rate."""

from collections.abc import Sequence

import streamlit as st

from core.errors import LabError
from core.runs.run import Run
from dashboard.app_pages.compare import (
    chosen_runs,
    fairness,
    luck,
    overlay,
    rate_search,
    run_table,
    sweep_map,
)
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _


def my_runs() -> list[Run]:
    """All runs of this browser, the hidden ones too, newest first."""
    return resources.store().runs.of(session.learner(), hidden=True)


def side_by_side() -> None:
    """The table of all runs, and the chosen ones on one chart."""
    runs = my_runs()
    if runs:
        run_table.show(runs, chosen_runs.chosen(runs))
    else:
        page.empty(
            _(
                "No run yet. Set up an experiment in the sidebar and press Train; then change one thing and "
                "train again. Below is what the report published."
            )
        )
    alive = any(run.unfinished for run in runs)
    fragment(live, run_every=1.0 if alive else None)(states(runs))


def states(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """What decides what the table shows beside figures."""
    return [(run.id, run.status) for run in runs]


def live(drawn: list[tuple[str, str]]) -> None:
    """The chart and what may be concluded from it; moves while runs train."""
    try:
        runs = my_runs()
        picked = chosen_runs.chosen(runs)
        has_repeats = any(len(chosen_runs.repeats_of(one.run, runs)) > 1 for one in picked)
        view = overlay.controls(has_repeats=has_repeats, has_runs=bool(picked))
        bundles = chosen_runs.bundles(picked, runs, bands=view.bands)
        if runs and not picked:
            page.empty(_("Tick two or more runs in the table to see them side by side."))
        if picked or view.published:
            overlay.chart(bundles, view)
            overlay.key_table(bundles, view.published)
        fairness.show(bundles, runs)
        luck.show(picked, runs)
    except LabError as error:
        page.problem(error)
        return
    if states(runs) != drawn:
        st.rerun()


page.header(
    _("Compare"), _("Change one thing at a time, put the runs side by side, and ask whether it was luck.")
)
tabs(
    "compare-tab",
    {
        _("Side by side"): side_by_side,
        _("Sweep"): sweep_map.show,
        _("Find a learning rate"): rate_search.show,
    },
)
