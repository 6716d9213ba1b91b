"""The plan of a network, layer by layer, with its arithmetic; known before Keras builds anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.choices.activations import ACTIVATIONS
from core.errors import N_, LabError
from core.settings import DIGITS, PIXELS, NetworkSettings, part_as_if


class WrongWeights(LabError):
    """Weights do not belong to this network."""


@dataclass(frozen=True)
class Layer:
    """One layer of the plan; ``name`` is the name of the Keras layer.

    ``kind`` is "flatten", "dense", "batch-normalization", "activation", "maxout", "dropout", "add" or
    "output". ``inputs`` names the layers it reads: () for the image, two for "add". ``activation`` is the
    code of the activation that this layer applies, "softmax" at the output, "" where it applies none.
    ``arithmetic`` writes ``parameters`` out, such as "784 × 300 + 300 = 235,500"; "" where there are none.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    input_width: int
    width: int
    parameters: int = 0
    arithmetic: str = ""
    activation: str = ""


def layers(network: NetworkSettings) -> tuple[Layer, ...]:
    """All layers from the image to the ten probabilities, in the order of computation.

    A hidden layer is Dense → [BatchNormalization] → activation → [Dropout]. Dense applies an ordinary
    activation itself when nothing stands between. With ``residual``, hidden layers are taken in pairs (1 and
    2, 3 and 4, …); where a pair is as wide as its input, that input is added to its output.
    """
    return tuple(_layers(network))


def answering(network: NetworkSettings) -> NetworkSettings:
    """The network as it answers and is measured: without dropout, which acts in training steps only."""
    return part_as_if(network, dropout=0.0)


def _layers(network: NetworkSettings) -> Iterator[Layer]:
    last = pair_input = Layer("flatten", "flatten", (), PIXELS, PIXELS)
    yield last
    for number, width in enumerate(network.hidden, start=1):
        for layer in _hidden_layer(network, number, width, last):
            yield layer
            last = layer
        if number % 2 == 0:
            if network.residual and pair_input.width == width:
                last = Layer(f"add_{number}", "add", (last.name, pair_input.name), width, width)
                yield last
            pair_input = last
    yield _dense("output", "output", last, DIGITS, 1, "softmax")


def _hidden_layer(network: NetworkSettings, number: int, width: int, last: Layer) -> Iterator[Layer]:
    activation = ACTIVATIONS[network.activation]
    sums = width * activation.pieces
    fused = not network.batch_normalization and activation.keras_name is not None
    applied = activation.code if fused else ""
    dense = _dense(f"dense_{number}", "dense", last, width, activation.pieces, applied)
    yield dense
    before = dense.name
    if network.batch_normalization:
        before = f"batch_normalization_{number}"
        arithmetic = f"4 × {sums} = {4 * sums:,}"
        yield Layer(before, "batch-normalization", (dense.name,), sums, sums, 4 * sums, arithmetic)
    if not fused:
        kind = "maxout" if activation.keras_name is None else "activation"
        yield Layer(f"{kind}_{number}", kind, (before,), sums, width, activation=activation.code)
        before = f"{kind}_{number}"
    if network.dropout:
        yield Layer(f"dropout_{number}", "dropout", (before,), width, width)


def _dense(name: str, kind: str, last: Layer, width: int, pieces: int, activation: str) -> Layer:
    parameters = (last.width + 1) * width * pieces
    product = f"{last.width} × {width} + {width}"
    arithmetic = f"{product} = {parameters:,}" if pieces == 1 else f"{pieces} × ({product}) = {parameters:,}"
    return Layer(name, kind, (last.name,), last.width, width * pieces, parameters, arithmetic, activation)


def layer_table(network: NetworkSettings) -> pd.DataFrame:
    """One row a layer: name, kind, inputs, input_width, width, parameters, arithmetic, activation."""
    return pd.DataFrame([vars(layer) for layer in layers(network)])


def parameter_count(network: NetworkSettings) -> int:
    """All parameters, as ``keras.Model.count_params`` counts them."""
    return sum(layer.parameters for layer in layers(network))


def weight_shapes(network: NetworkSettings) -> dict[str, tuple[int, ...]]:
    """Every variable of the network by "layer/variable", such as "dense_1/kernel": (784, 300)."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in layers(network):
        if layer.kind in ("dense", "output"):
            shapes[f"{layer.name}/kernel"] = (layer.input_width, layer.width)
            shapes[f"{layer.name}/bias"] = (layer.width,)
        elif layer.kind == "batch-normalization":
            for variable in ("gamma", "beta", "moving_mean", "moving_variance"):
                shapes[f"{layer.name}/{variable}"] = (layer.width,)
    return shapes


def check_weights(expected: Mapping[str, tuple[int, ...]], weights: Mapping[str, npt.NDArray[Any]]) -> None:
    """Raise WrongWeights unless the weights have exactly the expected names and shapes."""
    received = {name: np.shape(value) for name, value in weights.items()}
    for name in sorted(expected.keys() | received.keys()):
        if expected.get(name) != received.get(name):
            raise WrongWeights(
                N_(
                    "These weights belong to another network: {name} has shape {received}, expected "
                    "{expected}. Use them with the settings they were trained with."
                ),
                name=name,
                received=received.get(name, "none"),
                expected=expected.get(name, "none"),
            )
