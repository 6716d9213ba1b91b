"""Sweeps: one or two settings at several values, as a map that fills while the runs are trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run
from core.study.comparison import find_run
from core.study.sweep import Sweep
from dashboard.app_pages.compare import charts, chosen_runs
from dashboard.app_pages.compare.kept_sweeps import kept, missing, my_runs, start
from dashboard.app_pages.compare.overlay import figure_after
from dashboard.app_pages.compare.sweep_form import sweep_form
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, pages, session
from dashboard.frame.fragments import fragment
from dashboard.language import _, names, numbers
from dashboard.language.joining import crossed, facts, sentences
from dashboard.runs import wording


def show() -> None:
    """Set up a sweep; below, the one that was started last or another one."""
    try:
        sweep_form()
        sweeps = kept()
        if sweeps:
            st.divider()
            _result(_choose(sweeps))
    except LabError as error:
        page.problem(error)


def _choose(sweeps: Sequence[Sweep]) -> Sweep:
    if len(sweeps) == 1:
        return sweeps[0]
    place = st.selectbox(
        _("Your sweeps"),
        range(len(sweeps)),
        format_func=lambda place: title(sweeps[place]),
        key=f"sweep-chosen-{Origin.of('sweep', sweeps[0].base).id}-{len(sweeps)}",
    )
    return sweeps[place]


def title(sweep: Sweep) -> str:
    """What a sweep is about, in a line."""
    axes = [axis for axis in (sweep.rows, sweep.columns) if axis is not None]
    swept = [names.setting(axis.name) for axis in axes]
    budget = _("runs: {cells} · epochs: {epochs} · images: {images:,}").format(
        cells=len(sweep.cells()[0]),
        epochs=sweep.base.training.epochs,
        images=sweep.base.data.train,
    )
    return facts([crossed(swept), budget])


def _result(sweep: Sweep) -> None:
    cells, _refused = sweep.cells()
    runs = my_runs()
    alive = any((run := find_run(cell, runs)) is not None and run.unfinished for cell in cells.values())
    fragment(_live, run_every=1.0 if alive else None)(sweep, alive)


def _live(sweep: Sweep, was_alive: bool) -> None:
    """The map, the cell that was chosen, and what is still missing."""
    try:
        cells, _refused = sweep.cells()
        mine = my_runs()
        runs = {place: find_run(cell, mine) for place, cell in cells.items()}
        shown = {place: cell_of(run, sweep.base.training.epochs) for place, run in runs.items()}
        key = f"sweep-{Origin.of('sweep', *cells.values()).id}"
        top, bottom = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
        with bottom:
            place = _choose_cell(sweep, shown, key)
            _opener(sweep, runs, place)
        with top:
            _map(sweep, shown, key, place)
            _summary(sweep, shown)
    except LabError as error:
        page.problem(error)
        return
    if was_alive != any(run is not None and run.unfinished for run in runs.values()):
        st.rerun()


def cell_of(run: Run | None, epochs: int) -> charts.Cell:
    """What a run makes of its cell."""
    if run is None:
        return charts.Cell(None, "–")
    if run.status == "diverged":
        return charts.Cell(None, _("diverged"))
    accuracy = figure_after(run, min(epochs, run.epochs_done)) if run.epochs_done else None
    if accuracy is None:
        return charts.Cell(None, wording.status_name(run.status))
    told = numbers.percent(accuracy, 1)
    return charts.Cell(accuracy, told if run.epochs_done >= epochs else _("{so_far} …").format(so_far=told))


def _best(shown: Mapping[tuple[int, int], charts.Cell]) -> tuple[int, int] | None:
    measured = {place: cell.accuracy for place, cell in shown.items() if cell.accuracy is not None}
    return max(measured, key=lambda place: measured[place]) if measured else None


def _choose_cell(sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell], key: str) -> tuple[int, int]:
    """The cell to look at: clicked or chosen here, and until then the best one so far."""
    fixed = clicks.chosen(key, None)
    at = fixed if fixed in shown else _best(shown) or next(iter(shown))
    place = st.selectbox(
        _("Cell"),
        list(shown),
        index=list(shown).index(at),
        width=280,
        key=f"{clicks.widget_key(key)}-{at}",  # another default is another widget
        format_func=lambda cell: _cell_name(sweep, cell),
    )
    if place != at:
        clicks.choose(key, place)
    return place


def _labels(sweep: Sweep) -> tuple[list[str], list[str]]:
    rows = [names.value(sweep.rows.name, value) for value in sweep.rows.values]
    if sweep.columns is None:
        return rows, [_("validation accuracy")]
    return rows, [names.value(sweep.columns.name, value) for value in sweep.columns.values]


def _map(
    sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell], key: str, place: tuple[int, int]
) -> None:
    rows, columns = _labels(sweep)
    click = live_chart(
        charts.grid(
            (names.setting(sweep.rows.name), rows),
            (names.setting(sweep.columns.name) if sweep.columns else "", columns),
            shown,
            chosen=place,
        ),
        key=key,
        height=90 + 52 * len(rows),
        alt=_("Validation accuracy for each pair of values"),
        clickable=True,
    )
    if click is not None:
        clicks.take_click(key, click, (rows.index(str(click["y"])), columns.index(str(click["x"]))))


def _summary(sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell]) -> None:
    best = _best(shown)
    if best is None:
        return
    told = _("Best so far: **{cell}** with {accuracy:.2%} of the validation images.").format(
        cell=_cell_name(sweep, best), accuracy=shown[best].accuracy
    )
    caution = _("Each cell is one run with one seed: repeat close ones before you believe the order.")
    st.markdown(sentences(told, caution))


def _cell_name(sweep: Sweep, place: tuple[int, int]) -> str:
    rows, columns = _labels(sweep)
    return rows[place[0]] if sweep.columns is None else facts([rows[place[0]], columns[place[1]]])


def _opener(sweep: Sweep, runs: Mapping[tuple[int, int], Run | None], place: tuple[int, int]) -> None:
    """Open the run of a cell, put it on the chart; train what is missing."""
    run = runs[place]
    if st.button(_("Open the run"), icon=":material/open_in_new:", disabled=run is None, key="sweep-open"):
        session.open_run(run.id if run else None)
        st.switch_page(pages.file("train"))
    if st.button(
        _("Put it side by side"), icon=":material/add_chart:", disabled=run is None, key="sweep-add"
    ):
        chosen_runs.add(my_runs(), [run.id] if run else [])
        st.toast(_("It is on the chart under “Side by side”."))
    new = missing(sweep, [run for run in runs.values() if run is not None])
    if new and st.button(
        _("Train what is missing ({count})").format(count=len(new)),
        icon=":material/play_arrow:",
        key="sweep-rest",
        disabled=len(new) > chosen_runs.room(),
    ):
        start(sweep, new)
