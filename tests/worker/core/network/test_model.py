"""The Keras models, held against their plan."""

import contextlib
import io
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.architecture.plan import Layer, WrongWeights, layers, parameter_count, weight_shapes
from core.choices.activations import ACTIVATIONS
from core.network.maxout import Maxout
from core.network.model import build, set_weights, weights
from core.settings import PRESETS, NetworkSettings

SMALL = [
    NetworkSettings((12, 8, 8, 8), activation, "activation", normalized, residual)
    for activation in ACTIVATIONS
    for normalized in (False, True)
    for residual in (False, True)
]
KERAS_CLASSES = {
    "flatten": "Flatten",
    "dense": "Dense",
    "output": "Dense",
    "batch-normalization": "BatchNormalization",
    "activation": "Activation",
    "maxout": "Maxout",
    "add": "Add",
}


@pytest.fixture(autouse=True)
def _wide_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # so that no line of a summary is cut


def summary(model: keras.Model) -> tuple[list[tuple[str, str, int, int]], int]:
    """(name, class, last axis, parameters) of each row of ``model.summary()``, and its total."""
    lines: list[str] = []
    model.summary(line_length=200, print_fn=lambda line, **_: lines.append(line))
    text = "\n".join(lines)
    rows = re.findall(r"│ (\w+) \((\w+)\) +│ \(None,(?: 28,)? (\d+)\) +│ +([\d,]+) │", text)
    total = re.search(r"Total params: ([\d,]+)", text)
    assert total is not None
    numbers = [(name, kind, int(width), int(count.replace(",", ""))) for name, kind, width, count in rows]
    return numbers, int(total[1].replace(",", ""))


def row(layer: Layer) -> tuple[str, str, int, int]:
    return layer.name, KERAS_CLASSES[layer.kind], layer.width, layer.parameters


@pytest.mark.parametrize(
    "network", [*SMALL, NetworkSettings(()), *(p.network for p in PRESETS.values())], ids=repr
)
def test_the_plan_is_kerass_own_summary(network: NetworkSettings) -> None:
    model = build(network, seed=0)
    rows, total = summary(model)
    assert rows == [("image", "InputLayer", 28, 0), *map(row, layers(network))]
    assert total == model.count_params() == parameter_count(network)
    assert {name: weight.shape for name, weight in weights(model).items()} == weight_shapes(network)
    assert model.input_shape == (None, 28, 28)
    assert model.output_shape == (None, 10)
    answers = model(np.random.default_rng(0).normal(size=(3, 28, 28)).astype(np.float32)).numpy()
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)


def test_the_reports_networks_have_the_reports_parameters() -> None:
    assert build(PRESETS["three-layer"].network).count_params() == 266_610
    assert build(PRESETS["twenty-layer"].network).count_params() == 271_410


def test_fifty_layers_can_be_built() -> None:
    network = NetworkSettings((10,) * 50, "maxout", batch_normalization=True, residual=True)
    assert build(network).count_params() == parameter_count(network)


def test_connections_are_those_of_the_plan() -> None:
    network = NetworkSettings((8,) * 6, residual=True)
    model = build(network)
    for layer in layers(network)[1:]:
        tensors = model.get_layer(layer.name).input
        received = [
            tensor._keras_history.operation.name for tensor in (tensors if layer.kind == "add" else [tensors])
        ]
        assert tuple(received) == layer.inputs


def test_the_seed_decides_all_initial_weights() -> None:
    network = NetworkSettings((20, 20, 20), "maxout", batch_normalization=True)
    one, same, other = (weights(build(network, seed=seed)) for seed in (3, 3, 4))
    for name in one:
        np.testing.assert_array_equal(one[name], same[name])
        assert name.endswith("kernel") != np.array_equal(one[name], other[name])
    drawn, again = weights(build(network)), weights(build(network))
    assert not np.array_equal(drawn["dense_1/kernel"], again["dense_1/kernel"])


