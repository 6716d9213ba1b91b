"""The plan of a network: its layers, its arithmetic, and that no TensorFlow is needed for it."""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from core.architecture.plan import (
    Layer,
    WrongWeights,
    check_weights,
    layer_table,
    layers,
    parameter_count,
    weight_shapes,
)
from core.choices.activations import ACTIVATIONS
from core.settings import PRESETS, NetworkSettings

SHAPES = [(), (300, 100), (784, 784, 784), (1,), (7, 7, 7, 7, 7), (5, 6, 6, 5, 5, 5), (20,) * 50]
NETWORKS = [
    NetworkSettings(hidden, activation, batch_normalization=batch_normalization, residual=residual)
    for hidden, activation, batch_normalization, residual in product(
        SHAPES, ("relu", "maxout"), (False, True), (False, True)
    )
    if (hidden, activation) != ((784, 784, 784), "maxout")  # more weights than the lab allows
]


def kinds(network: NetworkSettings) -> list[str]:
    return [layer.kind for layer in layers(network)]


def evaluate(arithmetic: str) -> tuple[int, int]:
    """Both sides of "784 × 300 + 300 = 235,500"."""
    assert re.fullmatch(r"[0-9 ×+()]+ = [0-9,]+", arithmetic)
    left, right = arithmetic.split(" = ")
    return eval(left.replace("×", "*")), int(right.replace(",", ""))


def test_the_reports_networks_written_out() -> None:
    three = PRESETS["three-layer"].network
    assert layers(three) == (
        Layer("flatten", "flatten", (), 784, 784),
        Layer("dense_1", "dense", ("flatten",), 784, 300, 235_500, "784 × 300 + 300 = 235,500", "relu"),
        Layer("dense_2", "dense", ("dense_1",), 300, 100, 30_100, "300 × 100 + 100 = 30,100", "relu"),
        Layer("output", "output", ("dense_2",), 100, 10, 1_010, "100 × 10 + 10 = 1,010", "softmax"),
    )
    twenty = layers(PRESETS["twenty-layer"].network)
    assert [layer.parameters for layer in twenty] == [0, 78_500, *[10_100] * 19, 1_010]
    assert parameter_count(three) == 266_610
    assert parameter_count(PRESETS["twenty-layer"].network) == 271_410


def test_no_hidden_layer_is_softmax_regression() -> None:
    for activation, normalized, residual in product(ACTIVATIONS, (False, True), (False, True)):
        network = NetworkSettings((), activation, "he", normalized, residual)
        assert kinds(network) == ["flatten", "output"]
        assert parameter_count(network) == 7_850


def test_hidden_layer_of_each_sort() -> None:
    network = NetworkSettings((300,))
    assert kinds(network) == ["flatten", "dense", "output"]
    network = replace(network, batch_normalization=True)
    assert kinds(network) == ["flatten", "dense", "batch-normalization", "activation", "output"]
    network = replace(network, activation="maxout")
    assert kinds(network) == ["flatten", "dense", "batch-normalization", "maxout", "output"]
    _, dense, normalization, maxout, output = layers(network)
    assert (dense.width, dense.activation) == (600, "")
    assert dense.arithmetic == "2 × (784 × 300 + 300) = 471,000"
    assert (normalization.width, normalization.arithmetic) == (600, "4 × 600 = 2,400")
    assert (maxout.input_width, maxout.width, maxout.activation) == (600, 300, "maxout")
    assert output.input_width == 300


def skips(*hidden: int) -> list[tuple[str, ...]]:
    network = NetworkSettings(hidden, residual=True)
    return [layer.inputs for layer in layers(network) if layer.kind == "add"]


