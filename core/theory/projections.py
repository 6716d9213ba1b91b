"""What each layer makes of many images, flattened onto the two directions in which they differ most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from core.choices.activations import ACTIVATIONS, Array
from core.dataset.mnist import load_mnist
from core.dataset.normalization import Normalization
from core.dataset.split import split
from core.reading.trained_network import TrainedNetwork
from core.settings import DIGITS, DataSettings, NetworkSettings

ASKED = 2_000
"""Validation images that are sent through the network."""


@dataclass(frozen=True)
class Projection:
    """What one layer makes of n validation images and of m drawings.

    ``points`` (n, 2) and ``drawings`` (m, 2) float32: their places along the first two principal components
    of the n images (Pearson 1901). ``share``: how much of the n images' variance lies in these two.
    ``sorted_right``: the share of the n images that lie nearest to the mean of their own digit among the ten
    means, in all of the layer's dimensions.
    """

    points: NDArray[np.float32]
    drawings: NDArray[np.float32]
    share: float
    sorted_right: float


@dataclass(frozen=True)
class Projections:
    """From the normalised pixels through each hidden layer to the ten scores; ``labels`` (n,) uint8."""

    layers: list[Projection]
    labels: NDArray[np.uint8]

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory, but for a few."""
        return sum(layer.points.nbytes + layer.drawings.nbytes for layer in self.layers)


def projections(
    network: NetworkSettings,
    weights: Mapping[str, NDArray[Any]],
    normalization: Normalization,
    data: DataSettings,
    drawings: NDArray[np.uint8],
) -> Projections:
    """Project what each layer makes of up to ``ASKED`` validation images, and of drawings (m, 28, 28) uint8.

    About a second of work; takes and gives plain values, so that a worker can do it.
    """
    reader = TrainedNetwork(network, weights, normalization)
    validation = split(data, load_mnist()).validation
    images, labels = validation.stretch(0, ASKED), validation.labels[:ASKED]
    both = np.concatenate([images, drawings])
    outputs = {**reader.outputs(both), "output": reader.scores(both)}
    shown = [
        layer.name
        for layer in reader.layers
        if layer.kind in ("flatten", "output") or layer.activation in ACTIVATIONS
    ]
    return Projections([_project(outputs[name], labels) for name in shown], labels)


def _project(outputs: Array, labels: NDArray[np.uint8]) -> Projection:
    """Project outputs (n + m, width), of which the first n have labels."""
    known = outputs[: len(labels)].astype(np.float64)
    mean = known.mean(axis=0)
    directions, share = _directions(known - mean)
    points = ((outputs - mean) @ directions).astype(np.float32)
    return Projection(points[: len(labels)], points[len(labels) :], share, _sorted_right(known, labels))


def _directions(centred: Array) -> tuple[Array, float]:
    """(width, 2) the two directions of the largest variance, and the share of it that they have."""
    width = centred.shape[1]
    scatter = centred.T @ centred
    variances, directions = eigh(scatter, subset_by_index=[max(0, width - 2), width - 1])
    directions = directions[:, ::-1]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])])
    directions = np.pad(directions * signs, ((0, 0), (0, 2 - directions.shape[1])))
    total = float(np.trace(scatter))
    return directions, float(variances.sum()) / total if total else 1.0


def _sorted_right(outputs: Array, labels: NDArray[np.uint8]) -> float:
    present = [digit for digit in range(DIGITS) if (labels == digit).any()]
    means = np.stack([outputs[labels == digit].mean(axis=0) for digit in present])
    # |x − m|² without |x|², which is the same for all means.
    nearest = (np.square(means).sum(axis=1) - 2 * outputs @ means.T).argmin(axis=1)
    return float((np.array(present)[nearest] == labels).mean())
