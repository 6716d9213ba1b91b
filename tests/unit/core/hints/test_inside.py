"""Sentences are made of the newest numbers, and only where there are any."""

import math

import numpy as np
import pandas as pd
import pytest

from core.hints.inside import slowest, worst_share


def table(gradients: dict[int, list[float]], **others: list[float]) -> pd.DataFrame:
    rows = [
        {"step": step, "epoch": step / 10, "layer": layer, "gradient_rms": value}
        for step, values in gradients.items()
        for layer, value in enumerate(values, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["step", "epoch", "layer", "gradient_rms"])
    return frame.assign(**others)


def test_the_newest_point_counts() -> None:
    found = slowest(table({0: [1e-9, 1e-3, 1e-1], 10: [2e-2, 1e-3, 1e-1]}))
    assert found is not None
    assert (found.layer, found.epoch) == (2, 1.0)
    assert found.ratio == pytest.approx(100)


def test_no_gradient_is_infinitely_slow() -> None:
    found = slowest(table({0: [0.0, 1e-1]}))
    assert found is not None
    assert math.isinf(found.ratio)


@pytest.mark.parametrize("gradients", [{}, {0: [0.1]}, {0: [math.nan, 0.1]}])
def test_nothing_is_said_without_numbers(gradients: dict[int, list[float]]) -> None:
    assert slowest(table(gradients)) is None


def test_the_largest_share_and_its_layer() -> None:
    frame = table({0: [1, 1, 1]}, dead_share=[0.1, 0.6, np.nan])
    assert worst_share(frame, "dead_share") == (2, 0.6)


def test_a_share_that_does_not_apply_is_not_zero() -> None:
    assert worst_share(table({0: [1, 1]}, dead_share=[np.nan, np.nan]), "dead_share") is None
