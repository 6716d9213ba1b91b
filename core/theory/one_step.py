"""One step of training, slowly: a batch forwards, its loss, the gradient of each weight, and the update.

The update is that of plain gradient descent, w ← w − η · ∂L/∂w, where L is the mean loss of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.architecture.plan import Layer, answering, layers
from core.choices.activations import ACTIVATIONS, Array
from core.choices.losses import LOSSES
from core.dataset.normalization import Normalization
from core.reading.batch import Gradients, Trace, Weights, backwards, by_weights, forwards
from core.settings import NetworkSettings

BATCH = 32
"""Images a step, as in the report."""
NUDGE = 1e-5
"""How far a weight is moved either way to measure a slope: 64 bits leave about ten digits of it."""


@dataclass(frozen=True)
class Weight:
    """One weight of a dense layer: from unit ``source`` of what it reads to its sum ``target``, from 0."""

    layer: str
    source: int
    target: int


@dataclass(frozen=True)
class Shares:
    """How one weight's gradient comes about, image by image; each (n,).

    inputs: what the weight multiplies, x. slopes: the derivative of the batch's loss by the sum it feeds, δ.
    ``products`` = x · δ, whose sum is the gradient. ``arriving``: the derivative by the unit's output, and
    ``activation_slopes``, such that δ is their product; None where something else stands between, such as
    batch normalisation, and at the output layer.
    """

    inputs: Array
    slopes: Array
    arriving: Array | None
    activation_slopes: Array | None

    @property
    def products(self) -> Array:
        """x · δ of each image."""
        return self.inputs * self.slopes

    @property
    def gradient(self) -> float:
        """The chain rule's answer: the sum of all products."""
        return float(self.products.sum())


class OneStep:
    """A batch at some weights.

    Args:
        weights: all variables by name, of any precision; computed with in 64 bits.
        images, labels: (n, 28, 28) uint8 and (n,), the batch.
        loss: a code of ``LOSSES``.
    """

    def __init__(
        self,
        network: NetworkSettings,
        weights: Weights,
        normalization: Normalization,
        images: NDArray[np.uint8],
        labels: NDArray[np.uint8],
        *,
        loss: str = "cross-entropy",
    ) -> None:
        self.plan = layers(answering(network))
        self.weights = weights
        self.labels = labels
        self._inputs = normalization.transform(images)
        self._loss = LOSSES[loss]
        self.traces: dict[str, Trace] = forwards(self.plan, weights, self._inputs)
        by_scores = self._loss.gradient(self.scores, labels) / len(labels)
        self.gradients: Gradients = backwards(self.plan, weights, self.traces, by_scores)
        self.by_weights: dict[str, Array] = by_weights(self.plan, self.traces, self.gradients)

    @property
    def scores(self) -> Array:
        """(n, 10) the output layer's sums, before the softmax."""
        return self.traces["output"].sums

    @property
    def losses(self) -> Array:
        """(n,) what each image of the batch costs."""
        return self._loss.values(self.scores, self.labels)

    @property
    def loss(self) -> float:
        """What the batch costs: the mean of ``losses``."""
        return float(self.losses.mean())

    def dense(self) -> tuple[Layer, ...]:
        """The layers that have a kernel, from the image's side."""
        return tuple(layer for layer in self.plan if layer.kind in ("dense", "output"))

    def steepest(self, layer: str) -> Weight:
        """The weight of this layer with the largest gradient, of whatever sign."""
        gradient = np.abs(self.by_weights[f"{layer}/kernel"])
        source, target = np.unravel_index(int(np.nanargmax(np.nan_to_num(gradient))), gradient.shape)
        return Weight(layer, int(source), int(target))

    def value(self, weight: Weight) -> float:
        """What this weight is now."""
        return float(self.weights[f"{weight.layer}/kernel"][weight.source, weight.target])

    def shares(self, weight: Weight) -> Shares:
        """The chain rule for one weight, image by image."""
        layer = next(layer for layer in self.plan if layer.name == weight.layer)
        row = ACTIVATIONS.get(layer.activation)
        unit = weight.target
        sums = self.traces[layer.name].sums[:, unit]
        plain = row if row and row.pieces == 1 else None
        return Shares(
            inputs=self.traces[layer.inputs[0]].outputs[:, weight.source],
            slopes=self.gradients.sums[layer.name][:, unit],
            arriving=self.gradients.outputs[layer.name][:, unit] if plain else None,
            activation_slopes=plain.derivative(sums) if plain else None,
        )

    def nudged(self, weight: Weight, by: float) -> float:
        """The batch's loss with this one weight moved by so much."""
        name = f"{weight.layer}/kernel"
        kernel = self.weights[name].astype(np.float64)
        kernel[weight.source, weight.target] += by
        return self._loss_at({**self.weights, name: kernel})

    def measured_slope(self, weight: Weight) -> float:
        """The gradient of one weight without any calculus: (L(w + ε) − L(w − ε)) / 2ε."""
        return (self.nudged(weight, NUDGE) - self.nudged(weight, -NUDGE)) / (2 * NUDGE)

    def updated(self, rate: float) -> dict[str, NDArray[np.floating]]:
        """All weights after one step of this rate; what has no gradient, such as averages, stays."""
        steps = self.by_weights
        return {
            name: value - rate * steps[name] if name in steps else value
            for name, value in self.weights.items()
        }

    def loss_after(self, rate: float) -> float:
        """What the same batch costs after one step of this rate; infinite where numbers overflow."""
        with np.errstate(all="ignore"):
            loss = self._loss_at(self.updated(rate))
        return loss if np.isfinite(loss) else float("inf")

    def _loss_at(self, weights: Weights) -> float:
        scores = forwards(self.plan, weights, self._inputs)["output"].sums
        return float(self._loss.values(scores, self.labels).mean())
