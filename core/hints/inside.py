"""What the microscope's numbers say, in numbers that a sentence can be made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

DEAD_MANY = 0.3
SATURATED_MANY = 0.5
"""Shares of a layer from which on it is worth a sentence."""


@dataclass(frozen=True)
class Lagging:
    """The hidden layer with the smallest value of a measure, beside the output layer, at one point.

    Attributes:
        layer: its number, from 1.
        value: of the measure in this layer. output_value: of the same in the output layer.
        ratio: output_value / value; infinite when value is 0.
        spread: the largest value of any layer / the smallest; infinite when the smallest is 0.
        epoch: when it was recorded.
    """

    layer: int
    value: float
    output_value: float
    ratio: float
    spread: float
    epoch: float


def faintest(layers: pd.DataFrame) -> Lagging | None:
    """The hidden layer that the weakest gradient reaches, per weight, at the newest recorded point.

    How strong a gradient is does not tell how fast a layer learns: RMSprop, Adam and Nadam divide each
    weight's step by the size of its own gradients. Their steps are what ``slowest`` looks at.

    Args:
        layers: as ``Curves.layers`` gives them: step, epoch, layer (1 is the first, the last is the output),
            gradient_rms.

    Returns None without hidden layers or records.
    """
    return _lagging(_newest(layers), "gradient_rms")


def slowest(layers: pd.DataFrame) -> Lagging | None:
    """The hidden layer that learns slowest: its last step changed the least of its weights.

    The measure is update_ratio: the root mean square of what one step changed in the layer's weights,
    divided by that of the weights. It is taken from the steps themselves, so it holds for every optimiser.

    Args:
        layers: as ``Curves.layers`` gives them: step, epoch, layer (1 is the first, the last is the output),
            update_ratio, NaN where no step was taken yet.

    Returns None without hidden layers or before the first step.
    """
    return _lagging(_newest(layers), "update_ratio")


def worst_share(layers: pd.DataFrame, measure: str) -> tuple[int, float] | None:
    """Layer and value of the largest share ("saturated_share", "dead_share") at the newest point, or None."""
    shares = _newest(layers)[measure].to_numpy(dtype=float)
    if np.isnan(shares).all():
        return None
    worst = int(np.nanargmax(shares))
    return worst + 1, float(shares[worst])


def _lagging(newest: pd.DataFrame, measure: str) -> Lagging | None:
    values = newest[measure].to_numpy(dtype=float)
    if len(values) < 2 or not np.isfinite(values).all():
        return None
    least = int(values[:-1].argmin())
    value, output = float(values[least]), float(values[-1])
    return Lagging(
        layer=least + 1,
        value=value,
        output_value=output,
        ratio=_times(output, value),
        spread=_times(float(values.max()), float(values.min())),
        epoch=float(newest["epoch"].iloc[0]),
    )


def _times(large: float, small: float) -> float:
    return large / small if small > 0 else float("inf")


def _newest(layers: pd.DataFrame) -> pd.DataFrame:
    newest: pd.DataFrame = layers[layers["step"] == layers["step"].max()]
    return newest.sort_values("layer")
