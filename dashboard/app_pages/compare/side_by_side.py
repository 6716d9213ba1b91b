"""The table of all runs, the chosen ones on one chart, and what may be concluded from it."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.run import Run
from core.study.comparison import ONE_BY_ONE
from core.study.repeats import repeats_of
from dashboard.app_pages.compare import (
    fairness,
    kept_groups,
    key_table,
    luck,
    mattered,
    overlay,
    run_table,
    view,
)
from dashboard.app_pages.compare.bundles import bundled
from dashboard.app_pages.compare.figures import common_epochs
from dashboard.frame import page
from dashboard.language import _
from dashboard.runs import chosen_runs, starting
from dashboard.runs.live import while_alive


def show() -> None:
    """The chart and its reading, moving while runs train; below them the table of all runs."""
    runs = starting.my_runs()
    while_alive(_draw, runs, starting.my_runs, state=_states, runs=lambda runs: runs, key="side-by-side")
    if runs:
        kept_groups.show(runs)
        run_table.show(runs, chosen_runs.chosen(runs))


def _states(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """What decides what the table shows beside figures."""
    return [(run.id, run.status) for run in runs]


def _draw(runs: Sequence[Run]) -> None:
    picked = chosen_runs.chosen(runs)
    has_repeats = any(len(repeats_of(run, runs)) > 1 for run in picked)
    wanted = view.choose(has_repeats=has_repeats, has_runs=bool(picked))
    lines = bundled(picked, runs, bands=wanted.bands)
    if not runs:
        page.empty(
            _(
                "No run yet. Set up an experiment in the sidebar and press Train; then change one thing and "
                "train again. Below is what the lab "
                "report this lab grew from published."
            )
        )
    elif not picked:
        page.empty(_("Tick two or more runs in the table to see them side by side."))
    if picked or wanted.published:
        overlay.show(lines, wanted)
        key_table.show(lines, wanted.published)
    if len(lines) <= ONE_BY_ONE:
        fairness.show(lines, runs)
        luck.show(picked, runs)
    mattered.show([run for line in lines for run in line.runs], common_epochs(lines), key="compare")
