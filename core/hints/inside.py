"""What the microscope's numbers say, in numbers that a sentence can be made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

DEAD_MANY = 0.3
SATURATED_MANY = 0.5
"""Shares of a layer from which on it is worth a sentence."""


@dataclass(frozen=True)
class Slowest:
    """The hidden layer with the weakest gradient at one recorded point.

    ``ratio`` is the output layer's gradient per weight divided by that of ``layer``: how many times slower
    the layer learns under plain gradient descent. Infinite when the layer gets no gradient at all.
    """

    layer: int
    gradient: float
    output_gradient: float
    ratio: float
    epoch: float


def slowest(layers: pd.DataFrame) -> Slowest | None:
    """The slowest hidden layer at the newest recorded point; None without hidden layers or records.

    Args:
        layers: as ``Curves.layers`` gives them: step, epoch, layer (1 is the first, the last is the output),
            gradient_rms.
    """
    newest = _newest(layers)
    gradients = newest["gradient_rms"].to_numpy(dtype=float)
    if len(gradients) < 2 or np.isnan(gradients).any():
        return None
    weakest = int(gradients[:-1].argmin())
    gradient, output = float(gradients[weakest]), float(gradients[-1])
    ratio = output / gradient if gradient > 0 else float("inf")
    return Slowest(weakest + 1, gradient, output, ratio, float(newest["epoch"].iloc[0]))


def worst_share(layers: pd.DataFrame, measure: str) -> tuple[int, float] | None:
    """Layer and value of the largest share ("saturated_share", "dead_share") at the newest point, or None."""
    shares = _newest(layers)[measure].to_numpy(dtype=float)
    if np.isnan(shares).all():
        return None
    worst = int(np.nanargmax(shares))
    return worst + 1, float(shares[worst])


def _newest(layers: pd.DataFrame) -> pd.DataFrame:
    newest: pd.DataFrame = layers[layers["step"] == layers["step"].max()]
    return newest.sort_values("layer")
