"""Sentences are made of the newest numbers, and only where there are any."""

import math

import numpy as np
import pandas as pd
import pytest

from core.hints.inside import faintest, slowest, worst_share


def table(
    values: dict[int, list[float]], measure: str = "gradient_rms", **others: list[float]
) -> pd.DataFrame:
    rows = [
        {"step": step, "epoch": step / 10, "layer": layer, measure: value}
        for step, layers in values.items()
        for layer, value in enumerate(layers, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["step", "epoch", "layer", measure])
    return frame.assign(**others)


def test_the_newest_point_counts() -> None:
    found = faintest(table({0: [1e-9, 1e-3, 1e-1], 10: [2e-2, 1e-3, 1e-1]}))
    assert found is not None
    assert (found.layer, found.epoch) == (2, 1.0)
    assert found.ratio == pytest.approx(100)


def test_speed_is_that_of_the_steps_not_of_the_gradients() -> None:
    """Adam on eight sigmoid layers: a gradient 145,000 times smaller makes a step 3.3 times smaller."""
    layers = table({10: [1e-7, 1.45e-2]}, update_ratio=[3e-3, 9.9e-3])
    speed, gradient = slowest(layers), faintest(layers)
    assert speed is not None
    assert gradient is not None
    assert speed.ratio == pytest.approx(3.3)
    assert gradient.ratio == pytest.approx(145_000)


def test_the_slowest_layer_need_not_have_the_weakest_gradient() -> None:
    layers = table({10: [1e-3, 1e-2, 1e-1]}, update_ratio=[4e-3, 2e-3, 8e-3])
    speed, gradient = slowest(layers), faintest(layers)
    assert speed is not None
    assert gradient is not None
    assert (speed.layer, gradient.layer) == (2, 1)
    assert speed.spread == pytest.approx(4)


def test_before_the_first_step_there_is_no_speed() -> None:
    assert slowest(table({0: [1e-3, 1e-1]}, update_ratio=[math.nan, math.nan])) is None


def test_nothing_is_infinitely_less() -> None:
    found = faintest(table({0: [0.0, 1e-1]}))
    assert found is not None
    assert math.isinf(found.ratio)


@pytest.mark.parametrize("gradients", [{}, {0: [0.1]}, {0: [math.nan, 0.1]}])
def test_nothing_is_said_without_numbers(gradients: dict[int, list[float]]) -> None:
    assert faintest(table(gradients)) is None


def test_the_largest_share_and_its_layer() -> None:
    frame = table({0: [1, 1, 1]}, dead_share=[0.1, 0.6, np.nan])
    assert worst_share(frame, "dead_share") == (2, 0.6)


def test_a_share_that_does_not_apply_is_not_zero() -> None:
    assert worst_share(table({0: [1, 1]}, dead_share=[np.nan, np.nan]), "dead_share") is None
