"""The weights a network starts with, and how widely they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.architecture.plan import Layer, layers, weight_shapes
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, INITIALIZERS, KERAS_DEFAULT
from core.settings import NetworkSettings

TRUNCATION = 2
"""Keras draws bell curves from a normal distribution cut at two standard deviations …"""
TRUNCATED_DEVIATION = 0.87962566103423978
"""… whose standard deviation this is; it is stretched back to 1 (keras/src/initializers)."""


@dataclass(frozen=True)
class InitialWeights:
    """How the weights of one dense layer are drawn: ``initializer`` is a code of ``INITIALIZERS``.

    ``standard_deviation`` is that of the weights. ``limit``: drawn evenly between −limit and limit; None
    where they come from a bell curve. ``arithmetic`` writes the number out with this layer's widths.
    """

    layer: str
    initializer: str
    inputs: int
    outputs: int
    standard_deviation: float
    limit: float | None
    arithmetic: str


def initializer_for(network: NetworkSettings) -> str:
    """The initialiser of the hidden layers: a code of ``INITIALIZERS``, looked up for "activation"."""
    if network.initializer == FITTING:
        return ACTIVATIONS[network.activation].initializer
    return network.initializer


def initial_weights(network: NetworkSettings) -> list[InitialWeights]:
    """One entry a dense layer, the input side first; the output layer always starts with Keras' default."""
    chosen = initializer_for(network)
    return [
        _initial_weights(layer, KERAS_DEFAULT if layer.kind == "output" else chosen)
        for layer in layers(network)
        if layer.kind in ("dense", "output")
    ]


def _initial_weights(layer: Layer, code: str) -> InitialWeights:
    row, inputs, outputs = INITIALIZERS[code], layer.input_width, layer.width
    deviation, limit = row.deviation(inputs, outputs), row.limit(inputs, outputs)
    arithmetic = row.arithmetic.format(n_in=inputs, n_out=outputs, spread=limit or deviation)
    return InitialWeights(layer.name, code, inputs, outputs, deviation, limit, arithmetic)


def draw_weights(network: NetworkSettings, seed: int) -> dict[str, NDArray[np.float32]]:
    """Fresh weights of the same distributions as Keras draws, though not the same numbers; biases are 0.

    Batch normalisation starts with scale 1 and shift 0, mean 0 and variance 1.
    """
    generator = np.random.default_rng(seed)
    plans = {plan.layer: plan for plan in initial_weights(network)}
    weights = {}
    for name, shape in weight_shapes(network).items():
        layer, variable = name.split("/")
        if variable == "kernel":
            weights[name] = _draw(plans[layer], shape, generator)
        else:
            weights[name] = np.full(shape, variable in ("gamma", "moving_variance"), np.float32)
    return weights


def _draw(
    plan: InitialWeights, shape: tuple[int, ...], generator: np.random.Generator
) -> NDArray[np.float32]:
    if plan.limit is not None:
        return plan.limit * (2 * generator.random(shape, np.float32) - 1)
    weights = generator.standard_normal(shape, np.float32)
    while (beyond := np.abs(weights) > TRUNCATION).any():
        weights[beyond] = generator.standard_normal(int(beyond.sum()), np.float32)
    return weights * np.float32(plan.standard_deviation / TRUNCATED_DEVIATION)
