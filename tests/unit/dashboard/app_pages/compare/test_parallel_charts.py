"""Parallel coordinates: every run passes its values and ends at its accuracy; the best are strong."""

from itertools import pairwise

import plotly.graph_objects as go
import pytest

from dashboard.app_pages.compare.parallel_charts import Way, parallel
from dashboard.look import style

AXES = [("Rate", ["0.01", "0.1", "1"]), ("Activation", ["tanh", "ReLU"])]


def way(name: str, accuracy: float, *places: int) -> Way:
    return Way(name, style.RUN_COLORS[0], places, accuracy)


def test_a_run_passes_its_values_and_ends_at_its_accuracy() -> None:
    ways = [way("a", 0.9, 0, 1), way("b", 0.99, 2, 0), way("c", 0.11, 1, 1), way("<i>", 0.98, 1, 0)]
    figure = go.Figure(parallel(AXES, ways))
    heights = {trace.name: list(trace.y) for trace in figure.data}
    assert heights["a"][:2] == [0, 1]
    assert heights["b"] == [1, 0, 1]
    assert heights["c"] == [0.5, 1, 0]
    assert 0.4 < heights["a"][2] < 0.6  # nine of ten right lies between one and 99 of 100: mistakes count
    assert [trace.name for trace in figure.data if trace.opacity == 1] == ["b"]
    assert figure.data[-1].name == "b"  # on top
    assert "<i>" not in heights
    assert list(figure.layout.xaxis.ticktext) == ["Rate", "Activation", "Accuracy"]
    told = [note.text for note in figure.layout.annotations]
    assert {"0.01", "0.1", "1", "tanh", "ReLU", "99.00%", "11.00%"} <= set(told)


@pytest.mark.parametrize("ways", [[], [way("a", 1.0, 0, 0)], [way("a", 0.0, 0, 0), way("b", 0.0, 1, 1)]])
def test_extremes_are_drawn(ways: list[Way]) -> None:
    figure = go.Figure(parallel([("Rate", ["0.01", "0.1"]), ("Batch", ["32"] * 2)], ways))
    assert all(0 <= height <= 1 for trace in figure.data for height in trace.y)


def test_numbers_beside_the_accuracy_never_touch() -> None:
    ways = [way(str(place), 0.1 + 0.0089 * place, 0, 0) for place in range(100)]
    notes = parallel(AXES, ways)["layout"]["annotations"]
    heights = sorted(note["y"] for note in notes if note["x"] == len(AXES))
    assert all(above - below >= 0.09 for below, above in pairwise(heights))


def test_of_very_many_values_only_some_are_named_the_last_among_them() -> None:
    values = [str(number) for number in range(60)]
    notes = parallel([("Rate", values)], [way("a", 0.9, 0)])["layout"]["annotations"]
    told = [note["text"] for note in notes if note["x"] == 0]
    assert len(told) == 20
    assert told[-1] == "59"
