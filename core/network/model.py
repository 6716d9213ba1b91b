"""The plan of a network as a Keras model, and the model's weights as a plain mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from core.architecture.first_weights import initializer_for
from core.architecture.plan import Layer, check_weights, layers
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS, KERAS_DEFAULT
from core.network.chance import drop, fold_in
from core.network.maxout import Maxout
from core.settings import NetworkSettings


def build(network: NetworkSettings, *, seed: int | None = None) -> keras.Model:
    """The model of ``plan.layers``: (batch, 28, 28) normalised floats → (batch, 10) probabilities.

    The same seed gives the same initial weights, and each layer draws its own; None draws anew each
    time. The initialiser is that of the hidden layers; the softmax layer always starts with Glorot.
    """
    seeds = iter(np.random.default_rng(seed).integers(2**31, size=len(network.hidden) + 1).tolist())
    image = keras.Input((28, 28), name="image")
    outputs: dict[str, Any] = {}
    last = image
    for layer in layers(network):
        inputs = [outputs[name] for name in layer.inputs] or [image]
        last = _keras_layer(layer, network, seeds)(inputs if layer.kind == "add" else inputs[0])
        outputs[layer.name] = last
    return keras.Model(image, last, name="network")


def forward(model: keras.Model, network: NetworkSettings, images: Any, real: Any, chance: Any) -> Any:
    """One step's way through the model that ``build`` made of this network, as Keras goes it in training.

    Layers are called one by one, because Keras would not hand on to batch normalisation which images are
    real: mean and variance are theirs; and because Keras' Dropout draws from a generator of its own, which no
    checkpoint holds.

    Args:
        images: (n, 28, 28) normalised floats.
        real: (n,) bool; images that are not fill up a batch.
        chance: (2,) int32, the step's own; what dropout leaves out follows from it and the layer's place.

    Returns:
        Probabilities (n, 10).
    """
    outputs: dict[str, Any] = {}
    last = images
    for place, plan in enumerate(layers(network)):
        layer = model.get_layer(plan.name)
        inputs = [outputs[name] for name in plan.inputs] or [images]
        if plan.kind == "dropout":
            last = outputs[plan.name] = drop(inputs[0], network.dropout, fold_in(chance, place))
            continue
        options = {"training": True, "mask": real} if plan.kind == "batch-normalization" else {}
        last = layer.call(inputs if plan.kind == "add" else inputs[0], **options)
        outputs[plan.name] = last
    return last


def _keras_layer(layer: Layer, network: NetworkSettings, seeds: Iterator[int]) -> keras.layers.Layer:
    if layer.kind == "flatten":
        return keras.layers.Flatten(name=layer.name)
    if layer.kind == "batch-normalization":
        return keras.layers.BatchNormalization(name=layer.name)
    if layer.kind == "maxout":
        return Maxout(ACTIVATIONS[layer.activation].pieces, name=layer.name)
    if layer.kind == "dropout":
        return keras.layers.Dropout(network.dropout, name=layer.name)
    if layer.kind == "add":
        return keras.layers.Add(name=layer.name)
    if layer.kind == "activation":
        return keras.layers.Activation(_keras_activation(layer.activation), name=layer.name)
    initializer = KERAS_DEFAULT if layer.kind == "output" else initializer_for(network)
    return keras.layers.Dense(
        layer.width,
        activation=_keras_activation(layer.activation),
        kernel_initializer=keras_initializer(initializer, seed=next(seeds)),
        name=layer.name,
    )


def keras_initializer(code: str, *, seed: int) -> keras.initializers.Initializer:
    """Keras' initialiser of a code of ``INITIALIZERS``."""
    return getattr(keras.initializers, INITIALIZERS[code].keras_class)(seed=seed)


def _keras_activation(code: str) -> str | None:
    return ACTIVATIONS[code].keras_name if code in ACTIVATIONS else code or None


def weights(model: keras.Model) -> dict[str, npt.NDArray[np.float32]]:
    """Copies of all variables by "layer/variable": "dense_1/kernel" (784, 300), "dense_1/bias" (300,), …"""
    return {_key(layer, variable): np.array(variable.numpy()) for layer, variable in _variables(model)}


def set_weights(model: keras.Model, weights: Mapping[str, npt.NDArray[Any]]) -> None:
    """Undo ``weights``. Raises WrongWeights, and changes nothing, unless names and shapes all agree."""
    expected = {_key(layer, variable): tuple(variable.shape) for layer, variable in _variables(model)}
    check_weights(expected, weights)
    for layer, variable in _variables(model):
        variable.assign(weights[_key(layer, variable)])


def _variables(model: keras.Model) -> list[tuple[keras.layers.Layer, keras.Variable]]:
    return [(layer, variable) for layer in model.layers for variable in layer.weights]


def _key(layer: keras.layers.Layer, variable: keras.Variable) -> str:
    return f"{layer.name}/{variable.name}"
