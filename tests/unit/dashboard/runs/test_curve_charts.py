"""The live curve: written down for speed, held against plotly's own check of every property."""

from typing import Any, Literal

import plotly.graph_objects as go
import pytest

from core.runs.progress import Point
from core.runs.published import PUBLISHED
from core.runs.run import Run
from core.study.guessing import Guessing
from dashboard.runs.curve_charts import progress

GUESSING = Guessing(2.3026, 0.1135, 1)


def traces(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["name"] == name]


def rules(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """How the browser is to fill traces and axes."""
    filled = [trace["meta"]["live"] for trace in figure["data"] if "meta" in trace]
    return [*filled, *figure["layout"]["meta"]["live"]]


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize("axis", ["epoch", "seconds"])
def test_plotly_knows_every_property(a_run: Run, axis: Literal["epoch", "seconds"], close: bool) -> None:
    figure = progress(
        a_run, guessing=GUESSING, axis=axis, close=close, published=PUBLISHED["three-layer"].epochs
    )
    checked = go.Figure(figure)  # raises for a property or value that plotly does not know
    assert [annotation.text for annotation in checked.layout.annotations] == ["Loss", "Accuracy"]


def test_nothing_recorded_still_has_axes_and_guess_lines(a_run: Run) -> None:
    figure = progress(a_run, guessing=GUESSING)
    assert figure["layout"]["xaxis"]["range"] == figure["layout"]["xaxis2"]["range"] == [0, 4.0]
    assert figure["layout"]["yaxis"]["range"][1] > GUESSING.loss
    loss, accuracy = traces(figure, "guessing")
    assert (loss["x"], loss["y"]) == ([0, 4.0], [2.3026, 2.3026])
    assert accuracy["y"] == [0.1135, 0.1135]


def test_the_figure_holds_no_points_and_says_where_they_come_from(a_run: Run) -> None:
    figure = progress(a_run, guessing=GUESSING)
    for name in ("training, now", "training, epoch mean", "validation"):
        loss, accuracy = traces(figure, name)
        assert loss["x"] == loss["y"] == accuracy["x"] == accuracy["y"] == []
        assert accuracy["yaxis"] == "y2"
        assert loss["uid"] != accuracy["uid"]
    assert traces(figure, "training, epoch mean")[0]["meta"]["live"] == {
        "how": "line",
        "runs": ["run-1"],
        "x": "epoch",
        "y": "epoch_loss",
        "where": "val_loss",
    }


@pytest.mark.parametrize("axis", ["epoch", "seconds"])
def test_what_is_filled_in_is_what_a_point_has(a_run: Run, axis: Literal["epoch", "seconds"]) -> None:
    columns = set(Point.__dataclass_fields__)
    found = rules(progress(a_run, guessing=GUESSING, axis=axis))
    assert {rule[part] for rule in found for part in ("x", "y", "where") if part in rule} <= columns
    assert {run for rule in found for run in rule.get("runs", [rule.get("run")])} == {"run-1"}
    assert [rule["axis"] for rule in found if rule["how"] == "seconds"] == (
        ["xaxis", "xaxis2"] if axis == "seconds" else []
    )


def test_published_curves_belong_to_epochs_only(a_run: Run) -> None:
    published = PUBLISHED["three-layer"].epochs
    by_epoch = progress(a_run, guessing=GUESSING, published=published)
    by_seconds = progress(a_run, guessing=GUESSING, published=published, axis="seconds")
    assert traces(by_epoch, "published validation")[0]["y"].tolist() == published["val_loss"].tolist()
    assert not traces(by_seconds, "published validation")


def test_one_figure_does_not_change_the_next(a_run: Run) -> None:
    progress(a_run, guessing=GUESSING)["layout"]["xaxis"]["range"][1] = 99
    assert progress(a_run, guessing=GUESSING)["layout"]["xaxis"]["range"] == [0, 4.0]
