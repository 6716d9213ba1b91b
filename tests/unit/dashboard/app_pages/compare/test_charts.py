"""Overlays, bands, grids and the search for a rate, as figures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.runs.published import PUBLISHED
from core.study.guessing import Guessing
from dashboard.app_pages.compare import luck_charts, sweep_charts
from dashboard.app_pages.compare.overlay_charts import PUBLISHED_LINES, Curve, overlay
from dashboard.app_pages.compare.sweep_charts import Cell
from dashboard.look import style


def points(accuracies: Sequence[float], *, per_epoch: int = 4) -> pd.DataFrame:
    """A curve whose validation accuracy after each epoch is given; its loss is 1 - accuracy."""
    count = per_epoch * len(accuracies)
    epoch = np.arange(count + 1) / per_epoch
    at_end = [np.nan] * (count + 1)
    at_end[0] = 0.1
    for place, accuracy in enumerate(accuracies, start=1):
        at_end[per_epoch * place] = accuracy
    val = np.array(at_end)
    within = np.linspace(0.2, 0.8, count + 1)
    within[0] = np.nan
    return pd.DataFrame(
        {
            "step": np.arange(count + 1),
            "epoch": epoch,
            "seconds": 2 * epoch,
            "loss": 1 - within,
            "accuracy": within,
            "epoch_loss": np.nan,
            "epoch_accuracy": np.nan,
            "val_loss": 1 - val,
            "val_accuracy": val,
        }
    )


def curve(*runs: pd.DataFrame, key: str = "a", loss: str = "cross-entropy", place: int = 0) -> Curve:
    return Curve(key, key.upper(), style.RUN_COLORS[place], loss, runs)


def lines(figure: go.Figure, axis: str) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if trace.yaxis == axis and trace.name}


def test_loss_stands_left_accuracy_right_in_the_runs_own_line() -> None:
    figure = overlay([curve(points([0.8, 0.9]))])
    loss, accuracy = lines(figure, "y")["A"], lines(figure, "y2")["A"]
    assert list(loss.x) == [0, 1, 2]
    np.testing.assert_allclose(loss.y, [0.9, 0.2, 0.1])
    np.testing.assert_allclose(accuracy.y, [0.1, 0.8, 0.9])
    assert (
        (loss.line.color, loss.line.dash) == style.RUN_COLORS[0] == (accuracy.line.color, accuracy.line.dash)
    )


def test_each_name_stands_in_the_legend_once() -> None:
    figure = overlay([curve(points([0.8])), curve(points([0.7]), key="b", loss="squared-error")])
    assert sorted(trace.name for trace in figure.data if trace.showlegend) == ["A", "B"]


def test_different_losses_never_share_an_axis_but_accuracy_is_shared() -> None:
    figure = overlay(
        [
            curve(points([0.8])),
            curve(points([0.7]), key="b", loss="squared-error"),
            curve(points([0.6]), key="c"),
        ]
    )
    assert set(lines(figure, "y")) == {"A", "C"}
    assert set(lines(figure, "y2")) == {"B"}
    assert set(lines(figure, "y3")) == {"A", "B", "C"}
    assert [note.text for note in figure.layout.annotations] == [
        "Cross-entropy",
        "Mean squared error",
        "Accuracy",
    ]


def test_several_seeds_are_their_mean_in_a_band_from_lowest_to_highest() -> None:
    figure = overlay([curve(points([0.8, 0.90]), points([0.6, 0.96]), points([0.7, 0.90]))])
    np.testing.assert_allclose(lines(figure, "y2")["A"].y, [0.1, 0.7, 0.92])
    (band,) = [trace for trace in figure.data if trace.fill == "toself" and trace.yaxis == "y2"]
    np.testing.assert_allclose(band.y, [0.1, 0.8, 0.96, 0.90, 0.6, 0.1])
    np.testing.assert_allclose(band.x, [0, 1, 2, 2, 1, 0])


def test_a_band_ends_where_the_shortest_run_ends() -> None:
    figure = overlay([curve(points([0.8, 0.9, 0.95]), points([0.7]))])
    assert list(lines(figure, "y2")["A"].x) == [0, 1]


def test_one_run_has_no_band() -> None:
    assert not [trace for trace in overlay([curve(points([0.8]))]).data if trace.fill]


def test_seconds_are_those_of_the_runs_and_published_figures_have_none() -> None:
    figures = [PUBLISHED["three-layer"].epochs]
    published = Curve("p", "P", PUBLISHED_LINES[0], "cross-entropy", figures, published=True)
    figure = overlay([curve(points([0.8, 0.9])), published], axis="seconds")
    assert set(lines(figure, "y2")) == {"A"}
    assert list(lines(figure, "y2")["A"].x) == [0, 2, 4]
    np.testing.assert_allclose(lines(overlay([published]), "y2")["P"].y[:2], [0.9452, 0.9576])


def test_nothing_is_smoothed_unless_asked_and_then_it_says_so() -> None:
    raw = overlay([curve(points([0.8]))], part="training")
    assert len(lines(raw, "y2")) == len([t for t in raw.data if t.yaxis == "y2"]) == 1
    assert "smoothed" not in str(raw.layout.xaxis.title.text)
    smooth = overlay([curve(points([0.8]))], part="training", smoothing=2)
    measured, drawn = [trace for trace in smooth.data if trace.yaxis == "y2"]
    np.testing.assert_allclose(measured.y, lines(raw, "y2")["A"].y)  # what was measured stays visible
    np.testing.assert_allclose(drawn.y[1:], (measured.y[1:] + measured.y[:-1]) / 2)
    assert smooth.layout.xaxis.title.text == "epochs · smoothed: means of 2 points"


def test_validation_is_never_smoothed() -> None:
    smoothed = overlay([curve(points([0.8, 0.9]))], smoothing=12)
    assert list(lines(smoothed, "y2")["A"].y) == list(
        lines(overlay([curve(points([0.8, 0.9]))]), "y2")["A"].y
    )
    assert "smoothed" not in smoothed.layout.xaxis.title.text


def test_a_logarithmic_axis_is_for_the_loss_only() -> None:
    figure = overlay([curve(points([0.8]))], log=True)
    assert (figure.layout.yaxis.type, figure.layout.yaxis2.type) == ("log", None)


def test_a_close_up_holds_everything_after_the_first_epoch() -> None:
    figure = overlay([curve(points([0.8, 0.9])), curve(points([0.95, 0.97]), key="b")])
    low, high = figure.layout.yaxis2.range
    assert 0.7 < low < 0.8 < 0.97 < high <= 1
    assert overlay([curve(points([0.8]))], close=False).layout.yaxis2.range == (0, 1)


def test_a_close_up_waits_for_something_after_the_first_epoch() -> None:
    assert overlay([curve(points([0.8]))]).layout.yaxis2.range == (0, 1)


def test_guessing_is_drawn_where_the_axes_reach_it() -> None:
    guess = {"cross-entropy": Guessing(2.303, 0.113, 1)}
    wide = overlay([curve(points([0.8]))], close=False, guessing=guess)
    assert [shape.y0 for shape in wide.layout.shapes] == [2.303, 0.113]
    assert not overlay([curve(points([0.8, 0.9]))], guessing=guess).layout.shapes


@pytest.mark.parametrize("runs", [[], [[]], [[points([])]], [[points([0.8]).iloc[:0]]]])
def test_nothing_to_show_gives_empty_titled_panels(runs: list[list[pd.DataFrame]]) -> None:
    figure = overlay([curve(*frames) for frames in runs], part="training")
    assert [note.text for note in figure.layout.annotations] == ["Loss", "Accuracy"]
    assert all(len(trace.x) == 0 for trace in figure.data)


def test_the_report_and_the_runs_have_lines_of_their_own() -> None:
    all_lines = [*style.RUN_COLORS, *PUBLISHED_LINES]
    assert len(set(all_lines)) == len(all_lines) == 10


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