def test_layers_and_neighbouring_seeds_share_no_weights() -> None:
    """A layer must not begin as its neighbour does, nor as the next layer does in the next seed's run."""
    networks = [weights(build(NetworkSettings((16,) * 4), seed=seed)) for seed in (0, 1)]
    kernels = [run[f"dense_{number}/kernel"] for run in networks for number in (2, 3, 4)]
    for one, other in combinations(kernels, 2):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.25


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [("glorot", 2 / (400 + 200)), ("he", 2 / 400), ("lecun", 1 / 400), ("activation", 2 / 400)],
)
def test_initial_weights_have_the_initializers_variance(initializer: str, variance: float) -> None:
    initial = weights(build(NetworkSettings((400, 200), "relu", initializer), seed=0))
    assert initial["dense_2/kernel"].var() == pytest.approx(variance, rel=0.02)
    assert initial["output/kernel"].var() == pytest.approx(2 / 210, rel=0.1)  # always Glorot
    assert not initial["dense_2/bias"].any()


def test_maxout_of_a_dense_layer_by_hand() -> None:
    model = build(NetworkSettings((3,), "maxout"), seed=0)
    image = np.random.default_rng(1).normal(size=(1, 28, 28)).astype(np.float32)
    kernel = weights(model)["dense_1/kernel"]
    sums = image.reshape(784) @ kernel
    expected = [max(sums[0], sums[1]), max(sums[2], sums[3]), max(sums[4], sums[5])]
    hidden = keras.Model(model.input, model.get_layer("maxout_1").output)
    np.testing.assert_allclose(hidden(image).numpy()[0], expected, rtol=1e-5)


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_maxout_gradients_agree_with_finite_differences(pieces: int) -> None:
    inputs = np.random.default_rng(0).normal(size=(5, 4 * pieces))
    layer = Maxout(pieces, dtype="float64")
    theoretical, numerical = tf.test.compute_gradient(layer, [tf.constant(inputs)])
    np.testing.assert_allclose(theoretical[0], numerical[0], atol=1e-6)


def test_maxout_is_a_layer_of_its_own() -> None:
    layer = Maxout(3, name="largest")
    assert layer.compute_output_shape((None, 12)) == (None, 4)
    again = Maxout.from_config(layer.get_config())
    assert (again.pieces, again.name) == (3, "largest")
    assert tuple(layer(np.zeros((2, 12))).shape) == (2, 4)
    assert keras.saving.get_registered_name(Maxout) == "digits>Maxout"


def test_a_maxout_network_survives_saving(tmp_path: Path) -> None:
    model = build(NetworkSettings((6, 6), "maxout", batch_normalization=True), seed=2)
    images = np.random.default_rng(0).normal(size=(4, 28, 28)).astype(np.float32)
    model.save(tmp_path / "maxout.keras")
    again = keras.models.load_model(tmp_path / "maxout.keras")
    np.testing.assert_array_equal(again(images).numpy(), model(images).numpy())
    from_json = keras.models.model_from_json(model.to_json())
    set_weights(from_json, weights(model))
    np.testing.assert_array_equal(from_json(images).numpy(), model(images).numpy())


def test_weights_go_out_and_come_back() -> None:
    network = NetworkSettings((8, 8), batch_normalization=True)
    one, other = build(network, seed=0), build(network, seed=1)
    changed = {name: weight + 1 for name, weight in weights(one).items()}
    set_weights(other, changed)
    for name, weight in weights(other).items():
        np.testing.assert_array_equal(weight, changed[name])
        assert weight.dtype == np.float32


def test_wrong_weights_change_nothing() -> None:
    model = build(NetworkSettings((8,)), seed=0)
    before = weights(model)
    missing = {name: weight + 1 for name, weight in before.items() if name != "output/bias"}
    reshaped = {**before, "output/bias": np.ones(11)}
    foreign = weights(build(NetworkSettings((9,))))
    wrongs: tuple[dict[str, Any], ...] = (missing, reshaped, foreign, {})
    for wrong in wrongs:
        with pytest.raises(WrongWeights):
            set_weights(model, wrong)
    for name, weight in weights(model).items():
        np.testing.assert_array_equal(weight, before[name])


def test_weights_are_copies() -> None:
    model = build(NetworkSettings((8,)), seed=0)
    kept = weights(model)
    before = {name: weight.copy() for name, weight in kept.items()}
    set_weights(model, {name: weight + 1 for name, weight in before.items()})
    for name in kept:
        np.testing.assert_array_equal(kept[name], before[name])


def test_building_prints_nothing() -> None:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        build(NetworkSettings((8,)))
    assert printed.getvalue() == ""
