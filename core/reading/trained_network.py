"""The forward computation in NumPy: what a trained network answers, and why, without TensorFlow."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from core.architecture.plan import Layer, check_weights, layers, weight_shapes
from core.choices.activations import ACTIVATIONS, Array
from core.dataset.normalization import Normalization
from core.settings import DIGITS, NetworkSettings

BATCH_NORMALIZATION_EPSILON = 1e-3
"""Keras' default: keeps the division finite where a unit never varied."""
CHUNK = 1_000


@dataclass(frozen=True)
class LayerTrace:
    """What one layer of the plan made of one image.

    ``weighted_sum`` is what the layer's activation received: W·x + b in a dense layer. Where a layer
    applies no activation, it equals ``output``. Both are one-dimensional float32.
    """

    name: str
    weighted_sum: Array
    output: Array


@dataclass(frozen=True)
class UnitTrace:
    """How one unit of a dense layer came to its weighted sum for one image.

    ``inputs``, ``weights`` and ``contributions`` = weights · inputs, each of them (input width,) float32;
    the contributions and ``bias`` add up to ``weighted_sum``.
    """

    inputs: Array
    weights: Array
    contributions: Array
    bias: float
    weighted_sum: float


class TrainedNetwork:
    """A trained network that reads images. Never changes.

    Its probabilities are those of the Keras model within 1e-5. Where weighted sums reach hundreds, as with
    raw pixels, float32 itself is no finer than 4e-5, in Keras as here.

    Args:
        network: the settings the network was built from.
        weights: all variables by "layer/variable", as ``core.network.model.weights`` gives them.
        normalization: the one fitted on the run's own training part.

    Raises:
        WrongWeights: names or shapes do not fit the settings.
    """

    def __init__(
        self, network: NetworkSettings, weights: Mapping[str, NDArray[Any]], normalization: Normalization
    ) -> None:
        check_weights(weight_shapes(network), weights)
        self.layers = layers(network)
        self.weights = {name: np.array(value, np.float32) for name, value in weights.items()}
        self.normalization = normalization
        self._off: Mapping[str, int] = {}

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory, but for a few."""
        return sum(value.nbytes for value in self.weights.values())

    def without(self, layer: str, unit: int) -> TrainedNetwork:
        """This network with one unit of a layer switched off: it hands on 0, whatever reaches it.

        Args:
            layer: the name of a layer before the output. unit: from 0.

        Raises:
            ValueError: there is no such unit.
        """
        widths = {plan.name: plan.width for plan in self.layers if plan.kind != "output"}
        if not 0 <= unit < widths.get(layer, 0):
            raise ValueError(f"there is no unit {unit} in a layer {layer!r} before the output")
        other = copy.copy(self)
        other._off = {**self._off, layer: unit}
        return other

    def probabilities(self, images: NDArray[np.uint8]) -> Array:
        """(n, 28, 28) uint8 → (n, 10) float32 whose rows add up to 1; NaN where the weights are broken."""
        probabilities: Array = softmax(self.scores(images), axis=1)
        return probabilities

    def scores(self, images: NDArray[np.uint8]) -> Array:
        """(n, 28, 28) uint8 → (n, 10) float32: the output layer's weighted sums, before the softmax."""
        scores = np.empty((len(images), DIGITS), np.float32)
        for start in range(0, len(images), CHUNK):
            scores[start : start + CHUNK] = self._forward(images[start : start + CHUNK])[-1].weighted_sum
        return scores

    def outputs(self, images: NDArray[np.uint8]) -> dict[str, Array]:
        """What every layer puts out for images (n, 28, 28) uint8: its name → (n, width) float32."""
        return {trace.name: trace.output for trace in self._forward(images)}

    def trace(self, image: NDArray[np.uint8]) -> list[LayerTrace]:
        """What every layer makes of one image (28, 28) uint8, from "flatten" to "output"."""
        return [
            LayerTrace(trace.name, trace.weighted_sum[0], trace.output[0])
            for trace in self._forward(image[np.newaxis])
        ]

    def unit(self, image: NDArray[np.uint8], layer: str, unit: int) -> UnitTrace:
        """One weighted sum of a dense layer for one image (28, 28) uint8, taken apart.

        ``layer`` is the name of a layer of kind "dense" or "output", ``unit`` a column of its kernel. A
        maxout unit u chooses between the columns 2u and 2u + 1. Raises KeyError or IndexError.
        """
        weights = self.weights[f"{layer}/kernel"][:, unit]
        traces = {trace.name: trace for trace in self.trace(image)}
        inputs = next(traces[plan.inputs[0]].output for plan in self.layers if plan.name == layer)
        return UnitTrace(
            inputs=inputs,
            weights=weights,
            contributions=weights * inputs,
            bias=float(self.weights[f"{layer}/bias"][unit]),
            weighted_sum=float(traces[layer].weighted_sum[unit]),
        )

    def saliency(self, image: NDArray[np.uint8], digit: int) -> Array:
        """How far brighter pixels speak for (> 0) or against (< 0) a digit: (28, 28) float32.

        The gradient of the digit's weighted sum before the softmax with respect to the normalised
        pixels of one image (28, 28) uint8, by back-propagation. Before the softmax, because after it a
        digit also gains by what only weakens the others (Simonyan et al. 2014, section 3).
        """
        traces = {trace.name: trace for trace in self._forward(image[np.newaxis])}
        gradients: dict[str, Array] = {"output": np.eye(DIGITS, dtype=np.float32)[[digit]]}
        for layer in reversed(self.layers):
            reaching = self._switched(layer.name, gradients[layer.name])
            gradient = self._backward(layer, traces[layer.name].weighted_sum, reaching)
            for name in layer.inputs:
                gradients[name] = gradients[name] + gradient if name in gradients else gradient
        return gradient.reshape(image.shape)

    def _forward(self, images: NDArray[np.uint8]) -> list[LayerTrace]:
        if images.dtype != np.uint8 or images.shape[1:] != (28, 28):
            raise ValueError(f"expected (n, 28, 28) uint8 images, received {images.shape} {images.dtype}")
        outputs: dict[str, Array] = {"": self.normalization.transform(images)}
        traces = []
        with np.errstate(over="ignore", invalid="ignore"):  # a diverged run answers NaN
            for layer in self.layers:
                inputs = [outputs[name] for name in layer.inputs or ("",)]
                weighted_sum = self._weighted_sum(layer, inputs)
                output = _activate(layer.activation, weighted_sum)
                outputs[layer.name] = self._switched(layer.name, output)
                traces.append(LayerTrace(layer.name, weighted_sum, outputs[layer.name]))
        return traces

    def _switched(self, layer: str, values: Array) -> Array:
        """A layer's outputs, or the gradients that reach them, (n, width): 0 where a unit is off."""
        if layer not in self._off:
            return values
        values = values.copy()
        values[:, self._off[layer]] = 0
        return values

    def _weighted_sum(self, layer: Layer, inputs: list[Array]) -> Array:
        first = inputs[0]
        match layer.kind:
            case "flatten":
                return first.reshape(len(first), -1)
            case "dense" | "output":
                return first @ self.weights[f"{layer.name}/kernel"] + self.weights[f"{layer.name}/bias"]
            case "batch-normalization":
                centred = first - self.weights[f"{layer.name}/moving_mean"]
                return centred * self._stretch(layer) + self.weights[f"{layer.name}/beta"]
            case "add":
                return first + inputs[1]
        return first

    def _backward(self, layer: Layer, weighted_sum: Array, gradient: Array) -> Array:
        """The gradient with respect to a layer's input from that with respect to its output."""
        if layer.activation in ACTIVATIONS:
            gradient = ACTIVATIONS[layer.activation].gradient(weighted_sum, gradient)
        if layer.kind in ("dense", "output"):
            return gradient @ self.weights[f"{layer.name}/kernel"].T
        if layer.kind == "batch-normalization":
            return gradient * self._stretch(layer)
        return gradient

    def _stretch(self, layer: Layer) -> Array:
        variance = self.weights[f"{layer.name}/moving_variance"]
        stretch: Array = self.weights[f"{layer.name}/gamma"] / np.sqrt(variance + BATCH_NORMALIZATION_EPSILON)
        return stretch


def _activate(activation: str, weighted_sum: Array) -> Array:
    if activation == "softmax":
        probabilities: Array = softmax(weighted_sum, axis=-1)
        return probabilities
    return ACTIVATIONS[activation].outputs(weighted_sum) if activation else weighted_sum
