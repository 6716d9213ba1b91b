"""Why one network was left behind by another, from what the microscope recorded of both.

Nothing is said that the two records do not show: each reason is a measure in which they differ by far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.hints.inside import SATURATED_MANY, faintest, slowest, worst_share

FAR = 10.0
"""So many times smaller a gradient is by far smaller."""
DEAD_MOST = 0.9
"""Share of a layer's units from which on hardly anything passes it."""
SLOW = 3.0
"""So many times smaller a step is called slower."""

Code = Literal["dead", "vanishing", "faint", "saturated", "slow"]


@dataclass(frozen=True)
class Reason:
    """A measure in which the one left behind is by far worse.

    Attributes:
        code: "dead": units of a layer that answer 0. "vanishing": the gradient shrinks on its way back,
            before the first step. "faint": it is small in all layers, before the first step. "saturated":
            outputs of a layer that are where its activation is flat. "slow": what the last recorded step
            changed.
        layer: of the one left behind, from 1; the hidden layer that is worst. 0 for "faint": it is in all.
        behind, ahead: the measure of each: a share from 0 to 1, or a size.
        ratio: how many times worse.
    """

    code: Code
    layer: int
    behind: float
    ahead: float
    ratio: float


def reasons(behind: pd.DataFrame, ahead: pd.DataFrame) -> list[Reason]:
    """Why the first network was left behind by the second, what explains most first; empty if nothing does.

    Args:
        behind, ahead: as ``Curves.layers`` gives them. Networks may differ in depth.
    """
    if behind.empty or ahead.empty:
        return []
    found = (
        _share(behind, ahead, "dead", "dead_share", DEAD_MOST),
        _vanishing(behind, ahead) or _faint(behind, ahead),
        _share(behind, ahead, "saturated", "saturated_share", SATURATED_MANY),
        _slow(behind, ahead),
    )
    return [reason for reason in found if reason is not None]


def _share(behind: pd.DataFrame, ahead: pd.DataFrame, code: Code, measure: str, many: float) -> Reason | None:
    """A share that is large in a layer of the one, and not half as large in any of the other."""
    worst, other = worst_share(behind, measure), worst_share(ahead, measure)
    better = 0.0 if other is None else other[1]
    if worst is None or worst[1] < many or better > worst[1] / 2:
        return None
    return Reason(code, worst[0], worst[1], better, _times(worst[1], better))


def _vanishing(behind: pd.DataFrame, ahead: pd.DataFrame) -> Reason | None:
    """How many times smaller the weakest gradient is than the output layer's, in both."""
    worst, other = faintest(_at_start(behind)), faintest(_at_start(ahead))
    shrinks = 1.0 if other is None else max(1.0, other.ratio)
    if worst is None or worst.ratio < FAR * shrinks:
        return None
    return Reason("vanishing", worst.layer, worst.ratio, shrinks, worst.ratio / shrinks)


def _faint(behind: pd.DataFrame, ahead: pd.DataFrame) -> Reason | None:
    """The gradient that a hidden layer gets in the middle (geometric mean of all), in both."""
    weak, strong = _typical(behind), _typical(ahead)
    if weak is None or strong is None or _times(strong, weak) < FAR:
        return None
    return Reason("faint", 0, weak, strong, _times(strong, weak))


def _slow(behind: pd.DataFrame, ahead: pd.DataFrame) -> Reason | None:
    worst, other = slowest(behind), slowest(ahead)
    if worst is None or other is None or _times(other.value, worst.value) < SLOW:
        return None
    return Reason("slow", worst.layer, worst.value, other.value, _times(other.value, worst.value))


def _at_start(layers: pd.DataFrame) -> pd.DataFrame:
    start: pd.DataFrame = layers[layers["step"] == layers["step"].min()]
    return start


def _typical(layers: pd.DataFrame) -> float | None:
    start = _at_start(layers).sort_values("layer")["gradient_rms"].to_numpy(dtype=float)[:-1]
    if not len(start) or not np.isfinite(start).all():
        return None
    return float(np.exp(np.log(np.maximum(start, np.finfo(float).tiny)).mean()))


def _times(large: float, small: float) -> float:
    return large / small if small > 0 else float("inf")
