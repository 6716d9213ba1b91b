"""The map of a sweep: a cell for each experiment, and the best of them in words."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.runs.run import Run
from core.study.sweep import Sweep
from dashboard.app_pages.compare import sweep_charts
from dashboard.app_pages.compare.figures import figure_after
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.language import _, names
from dashboard.look import style
from dashboard.runs import wording

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
        clicks.take_click(key, click, (rows.index(str(click["y"])), columns.index(str(click["x"]))))


def summary(sweep: Sweep, shown: Mapping[Place, Cell]) -> None:
    """The best cell so far, as far as one is measured."""
    best = best_of(shown)
    if best is None:
        return
    told = _("Best so far: **{cell}** with {accuracy:.2%} of the validation images.").format(
        cell=cell_name(sweep, best), accuracy=shown[best].accuracy
    )
    st.markdown(
        told + " " + _("Each cell is one run with one seed: repeat close ones before you believe the order.")
    )


def cell_of(run: Run | None, epochs: int) -> Cell:
    """What a run makes of its cell."""
    if run is None:
        return Cell(None, "–")
    if run.status == "diverged":
        return Cell(None, _("diverged"))
    accuracy = figure_after(run, min(epochs, run.epochs_done)) if run.epochs_done else None
    if accuracy is None:
        return Cell(None, wording.status_name(run.status))
    text = f"{accuracy:.1%}" + (" …" if run.epochs_done < epochs else "")
    return Cell(accuracy, text)


def best_of(shown: Mapping[Place, Cell]) -> Place | None:
    """The most accurate cell; None before one is measured."""
    measured = {place: cell.accuracy for place, cell in shown.items() if cell.accuracy is not None}
    return max(measured, key=lambda place: measured[place]) if measured else None


def cell_name(sweep: Sweep, place: Place) -> str:
    """A cell by its values: "300-100 · tanh"."""
    rows, columns = labels(sweep)
    return rows[place[0]] if sweep.columns is None else f"{rows[place[0]]} · {columns[place[1]]}"


def labels(sweep: Sweep) -> tuple[list[str], list[str]]:
    """The values of the rows and of the columns, as a person reads them."""
    rows = [names.value(sweep.rows.name, value) for value in sweep.rows.values]
    if sweep.columns is None:
        return rows, [_("validation accuracy")]
    return rows, [names.value(sweep.columns.name, value) for value in sweep.columns.values]
