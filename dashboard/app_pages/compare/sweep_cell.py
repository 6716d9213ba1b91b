"""One cell of a sweep: choosing it, opening its run, training what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.run import Run
from core.study.sweep import Sweep, missing
from dashboard.app_pages.compare.kept_sweeps import start
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.app_pages.compare.sweep_map import Place, best_of, cell_name
from dashboard.browser import clicks
from dashboard.frame import pages, session
from dashboard.language import _
from dashboard.runs import chosen_runs, starting, swatches


def choose(sweep: Sweep, shown: Mapping[Place, Cell], key: str) -> Place:
    """The cell to look at: clicked or chosen here, and until then the best one so far."""
    default = best_of(shown) or next(iter(shown))
    fixed = clicks.current(key, default)
    at = fixed if fixed in shown else default
    place = st.selectbox(
        _("Cell"),
        list(shown),
        index=list(shown).index(at),
        width=280,
        key=clicks.widget_key(key, default),
        format_func=lambda cell: cell_name(sweep, cell),
    )
    clicks.choose(key, place, shown=at)
    return place


def open_or_train(sweep: Sweep, found: Mapping[Place, Run | None], place: Place, runs: Sequence[Run]) -> None:
    """Open the run of a cell, put it on the chart; train what is missing.

    Args:
        found: the run of each cell, as far as there is one.
        runs: all runs of this learner.
    """
    run = found[place]
    if st.button(_("Open the run"), icon=":material/open_in_new:", disabled=run is None, key="sweep-open"):
        session.open_run(run.id if run else None)
        st.switch_page(pages.file("train"))
    if st.button(
        _("Put it side by side"), icon=":material/add_chart:", disabled=run is None, key="sweep-add"
    ):
        _put_on_the_chart(run, runs)
    new = missing(sweep, runs)
    if new and st.button(
        _("Train what is missing ({count})").format(count=len(new)),
        icon=":material/play_arrow:",
        key="sweep-rest",
        disabled=len(new) > starting.room(runs),
    ):
        start(sweep, new)


def name(run: Run | None) -> None:
    """The line and the name that the cell's run has everywhere."""
    swatches.show([run] if run else [])


def overlay_all(runs: Sequence[Run]) -> None:
    """All runs of the sweep over one another, by one click."""
    different = list(dict.fromkeys(run.id for run in runs if run.step))
    if st.button(
        _("Overlay all ({count})").format(count=len(different)),
        icon=":material/stacked_line_chart:",
        disabled=not different,
        on_click=_overlay,
        args=(different,),
        key="sweep-overlay",
    ):
        st.rerun()


def _overlay(run_ids: Sequence[str]) -> None:
    chosen_runs.overlay(run_ids)
    session.open_tab("compare-tab", _("Side by side"))


def _put_on_the_chart(run: Run | None, runs: Sequence[Run]) -> None:
    left_out = chosen_runs.add(runs, [run.id] if run else [])
    chosen_runs.say_left_out(left_out)
    if not left_out:
        st.toast(_("It is on the chart under “Side by side”."))
