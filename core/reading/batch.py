"""One batch of images through a network and back, as a training step does it, in NumPy and 64 bits.

Batch normalisation takes mean and variance from the batch, as it does in training; what a trained network
answers (``trained_network``) takes the averages that it kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.architecture.plan import Layer
from core.choices.activations import ACTIVATIONS, Array
from core.reading.trained_network import BATCH_NORMALIZATION_EPSILON

Weights = Mapping[str, NDArray[np.floating[Any]]]
"""All variables by "layer/variable", as ``core.architecture.plan.weight_shapes`` names them."""


@dataclass(frozen=True)
class Trace:
    """What a layer received after its sums, (n, sums), and what it put out, (n, width)."""

    sums: Array
    outputs: Array


@dataclass(frozen=True)
class Gradients:
    """The derivative of the loss by every layer's outputs and by its sums."""

    outputs: dict[str, Array]
    sums: dict[str, Array]


def forwards(plan: tuple[Layer, ...], weights: Weights, inputs: Array) -> dict[str, Trace]:
    """What every layer makes of normalised images (n, 28, 28); the images themselves stand under ""."""
    traces = {"": Trace(inputs, inputs.reshape(len(inputs), -1).astype(np.float64))}
    for layer in plan:
        sums = _sums(layer, weights, [traces[name].outputs for name in layer.inputs or ("",)])
        traces[layer.name] = Trace(sums, _activate(layer, sums))
    return traces


def backwards(
    plan: tuple[Layer, ...], weights: Weights, traces: Mapping[str, Trace], by_scores: Array
) -> Gradients:
    """Back through the layers, from the loss's derivative by the output layer's sums (n, 10).

    Whether these are of the summed or of the mean loss, so are all that follow from them.
    """
    found = Gradients({}, {})
    for layer in reversed(plan):
        by_sums = _by_sums(layer, traces, found.outputs, by_scores)
        found.sums[layer.name] = by_sums
        for name in layer.inputs:
            by_inputs = _by_inputs(layer, weights, traces[name].outputs, by_sums)
            found.outputs[name] = found.outputs[name] + by_inputs if name in found.outputs else by_inputs
    return found


def by_weights(
    plan: tuple[Layer, ...], traces: Mapping[str, Trace], gradients: Gradients
) -> dict[str, Array]:
    """The derivative of the loss by every weight that training moves, by its name."""
    found: dict[str, Array] = {}
    for layer in plan:
        if layer.inputs:
            found |= _by_weights(layer, traces[layer.inputs[0]].outputs, gradients.sums[layer.name])
    return found


def _sums(layer: Layer, weights: Weights, inputs: list[Array]) -> Array:
    first = inputs[0]
    match layer.kind:
        case "dense" | "output":
            sums: Array = first @ weights[f"{layer.name}/kernel"] + weights[f"{layer.name}/bias"]
            return sums
        case "batch-normalization":
            stretched: Array = _standard(first) * weights[f"{layer.name}/gamma"]
            return stretched + weights[f"{layer.name}/beta"]
        case "add":
            return first + inputs[1]
    return first


def _activate(layer: Layer, sums: Array) -> Array:
    row = ACTIVATIONS.get(layer.activation)  # None where a layer applies none, and for the softmax
    return row.outputs(sums) if row else sums


def _standard(inputs: Array) -> Array:
    centred: Array = inputs - inputs.mean(axis=0)
    return centred / _spread(inputs)


def _spread(inputs: Array) -> Array:
    """(units,) what batch normalisation divides by."""
    spread: Array = np.sqrt(inputs.var(axis=0) + BATCH_NORMALIZATION_EPSILON)
    return spread


def _by_sums(
    layer: Layer, traces: Mapping[str, Trace], by_outputs: Mapping[str, Array], by_scores: Array
) -> Array:
    if layer.kind == "output":
        return by_scores
    if layer.activation:
        return ACTIVATIONS[layer.activation].gradient(traces[layer.name].sums, by_outputs[layer.name])
    return by_outputs[layer.name]


def _by_inputs(layer: Layer, weights: Weights, inputs: Array, gradient: Array) -> Array:
    if layer.kind in ("dense", "output"):
        return gradient @ weights[f"{layer.name}/kernel"].T
    if layer.kind == "batch-normalization":
        # Mean and variance depend on every image of the batch (Ioffe and Szegedy 2015, section 3).
        standard = _standard(inputs)
        by_standard = gradient * weights[f"{layer.name}/gamma"]
        common: Array = by_standard.mean(axis=0) + standard * (by_standard * standard).mean(axis=0)
        centred: Array = by_standard - common
        return centred / _spread(inputs)
    return gradient


def _by_weights(layer: Layer, inputs: Array, by_sums: Array) -> dict[str, Array]:
    if layer.kind in ("dense", "output"):
        return {f"{layer.name}/kernel": inputs.T @ by_sums, f"{layer.name}/bias": by_sums.sum(axis=0)}
    if layer.kind == "batch-normalization":
        by_gamma: Array = (by_sums * _standard(inputs)).sum(axis=0)
        return {f"{layer.name}/gamma": by_gamma, f"{layer.name}/beta": by_sums.sum(axis=0)}
    return {}
