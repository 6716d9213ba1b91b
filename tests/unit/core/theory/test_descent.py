"""Walks down the valley against their closed form."""

from __future__ import annotations

import numpy as np
import pytest

from core.theory.descent import START, behaviour, slope, valley, walk


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.5, 0.9, 1.0, 1.2])
def test_each_step_multiplies_by_one_minus_twice_the_rate(rate: float) -> None:
    np.testing.assert_allclose(walk(rate, 12), START * (1 - 2 * rate) ** np.arange(13), atol=1e-12)


def test_slope_is_that_of_the_valley() -> None:
    w = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(slope(w), (valley(w + 1e-6) - valley(w - 1e-6)) / 2e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.01, "creeps"),
        (0.2, "descends"),
        (0.5, "descends"),
        (0.8, "overshoots"),
        (1.0, "circles"),
        (1.1, "diverges"),
    ],
)
def test_behaviour_says_what_the_walk_does(rate: float, expected: str) -> None:
    assert behaviour(rate) == expected
    end = abs(walk(rate, 40)[-1])
    assert {"creeps": 0.5 < end < 2, "circles": end == 2, "diverges": end > 100}.get(expected, end < 1e-4)