def test_skips_join_every_pair_that_is_as_wide_as_its_input() -> None:
    assert skips(300, 100) == []
    assert skips(784, 784) == [("dense_2", "flatten")]
    assert (
        skips(100, 100, 100) == []
    )  # the first pair's input has 784 numbers, the second pair is not complete
    assert skips(100, 100, 100, 100) == [("dense_4", "dense_2")]
    assert skips(*[100] * 6) == [("dense_4", "dense_2"), ("dense_6", "add_4")]
    assert skips(50, 100, 60, 100, 70, 90) == [("dense_4", "dense_2")]
    assert len(skips(*[100] * 20)) == 9


def test_skips_start_after_the_activation() -> None:
    network = NetworkSettings((8,) * 4, batch_normalization=True, residual=True)
    assert [layer.inputs for layer in layers(network) if layer.kind == "add"] == [
        ("activation_4", "activation_2")
    ]
    network = replace(network, activation="maxout")
    assert [layer.inputs for layer in layers(network) if layer.kind == "add"] == [("maxout_4", "maxout_2")]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_every_plan_fits_together(network: NetworkSettings) -> None:
    plan = layers(network)
    widths = {layer.name: layer.width for layer in plan}
    assert len(widths) == len(plan), "names are unique"
    seen: set[str] = set()
    for layer in plan:
        assert set(layer.inputs) <= seen, "a layer reads only what is computed before it"
        assert all(widths[name] == layer.input_width for name in layer.inputs)
        seen.add(layer.name)
    assert (plan[0].kind, plan[0].inputs, plan[-1].name, plan[-1].width) == ("flatten", (), "output", 10)
    assert sum(layer.kind == "dense" for layer in plan) == len(network.hidden)
    assert sum(layer.activation == network.activation for layer in plan) == len(network.hidden)
    assert seen - {"output"} == {name for layer in plan for name in layer.inputs}, (
        "nothing is computed in vain"
    )


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_the_arithmetic_is_right(network: NetworkSettings) -> None:
    for layer in layers(network):
        assert bool(layer.arithmetic) == bool(layer.parameters)
        if layer.arithmetic:
            assert evaluate(layer.arithmetic) == (layer.parameters, layer.parameters)
    shapes = weight_shapes(network)
    assert sum(int(np.prod(shape)) for shape in shapes.values()) == parameter_count(network)
    if not network.batch_normalization:
        assert parameter_count(network) == network.weight_count()


def test_the_table_is_the_plan() -> None:
    network = NetworkSettings((9,) * 4, "maxout", batch_normalization=True, residual=True)
    table = layer_table(network)
    assert [
        Layer(**{str(name): value for name, value in row.items()}) for row in table.to_dict("records")
    ] == list(layers(network))
    assert not table.isna().to_numpy().any()


def test_weights_are_named_after_their_layers() -> None:
    assert weight_shapes(NetworkSettings((5,), batch_normalization=True)) == {
        "dense_1/kernel": (784, 5),
        "dense_1/bias": (5,),
        **{
            f"batch_normalization_1/{name}": (5,)
            for name in ("gamma", "beta", "moving_mean", "moving_variance")
        },
        "output/kernel": (5, 10),
        "output/bias": (10,),
    }


def test_foreign_weights_are_refused_by_name() -> None:
    shapes = weight_shapes(NetworkSettings((5,)))
    weights = {name: np.zeros(shape) for name, shape in shapes.items()}
    check_weights(shapes, weights)
    without = {name: weight for name, weight in weights.items() if name != "dense_1/bias"}
    for wrong, named in [
        (without, "dense_1/bias has shape none, expected (5,)"),
        ({**weights, "dense_2/kernel": np.zeros((5, 5))}, "dense_2/kernel has shape (5, 5), expected none"),
        (
            {**weights, "output/kernel": np.zeros((6, 10))},
            "output/kernel has shape (6, 10), expected (5, 10)",
        ),
        ({**weights, "output/kernel": np.zeros((10, 5))}, "output/kernel has shape (10, 5)"),
        ({}, "dense_1/bias has shape none"),
    ]:
        with pytest.raises(WrongWeights, match=re.escape(named)):
            check_weights(shapes, wrong)
