"""The map of a sweep: a cell for each experiment, and the best of them in words."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.choices.optimizers import OPTIMIZERS
from core.runs.run import Run
from core.study.sweep import Sweep
from dashboard.app_pages.compare import sweep_charts
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.language import _, names, numbers
from dashboard.language.joining import facts, sentences
from dashboard.look import style
from dashboard.runs import wording
from dashboard.runs.figures import figure_after

Place = tuple[int, int]
"""Row and column of a cell."""


def show(sweep: Sweep, shown: Mapping[Place, Cell], key: str, place: Place) -> None:
    """Draw the map; a click chooses its cell."""
    rows, columns = labels(sweep)
    click = live_chart(
        sweep_charts.grid(
            (names.setting(sweep.rows.name), rows),
            (names.setting(sweep.columns.name) if sweep.columns else "", columns),
            shown,
            chosen=place,
        ),
        key=key,
        height=style.rows_height(len(rows), row=52, frame=90),
        alt=_("Validation accuracy for each pair of values"),
        clickable=True,
    )
    if click is not None:
        cell = rows.index(str(click["y"])), columns.index(str(click["x"]))
        clicks.take_click(key, click, cell)


def summary(sweep: Sweep, shown: Mapping[Place, Cell], runs: Mapping[Place, Run | None]) -> None:
    """The best of the cells that came to the same epoch, and what it does not prove."""
    epochs = sweep.base.training.epochs
    whole = {
        place: shown[place] for place, run in runs.items() if run is not None and run.epochs_done >= epochs
    }
    best = best_of(whole)
    if best is None:
        return
    told = _best_told(runs, cell_name(sweep, best), whole[best].accuracy or 0.0, epochs)
    warning = _("Each cell is one run with one seed: repeat close ones before you believe the order.")
    st.markdown(sentences(told, warning))


def _best_told(runs: Mapping[Place, Run | None], cell: str, accuracy: float, epoch: int) -> str:
    """The best so far, the best, or the best of what was trained, where some was not."""
    if any(run is not None and run.unfinished for run in runs.values()):
        told = _(
            "The best so far: **{cell}** with {accuracy:.2%} of the validation images after epoch {epoch}."
        )
    elif any(run is None for run in runs.values()):
        told = _(
            "The best of those trained: **{cell}** with {accuracy:.2%} of the validation images after epoch "
            "{epoch}."
        )
    else:
        told = _("The best: **{cell}** with {accuracy:.2%} of the validation images after epoch {epoch}.")
    return told.format(cell=cell, accuracy=accuracy, epoch=epoch)


def cell_of(run: Run | None, epochs: int) -> Cell:
    """What a run makes of its cell."""
    if run is None:
        return Cell(None, "–")
    if run.status == "diverged":
        return Cell(None, _("diverged"))
    accuracy = figure_after(run, min(epochs, run.epochs_done)) if run.epochs_done else None
    if accuracy is None:
        return Cell(None, wording.status_name(run.status))
    told = numbers.percent(accuracy, 1)
    return Cell(accuracy, told if run.epochs_done >= epochs else _("{so_far} …").format(so_far=told))


def best_of(shown: Mapping[Place, Cell]) -> Place | None:
    """The most accurate cell; None before one is measured."""
    measured = {place: cell.accuracy for place, cell in shown.items() if cell.accuracy is not None}
    return max(measured, key=lambda place: measured[place]) if measured else None


def cell_name(sweep: Sweep, place: Place) -> str:
    """A cell by its values: "300-100 · tanh"."""
    rows, columns = labels(sweep)
    return rows[place[0]] if sweep.columns is None else facts([rows[place[0]], columns[place[1]]])


def labels(sweep: Sweep) -> tuple[list[str], list[str]]:
    """The values of the rows and of the columns, as a person reads them."""
    rows, *columns = ([_value_name(sweep, axis.name, value) for value in axis.values] for axis in sweep.axes)
    return rows, columns[0] if columns else [_("validation accuracy")]


def _value_name(sweep: Sweep, name: str, value: object) -> str:
    """A value, and with an optimiser the rate that it brings."""
    told = names.value(name, value)
    if sweep.usual_rates and name == "optimizer":
        return _("{optimizer} at {rate:g}").format(optimizer=told, rate=OPTIMIZERS[str(value)].usual_rate)
    return told
