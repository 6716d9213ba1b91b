"""How good an accuracy is, where good ones are to be told apart: by its mistakes, on a logarithmic scale.

On a linear one, a single run that learnt nothing would make all good ones look the same.
"""

from __future__ import annotations

import math

FEWEST_MISTAKES = 1e-3
"""A share of wrong answers below this counts as this."""


def merit(accuracy: float) -> float:
    """Of an accuracy, 0 to 1: 0 where nothing is right, 1 where a tenth is wrong, at most 3."""
    return -math.log10(max(1 - accuracy, FEWEST_MISTAKES))
