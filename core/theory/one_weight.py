"""Accuracy and loss against one weight of a trained network's last layer: one has a slope to follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.choices.activations import Array
from core.choices.losses import LOSSES
from core.reading.trained_network import TrainedNetwork

PLACES = 401
"""Values of the weight at which both are computed."""


@dataclass(frozen=True)
class Curve:
    """``values`` (PLACES,) of one weight, rising, with the mean loss and the accuracy at each of them."""

    values: Array
    losses: Array
    accuracies: Array

    def plateau(self, value: float) -> tuple[float, float]:
        """Around this value: the first and the last of ``values`` with no other accuracy in between."""
        place = int(np.abs(self.values - value).argmin())
        other = np.flatnonzero(self.accuracies != self.accuracies[place])
        below, above = other[other < place], other[other > place]
        low = below[-1] + 1 if len(below) else 0
        high = above[0] - 1 if len(above) else len(self.values) - 1
        return float(self.values[low]), float(self.values[high])


class OneWeight:
    """The weight of the last layer with the steepest slope, on these images.

    Only the scores of one digit depend on it, and they do in a straight line, so that hundreds of its values
    cost no more than one forward computation.

    Args:
        images, labels: (n, 28, 28) uint8 and (n,).
        loss: a code of ``LOSSES``.

    Attributes:
        source, target: the unit it comes from, counted from 0, and the digit whose score it feeds.
        value: what it is in the trained network.
    """

    def __init__(
        self, network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.uint8], loss: str
    ) -> None:
        kernel = network.weights["output/kernel"].astype(np.float64)
        inputs = network.outputs(images)[network.layers[-1].inputs[0]].astype(np.float64)
        self._labels, self._loss = labels, LOSSES[loss]
        self._scores: Array = inputs @ kernel + network.weights["output/bias"]
        gradient = np.abs(inputs.T @ self._loss.gradient(self._scores, labels))
        source, target = np.unravel_index(int(np.nan_to_num(gradient).argmax()), gradient.shape)
        self.source, self.target = int(source), int(target)
        self.value = float(kernel[source, target])
        self._inputs: Array = inputs[:, source]

    def curve(self) -> Curve:
        """From where the score of the digit is pushed below all others to where it is pushed above them."""
        largest = float(np.abs(self._inputs).max()) or 1.0
        reach = float(self._scores.max() - self._scores.min()) / largest
        values = self.value + np.linspace(-reach, reach, PLACES)
        measured = [self.at(value)[:2] for value in values]
        losses, accuracies = np.transpose(measured)
        return Curve(values, losses, accuracies)

    def at(self, value: float) -> tuple[float, float, float]:
        """Mean loss, accuracy, and the slope of the mean loss, with the weight at this value."""
        scores = self._scores.copy()
        scores[:, self.target] += (value - self.value) * self._inputs
        by_scores = self._loss.gradient(scores, self._labels)[:, self.target]
        right = scores.argmax(axis=1) == self._labels
        loss = self._loss.values(scores, self._labels).mean()
        return float(loss), float(right.mean()), float((by_scores * self._inputs).mean())
