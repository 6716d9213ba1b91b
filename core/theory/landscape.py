"""A slice of a trained network's loss, and optimisers walking on it.

The slice is the plane through the trained weights along two random directions, each as long, filter by
filter, as the weights themselves (Li, Xu, Taylor, Studer and Goldstein, Visualizing the Loss Landscape of
Neural Nets, 2018, sections 3 and 4; biases stay). At (0, 0) is the trained network; at a distance of 1 the
change is as large as the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from core.choices.activations import Array
from core.choices.losses import LOSSES
from core.dataset.mnist import load_mnist
from core.dataset.normalization import Normalization
from core.dataset.split import split
from core.reading.trained_network import TrainedNetwork
from core.settings import DataSettings, NetworkSettings

REACH = 1.0
"""How far the slice goes from the trained weights, in each direction."""
SIDE = 21
"""Places along each side of the slice."""
IMAGES = 200
"""Training images on which the loss is measured."""
HIGHEST = 50.0
"""Losses above this are drawn, and walked on, as this."""

Place = tuple[float, float]


def directions(
    weights: Mapping[str, NDArray[Any]], seed: int
) -> tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
    """Two random directions over all kernels; each column is as long as that column of the kernel."""
    generator = np.random.default_rng(seed)
    return _direction(weights, generator), _direction(weights, generator)


def _direction(
    weights: Mapping[str, NDArray[Any]], generator: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    found = {}
    for name, value in weights.items():
        if name.endswith("/kernel"):
            drawn = generator.standard_normal(value.shape, np.float32)
            length = np.linalg.norm(value, axis=0) / np.linalg.norm(drawn, axis=0)
            found[name] = drawn * length.astype(np.float32)
    return found


def measure(
    network: NetworkSettings,
    weights: Mapping[str, NDArray[Any]],
    normalization: Normalization,
    data: DataSettings,
    loss: str,
    seed: int,
) -> list[list[float]]:
    """The loss at ``SIDE`` × ``SIDE`` places of the slice: a row for each step of the second direction.

    Seconds of work; takes and gives plain values, so that a worker can do it and the store can keep it.
    """
    train = split(data, load_mnist()).train
    images, labels = train.stretch(0, IMAGES), train.labels[:IMAGES]
    first, second = directions(weights, seed)
    steps = axis()

    def at(a: float, b: float) -> float:
        moved = {name: weights[name] + a * first[name] + b * second[name] for name in first}
        scores = TrainedNetwork(network, {**weights, **moved}, normalization).scores(images)
        with np.errstate(all="ignore"):
            mean = float(LOSSES[loss].values(scores.astype(np.float64), labels).mean())
        return min(mean, HIGHEST) if np.isfinite(mean) else HIGHEST

    return [[at(float(a), float(b)) for a in steps] for b in steps]


def axis() -> Array:
    """(SIDE,) the places along one direction."""
    return np.linspace(-REACH, REACH, SIDE)


@dataclass(frozen=True)
class Critical:
    """A place where the slope of the slice is 0: ``kind`` is "minimum", "maximum" or "saddle"."""

    kind: str
    place: Place


class Landscape:
    """The measured slice as a smooth surface: cubic splines between the measured places.

    Args:
        losses: (SIDE, SIDE) as ``measure`` gives them.
    """

    def __init__(self, losses: Any) -> None:
        self.losses: Array = np.asarray(losses, np.float64)
        self._surface = RectBivariateSpline(axis(), axis(), self.losses.T)

    def loss(self, a: float, b: float) -> float:
        """The loss at a place."""
        return float(self._surface.ev(a, b))

    def slope(self, a: float, b: float) -> Array:
        """(2,) the gradient at a place; 0 across the border, where the slice ends."""
        inside = (abs(a) <= REACH, abs(b) <= REACH)
        slopes = (self._surface.ev(a, b, dx=1), self._surface.ev(a, b, dy=1))
        return np.array(
            [float(slope) if within else 0.0 for slope, within in zip(slopes, inside, strict=True)]
        )

    @cached_property
    def critical(self) -> list[Critical]:
        """Minima, maxima and saddles among the measured places, told by their eight neighbours.

        A place lower than all of them is a minimum, higher a maximum; where going around once crosses its
        level four times or more it is a saddle. Places at the border have no eight neighbours.
        """
        found = []
        places = axis()
        for row in range(1, SIDE - 1):
            for column in range(1, SIDE - 1):
                kind = _kind(self.losses[row - 1 : row + 2, column - 1 : column + 2])
                if kind:
                    found.append(Critical(kind, (float(places[column]), float(places[row]))))
        return found


def _kind(around: Array) -> str:
    ring = around[(0, 0, 0, 1, 2, 2, 2, 1), (0, 1, 2, 2, 2, 1, 0, 0)] - around[1, 1]
    if not ring.all():
        return ""
    higher = ring > 0
    crossings = int((higher != np.roll(higher, 1)).sum())
    if crossings == 0:
        return "minimum" if higher.all() else "maximum"
    return "saddle" if crossings >= 4 else ""
