"""Fewer points where there are more than a screen can show."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MOST_POINTS = 500
"""Points of one trace that the browser is sent; a longer run is thinned to this."""


def evenly(count: int) -> NDArray[np.intp]:
    """At most ``MOST_POINTS`` of the places 0 to ``count`` - 1, evenly chosen, the last always among them."""
    return np.arange(count)[:: -max(1, math.ceil(count / MOST_POINTS))][::-1]


def thin(points: pd.DataFrame) -> pd.DataFrame:
    """At most ``MOST_POINTS`` rows, evenly chosen, the newest always among them."""
    return points.iloc[evenly(len(points))]
