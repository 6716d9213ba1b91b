"""Gradient descent on the simplest valley, L(w) = w²: what the learning rate does to the walk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

START = 2.0


def valley(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """L(w) = w²; lowest at w = 0."""
    return w**2


def slope(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """L′(w) = 2w."""
    return 2 * w


def walk(rate: float, steps: int, start: float = START) -> NDArray[np.float64]:
    """(steps + 1,) the places w visited: each is the last one minus ``rate`` times the slope there."""
    places = [start]
    for _ in range(steps):
        places.append(places[-1] - rate * float(slope(np.array(places[-1]))))
    return np.array(places)


def behaviour(rate: float) -> str:
    """How a walk in this valley goes: every step multiplies w by 1 − 2 · rate.

    "creeps" (below 0.05), "descends" (to 0.5), "overshoots" (to 1: crosses the bottom but settles),
    "circles" (at 1), "diverges" (above).
    """
    if rate < 0.05:
        return "creeps"
    if rate <= 0.5:
        return "descends"
    if rate < 1:
        return "overshoots"
    return "circles" if rate == 1 else "diverges"
