"""What a wrong answer costs, and how hard each loss pushes, in the simplest case.

The right digit gets the probability p and the nine others share the rest evenly. Both losses are those
Keras computes over the ten probabilities; the push is the derivative by the right digit's score (its
weighted sum before the softmax), with the sign turned: how hard training raises that score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.settings import DIGITS

Array = NDArray[np.floating[Any]]


def cross_entropy(p: Array) -> Array:
    """−ln p, for p in (0, 1]; 2.303 = ln 10 for a mere guess."""
    loss: Array = -np.log(p)
    return loss


def squared_error(p: Array) -> Array:
    """Mean over the ten digits of (wanted − answered)²: wanted is 1 for the right digit, else 0."""
    others = (1 - p) / (DIGITS - 1)
    loss: Array = ((1 - p) ** 2 + (DIGITS - 1) * others**2) / DIGITS
    return loss


def cross_entropy_push(p: Array) -> Array:
    """1 − p: the surer the network is of something wrong, the harder it is pushed."""
    return 1 - p


def squared_error_push(p: Array) -> Array:
    """2/9 · p · (1 − p)²: almost none where the network is quite wrong, as p is small there."""
    return 2 / (DIGITS - 1) * p * (1 - p) ** 2
