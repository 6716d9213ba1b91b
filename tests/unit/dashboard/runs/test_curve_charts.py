"""The live curve: written down for speed, held against plotly's own check of every property."""

from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.runs.published import PUBLISHED
from core.study.guessing import Guessing
from dashboard.look.thinning import MOST_POINTS
from dashboard.runs.curve_charts import progress

GUESSING = Guessing(2.3026, 0.1135, 1)
COLUMNS = ["step", "epoch", "seconds", "loss", "accuracy", "epoch_loss", "epoch_accuracy"]
COLUMNS += ["val_loss", "val_accuracy"]


def points(epochs: int, within: int = 3) -> pd.DataFrame:
    """The start, then in every epoch some points within it and one at its end."""
    rows: list[list[float | None]] = [[0, 0.0, 0.1, None, None, None, None, 2.6, 0.1]]
    for index in range(1, epochs * within + 1):
        ends = [0.4, 0.9, 0.5 / index, 0.8] if index % within == 0 else [None] * 4
        rows.append([index, index / within, 2.0 * index, 1 / index, 0.7, *ends])
    return pd.DataFrame(rows, columns=COLUMNS, dtype=float)


def traces(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["name"] == name]


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize("axis", ["epoch", "seconds"])
@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_plotly_knows_every_property(epochs: int, axis: Literal["epoch", "seconds"], close: bool) -> None:
    figure = progress(
        points(epochs), guessing=GUESSING, axis=axis, close=close, published=PUBLISHED["three-layer"].epochs
    )
    checked = go.Figure(figure)  # raises for a property or value that plotly does not know
    assert [annotation.text for annotation in checked.layout.annotations] == ["Loss", "Accuracy"]


def test_nothing_recorded_still_has_axes_and_guess_lines() -> None:
    figure = progress(points(0).iloc[:0], guessing=GUESSING, length=7.0)
    assert figure["layout"]["xaxis"]["range"] == figure["layout"]["xaxis2"]["range"] == [0, 7.0]
    assert figure["layout"]["yaxis"]["range"][1] > GUESSING.loss
    loss, accuracy = traces(figure, "guessing")
    assert loss["y"].tolist() == [2.3026, 2.3026]
    assert accuracy["y"].tolist() == [0.1135, 0.1135]


def test_lines_hold_what_was_measured_and_nothing_else() -> None:
    recorded = points(2)
    figure = progress(recorded, guessing=GUESSING)
    loss, accuracy = traces(figure, "validation")
    assert loss["x"].tolist() == accuracy["x"].tolist() == [0, 1, 2]
    assert loss["y"].tolist() == recorded["val_loss"].dropna().tolist()
    assert traces(figure, "training, now")[0]["x"].tolist() == recorded["epoch"][1:].tolist()
    assert traces(figure, "training, epoch mean")[0]["y"].tolist() == [0.4, 0.4]
    assert accuracy["yaxis"] == "y2"
    assert not any(np.isnan(trace["y"]).any() for trace in figure["data"])


def test_a_close_up_leaves_out_the_first_epoch() -> None:
    figure = progress(points(3), guessing=GUESSING, close=True)
    assert figure["layout"]["yaxis"]["range"][1] == pytest.approx(1.1 * 0.4)
    assert figure["layout"]["yaxis2"]["range"] == pytest.approx([1 - 1.1 * 0.2, 1])


def test_a_long_run_is_thinned_and_keeps_its_newest_point() -> None:
    recorded = points(400)
    line = traces(progress(recorded, guessing=GUESSING), "training, now")[0]
    assert len(line["x"]) <= MOST_POINTS
    assert line["x"][-1] == 400


def test_published_curves_belong_to_epochs_only() -> None:
    published = PUBLISHED["three-layer"].epochs
    by_epoch = progress(points(1), guessing=GUESSING, published=published)
    by_seconds = progress(points(1), guessing=GUESSING, published=published, axis="seconds")
    assert traces(by_epoch, "published validation")[0]["y"].tolist() == published["val_loss"].tolist()
    assert not traces(by_seconds, "published validation")


def test_one_figure_does_not_change_the_next() -> None:
    first = progress(points(1), guessing=GUESSING, length=5)
    first["layout"]["xaxis"]["range"][1] = 99
    assert progress(points(1), guessing=GUESSING, length=5)["layout"]["xaxis"]["range"] == [0, 5]
