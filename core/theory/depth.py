"""Why deep networks stand still at first: what is left of the gradient after so many layers of first weights.

A gradient goes back through a layer of n ReLU units by n weights each, of which half count: their slope is 1,
that of the others 0. So its mean square changes by n · Var(w) / 2 (He et al. 2015, section 2.2), and its size
by the root of that: 1 where a layer begins with He's weights, 0.707 with Glorot's.
"""

from __future__ import annotations

from math import sqrt

from core.choices.initializers import INITIALIZERS
from core.settings import DEFAULT, Settings

WIDTH = 100


def network(depth: int, initializer: str) -> Settings:
    """The report's experiment with so many hidden layers of 100 ReLU units."""
    return DEFAULT.change(hidden=(WIDTH,) * depth, initializer=initializer)


def passed_by_a_layer(initializer: str) -> float:
    """How many times as strong the gradient is expected to be before a layer as behind it."""
    return sqrt(WIDTH / 2) * INITIALIZERS[initializer].deviation(WIDTH, WIDTH)


def left_at_the_first(depth: int, initializer: str) -> float:
    """How many times as strong it is expected at hidden layer 1 as at hidden layer ``depth`` (from 1)."""
    return passed_by_a_layer(initializer) ** (depth - 1)
