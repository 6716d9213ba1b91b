"""Overlays, bands, grids and the search for a rate, as figures."""

import numpy as np
import pytest

from dashboard.app_pages.compare import luck_charts, sweep_charts
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.look import style

# Bands


def test_every_seed_is_a_dot_and_the_bar_reaches_from_the_worst_to_the_best() -> None:
    figure = luck_charts.spreads([("one", style.RUN_COLORS[0], [0.91, 0.95, 0.93])])
    bar, dots, mean = figure.data
    assert list(bar.x) == [0.91, 0.95]
    assert list(dots.x) == [0.91, 0.95, 0.93]
    assert mean.x[0] == pytest.approx(0.93)


# Grids


def test_the_darkest_cell_is_the_best_one_and_every_cell_says_what_it_holds() -> None:
    cells = {
        (0, 0): Cell(0.113, "11.3%"),
        (0, 1): Cell(0.97, "97.0%"),
        (1, 0): Cell(0.98, "98.0%"),
        (1, 1): Cell(None, "waiting"),
    }
    figure = sweep_charts.grid(("rate", ["0.1", "1"]), ("depth", ["1", "20"]), cells, chosen=(1, 0))
    (heat,) = figure.data
    merit = np.array(heat.z)
    assert merit.argmax() == 2
    assert heat.zmax == pytest.approx(merit.max())
    assert merit[1, 1] == 0  # nothing measured is not coloured as a result
    # 97 and 98 % stay apart although one cell learnt nothing
    assert (merit[1, 0] - merit[0, 1]) / merit.max() > 0.1
    assert {note.text: (note.y, note.x) for note in figure.layout.annotations} == {
        cell.text: place for place, cell in cells.items()
    }
    (frame,) = figure.layout.shapes
    assert (frame.y0, frame.y1, frame.x0, frame.x1) == (0.5, 1.5, -0.5, 0.5)


@pytest.mark.parametrize("accuracy", [1.0, 0.0, None])
def test_extreme_cells_have_a_colour(accuracy: float | None) -> None:
    (heat,) = sweep_charts.grid(("a", ["1"]), ("b", ["2"]), {(0, 0): Cell(accuracy, "x")}).data
    assert np.isfinite(heat.z).all()
    assert heat.zmin < heat.zmax


# The search for a rate


def test_rates_stand_on_a_logarithmic_axis_and_diverged_ones_are_marked() -> None:
    figure = sweep_charts.rates(
        {0.1: 0.4, 0.001: 2.2, 1.0: 50.0}, [3.0], span=(0.0001, 3.0), guessing=2.3, chosen=0.1
    )
    loss, diverged = figure.data
    assert figure.layout.xaxis.type == "log"
    assert list(loss.x) == [0.001, 0.1, 1.0]
    assert max(loss.y) == max(diverged.y) < figure.layout.yaxis.range[1]  # far too large is still in sight
    assert list(loss.customdata) == [2.2, 0.4, 50.0]  # and tells its true value
    assert list(diverged.x) == [3.0]
    assert {shape.x0 for shape in figure.layout.shapes if shape.xref == "x"} == {0.1}


def test_a_search_that_has_no_result_yet_is_an_empty_chart() -> None:
    figure = sweep_charts.rates({}, [], span=(0.0001, 3.0), guessing=2.3)
    assert figure.layout.xaxis.title.text == "Learning rate"
    assert all(len(trace.x) == 0 for trace in figure.data)
