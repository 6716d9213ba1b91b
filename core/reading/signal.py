"""What freshly drawn weights let through: images on their way forwards, the gradient on its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.architecture.first_weights import draw_weights
from core.architecture.plan import Layer, layers
from core.choices.activations import ACTIVATIONS, Array
from core.choices.initializers import INITIALIZERS
from core.choices.losses import LOSSES
from core.dataset.normalization import Normalization
from core.reading.trained_network import BATCH_NORMALIZATION_EPSILON
from core.settings import NetworkSettings

Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class _Trace:
    """What a layer received after its sums, (n, sums), and what it put out, (n, width)."""

    sums: Array
    outputs: Array


def signal(
    network: NetworkSettings,
    normalization: Normalization,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    loss: str = "cross-entropy",
    seed: int = 0,
) -> pd.DataFrame:
    """How strong signal and gradient are at each hidden layer before training, for each initialiser.

    One batch of images (n, 28, 28) uint8 with labels (n,) is sent through freshly drawn weights and back, as
    the first training step would: batch normalisation takes mean and variance from this batch.

    Returns:
        Columns initializer; layer (from 1); strength (root mean square of the layer's outputs over images
        and units); difference (root mean square of what distinguishes one image's outputs from the mean over
        the images); gradient (root mean square of the derivative of the summed loss by these outputs).
    """
    rows = []
    for initializer in INITIALIZERS:
        fresh = replace(network, initializer=initializer)
        plan, weights = layers(fresh), draw_weights(fresh, seed)
        traces = _forwards(plan, weights, normalization.transform(images))
        scores = LOSSES[loss].gradient(traces["output"].sums, labels)
        gradients = _backwards(plan, weights, traces, scores)
        hidden = [layer.name for layer in plan if layer.activation in ACTIVATIONS]
        for number, name in enumerate(hidden, start=1):
            outputs = traces[name].outputs
            parts = (outputs, outputs - outputs.mean(axis=0), gradients[name])
            rows.append((initializer, number, *map(_root_mean_square, parts)))
    return pd.DataFrame(rows, columns=["initializer", "layer", "strength", "difference", "gradient"])


def silent_shares(
    network: NetworkSettings, normalization: Normalization, images: NDArray[np.uint8], seed: int = 0
) -> list[float]:
    """Share of each hidden layer's units that are 0 or less for every image, before training.

    Of an activation that is flat below 0 these units get no gradient from images (n, 28, 28) uint8. Batch
    normalisation takes mean and variance from these images.
    """
    plan, weights = layers(network), draw_weights(network, seed)
    traces = _forwards(plan, weights, normalization.transform(images))
    hidden = [layer.name for layer in plan if layer.activation in ACTIVATIONS]
    return [float((traces[name].outputs <= 0).all(axis=0).mean()) for name in hidden]


def _forwards(plan: tuple[Layer, ...], weights: Weights, inputs: Array) -> dict[str, _Trace]:
    """What every layer makes of normalised images (n, 28, 28)."""
    traces = {"": _Trace(inputs, inputs.reshape(len(inputs), -1).astype(np.float64))}
    for layer in plan:
        sums = _sums(layer, weights, [traces[name].outputs for name in layer.inputs or ("",)])
        traces[layer.name] = _Trace(sums, _activate(layer, sums))
    return traces


def _sums(layer: Layer, weights: Weights, inputs: list[Array]) -> Array:
    first = inputs[0]
    match layer.kind:
        case "dense" | "output":
            products: Array = first @ weights[f"{layer.name}/kernel"]  # biases start at 0
            return products
        case "batch-normalization":  # starts with scale 1 and shift 0
            centred: Array = first - first.mean(axis=0)
            return centred / _spread(first)
        case "add":
            return first + inputs[1]
    return first


def _activate(layer: Layer, sums: Array) -> Array:
    row = ACTIVATIONS.get(layer.activation)  # None where a layer applies none, and for the softmax
    return row.outputs(sums) if row else sums


def _spread(inputs: Array) -> Array:
    """(units,) what batch normalisation divides by."""
    spread: Array = np.sqrt(inputs.var(axis=0) + BATCH_NORMALIZATION_EPSILON)
    return spread


def _backwards(
    plan: tuple[Layer, ...], weights: Weights, traces: dict[str, _Trace], scores: Array
) -> dict[str, Array]:
    """The derivative of the summed loss by every layer's outputs, from that by the output layer's sums."""
    gradients: dict[str, Any] = {}
    for layer in reversed(plan):
        if layer.kind == "output":
            by_sums = scores
        elif layer.activation:
            by_sums = ACTIVATIONS[layer.activation].gradient(traces[layer.name].sums, gradients[layer.name])
        else:
            by_sums = gradients[layer.name]
        for name in layer.inputs:
            by_inputs = _by_inputs(layer, weights, traces[name].outputs, by_sums)
            gradients[name] = gradients.get(name, 0) + by_inputs
    return gradients


def _by_inputs(layer: Layer, weights: Weights, inputs: Array, gradient: Array) -> Array:
    if layer.kind in ("dense", "output"):
        return gradient @ weights[f"{layer.name}/kernel"].T
    if layer.kind == "batch-normalization":
        # Mean and variance depend on every image of the batch (Ioffe and Szegedy 2015, section 3).
        spread = _spread(inputs)
        standard = (inputs - inputs.mean(axis=0)) / spread
        common: Array = gradient.mean(axis=0) + standard * (gradient * standard).mean(axis=0)
        centred: Array = gradient - common
        return centred / spread
    return gradient


def _root_mean_square(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
