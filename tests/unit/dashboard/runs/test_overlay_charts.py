"""Runs over one another, as Plotly's own data: panels, bands, axes, and what the browser is to fill in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.runs.published import PUBLISHED
from core.study.guessing import Guessing
from dashboard.look import style
from dashboard.runs import overlay_charts
from dashboard.runs.overlay_charts import PUBLISHED_LINES, Curve, Look


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


def overlay(
    curves: Sequence[Curve], *, guessing: dict[str, Guessing] | None = None, **look: Any
) -> go.Figure:
    """The figure, checked by Plotly: what is written down as its own data has to be such."""
    return go.Figure(overlay_charts.overlay(curves, Look(**look), guessing=guessing))


def lines(figure: go.Figure, axis: str) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data if (trace.yaxis or "y") == axis and trace.name}


def test_loss_stands_left_accuracy_right_in_the_runs_own_line() -> None:
    figure = overlay([curve(points([0.8, 0.9]))])
    loss, accuracy = lines(figure, "y")["A"], lines(figure, "y2")["A"]
    assert list(loss.x) == [0, 1, 2]
    np.testing.assert_allclose(loss.y, [0.9, 0.2, 0.1])
    np.testing.assert_allclose(accuracy.y, [0.1, 0.8, 0.9])
    assert (
        (loss.line.color, loss.line.dash) == style.RUN_COLORS[0] == (accuracy.line.color, accuracy.line.dash)
    )


def test_each_line_has_its_name_for_its_end_and_there_is_no_legend() -> None:
    figure = overlay([curve(points([0.8])), curve(points([0.7]), key="b", loss="squared-error")])
    assert sorted({trace.meta["label"] for trace in figure.data}) == ["A", "B"]
    assert not figure.layout.showlegend
    assert not any(trace.showlegend for trace in figure.data)


def test_a_name_is_shown_as_it_is_and_is_no_markup() -> None:
    foreign = Curve("a", "<b>1 & %{x}</b>", style.RUN_COLORS[0], "cross-entropy", [points([0.8])])
    (trace,) = [trace for trace in overlay([foreign]).data if trace.yaxis == "y2"]
    assert trace.meta["label"] == "<b>1 & %{x}</b>"  # escaped by the browser, which may have to cut it
    assert not {"<", "{"} & set(trace.name)


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
    assert figure.layout.meta["panels"] == ["Cross-entropy", "Mean squared error", "Accuracy"]


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
    assert figure.layout.meta["panels"] == ["Loss", "Accuracy"]
    assert all(len(trace.x) == 0 for trace in figure.data)


def test_what_still_trains_is_left_to_the_browser_and_the_rest_is_there() -> None:
    moving = Curve("m", "M", style.RUN_COLORS[1], "cross-entropy", [points([0.8])], moving=["m"])
    seeds = Curve("s", "S", style.RUN_COLORS[2], "cross-entropy", [points([0.8])] * 2, moving=["s", "t"])
    figure = overlay([curve(points([0.8, 0.9])), moving, seeds])
    upper = lines(figure, "y2")
    assert list(upper["A"].x) == [0, 1, 2]
    assert not upper["M"].x
    assert upper["M"].meta["live"] == {
        "how": "line",
        "runs": ["m"],
        "x": "epoch",
        "y": "val_accuracy",
        "where": "val_accuracy",
    }
    assert upper["S"].meta["live"] == {"how": "mean", "runs": ["s", "t"], "x": "epoch", "y": "val_accuracy"}
    assert upper["S"].meta["label"] == "S"
    (band,) = [trace for trace in figure.data if trace.fill and trace.yaxis == "y2"]
    assert band.meta["live"]["how"] == "band"
    assert [rule["axis"] for rule in figure.layout.meta["live"]] == ["yaxis", "yaxis2"]
    accuracy = figure.layout.meta["live"][1]
    assert accuracy["worst"] == pytest.approx(0.8)
    assert accuracy["runs"] == ["m", "s", "t"]
    smoothed = overlay([moving], part="training", smoothing=6)
    measured, drawn = [trace for trace in smoothed.data if trace.yaxis == "y2"]
    assert (measured.meta["live"].get("smoothing"), drawn.meta["live"]["smoothing"]) == (None, 6)


def test_what_has_ended_asks_the_browser_for_nothing() -> None:
    figure = overlay([curve(points([0.8, 0.9]), points([0.7, 0.9]))])
    assert not figure.layout.meta["live"]
    assert not any("live" in (trace.meta or {}) for trace in figure.data)


def test_the_chart_is_as_high_as_its_names_need() -> None:
    assert overlay_charts.height_of(2) == overlay_charts.height_of(8) == 430
    assert overlay_charts.height_of(32) > 32 * overlay_charts.LABEL


def test_the_report_and_the_runs_have_lines_of_their_own() -> None:
    all_lines = [*style.RUN_COLORS, *PUBLISHED_LINES]
    assert len(set(all_lines)) == len(all_lines) == 10
