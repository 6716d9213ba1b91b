"""Sweeps: set one up; below it the one that was started last, or another one, as a map that fills."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.study.comparison import find_run
from core.study.sweep import Sweep
from dashboard.app_pages.compare import kept_sweeps, mattered, sweep_cell, sweep_map
from dashboard.app_pages.compare.sweep_form import sweep_form
from dashboard.language import _, names, ngettext
from dashboard.language.joining import crossed, facts
from dashboard.runs import starting
from dashboard.runs.live import while_alive


def show() -> None:
    """The form, the choice among one's sweeps, and the chosen one."""
    runs = starting.my_runs()
    sweep_form(runs)
    sweeps, unreadable = kept_sweeps.kept()
    if sweeps or unreadable:
        st.divider()
    if unreadable:
        told = ngettext(
            "{count} earlier sweep can no longer be read and is left out; its runs are safe.",
            "{count} earlier sweeps can no longer be read and are left out; their runs are safe.",
            unreadable,
        )
        st.caption(told)
    if sweeps:
        _result(_choose(sweeps), runs)


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
    budget = _("runs: {cells} · epochs: {epochs} · images: {images:,}").format(
        cells=len(sweep.cells()[0]),
        epochs=sweep.base.training.epochs,
        images=sweep.base.data.train,
    )
    return facts([crossed(names.setting(axis.name) for axis in sweep.axes), budget])


def _result(sweep: Sweep, runs: list[Run]) -> None:
    """The map and the cell that is looked at; both move while a cell is trained."""

    def answers(runs: list[Run]) -> list[Run]:
        cells, _refused = sweep.cells()
        found = (find_run(cell, runs) for cell in cells.values())
        return [run for run in found if run is not None]

    while_alive(
        lambda runs: _draw(sweep, runs),
        runs,
        starting.my_runs,
        state=lambda runs: any(run.unfinished for run in answers(runs)),
        runs=answers,
        key="sweep",
        at="epoch",
    )


def _draw(sweep: Sweep, runs: Sequence[Run]) -> None:
    cells, _refused = sweep.cells()
    found = {place: find_run(cell, runs) for place, cell in cells.items()}
    shown = {place: sweep_map.cell_of(run, sweep.base.training.epochs) for place, run in found.items()}
    key = f"sweep-{Origin.of('sweep', *cells.values()).id}"
    top, bottom = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    with bottom:
        place = sweep_cell.choose(sweep, shown, key)
        sweep_cell.open_or_train(sweep, found, place, runs)
        sweep_cell.overlay_all([run for run in found.values() if run is not None])
    with top:
        sweep_map.show(sweep, shown, key, place)
        sweep_map.summary(sweep, shown, found)
    sweep_cell.name(found[place])
    answers = [run for run in found.values() if run is not None]
    mattered.show(answers, sweep.base.training.epochs, key="sweep")
