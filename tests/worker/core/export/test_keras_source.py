"""The source text is run, and what it makes is held against what the lab makes."""

import ast
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import core
from core.architecture.plan import layers
from core.choices.activations import ACTIVATIONS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import codes
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.dataset.prepared import prepare
from core.dataset.split import split
from core.drawing.our_handwriting import pack
from core.export.keras_source import keras_source, sections
from core.export.network_source import keras_model_source
from core.network.model import build
from core.settings import (
    DEFAULT,
    NORMALIZATIONS,
    PRESETS,
    SPLITS,
    NetworkSettings,
    Settings,
)

ROOT = Path(core.__file__).parents[1]
LONGEST_LINE = 100
REMEDIES = ("dropout", "l2", "label_smoothing", "shift", "turn", "thickness")
HIDDEN = ((12, 8), (12, 8, 8, 8, 8))
SETUP, DATA, NORMALIZATION, NETWORK, TRAINING, TEST = sections(DEFAULT)


def run(code: str, **names: Any) -> dict[str, Any]:
    """What the names stand for after the code, without its two lines about threads."""
    lines = [line for line in code.splitlines() if "threading" not in line and line != "model.summary()"]
    scope: dict[str, Any] = {**names}
    exec(compile("\n".join(lines), "<source>", "exec"), scope)
    return scope


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    mnist = load_mnist()
    parts = (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: parts)


def every_settings() -> list[Settings]:
    """Each choice of the network with each, and each of the others with each."""
    shapes = ((), (300, 100), (9,) * 4, (100,) * 20, tuple(range(10, 60)))
    networks = [
        NetworkSettings(hidden, activation, initializer, normalized, residual)
        for hidden, activation, initializer, normalized, residual in product(
            shapes, ("relu", "leaky-relu", "maxout"), codes("initializer"), (False, True), (False, True)
        )
    ]
    others = [
        DEFAULT.change(split=part, normalization=method, handwriting=own, loss=loss, optimizer=optimizer)
        for part, method, own, loss, optimizer in product(
            SPLITS, NORMALIZATIONS, (False, True), LOSSES, OPTIMIZERS
        )
    ]
    remedies = [
        DEFAULT.change(activation="leaky-relu", initializer="lecun", loss=loss, **dict.fromkeys(names, 0.5))
        for loss in LOSSES
        for count in range(1, len(REMEDIES) + 1)
        for names in combinations(REMEDIES, count)
    ]
    return [replace(DEFAULT, network=network) for network in networks] + others + remedies


def test_every_source_is_tidy_python() -> None:
    for settings in every_settings():
        for text in (keras_source(settings), keras_model_source(settings.network)):
            ast.parse(text)
            assert all(len(line) <= LONGEST_LINE for line in text.splitlines())
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\n\n\n\n" not in text


def test_only_what_the_settings_need_is_written() -> None:
    plain = keras_source(DEFAULT)
    needs = {
        "Maxout": DEFAULT.change(activation="maxout"),
        "BatchNormalization": DEFAULT.change(batch_normalization=True),
        "Add()": DEFAULT.change(hidden=(9,) * 4, residual=True),
        "train_test_split": DEFAULT.change(split="stratified"),
        "MinMaxScaler": DEFAULT.change(normalization="min-max"),
        "handwriting.npz": DEFAULT.change(handwriting=True),
        "to_categorical": DEFAULT.change(loss="squared-error"),
        "momentum": DEFAULT.change(optimizer="momentum"),
        "clipnorm": DEFAULT.change(gradient_clipping=1.0),
        "Dropout(0.2": DEFAULT.change(dropout=0.2),
        "regularizers.L2(0.001)": DEFAULT.change(l2=0.001),
        "label_smoothing=0.1": DEFAULT.change(label_smoothing=0.1),
        "RandomTranslation(2.0 / 28, 2.0 / 28": DEFAULT.change(shift=2.0),
        "RandomRotation(10.0 / 360": DEFAULT.change(turn=10.0),
        "grey_dilation": DEFAULT.change(thickness=0.5),
    }
    for word, settings in needs.items():
        assert word not in plain
        assert word in keras_source(settings)
    assert "sklearn" not in keras_source(DEFAULT.change(normalization="none"))
    assert "Add()" not in keras_source(DEFAULT.change(residual=True)), "300-100 has no pair that fits"


def test_the_source_imports_nothing_of_the_lab() -> None:
    for settings in (DEFAULT, DEFAULT.change(activation="maxout", split="stratified", thickness=1.0)):
        for node in ast.walk(ast.parse(keras_source(settings))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = (
                    [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                )
                assert {name.split(".")[0] for name in names} <= {
                    "keras",
                    "numpy",
                    "tensorflow",
                    "os",
                    "scipy",
                    "sklearn",
                    "typing",
                }


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("normalized", "residual"), [(False, False), (True, True)])
def test_the_network_begins_as_the_labs_does(activation: str, normalized: bool, residual: bool) -> None:
    for hidden, initializer in zip(HIDDEN, ("glorot", "activation"), strict=True):
        network = NetworkSettings(hidden, activation, initializer, normalized, residual)
        settings = replace(DEFAULT, network=network).change(seed=7)
        parts = sections(settings)
        model, expected = run(parts[SETUP] + parts[NETWORK])["model"], build(network, seed=7)
        assert model.count_params() == expected.count_params()
        assert len(model.weights) == len(expected.weights)
        for variable, right in zip(model.weights, expected.weights, strict=True):
            np.testing.assert_array_equal(variable.numpy(), right.numpy())
        image = np.random.default_rng(0).normal(size=(2, 28, 28)).astype(np.float32)
        np.testing.assert_array_equal(model(image).numpy(), expected(image).numpy())


def test_softmax_regression_is_short() -> None:
    for activation in ("relu", "maxout"):
        network = NetworkSettings((), activation)
        model = run(keras_model_source(network))["model"]
        assert [type(layer).__name__ for layer in model.layers] == ["Flatten", "Dense"]
        parts = sections(replace(DEFAULT, network=network))
        model, expected = run(parts[SETUP] + parts[NETWORK])["model"], build(network, seed=0)
        np.testing.assert_array_equal(model.weights[0].numpy(), expected.weights[0].numpy())


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("normalized", "residual"), [(False, False), (True, True)])
def test_the_short_listing_is_the_plan(activation: str, normalized: bool, residual: bool) -> None:
    for hidden, initializer in zip(HIDDEN, ("he", "activation"), strict=True):
        network = NetworkSettings(hidden, activation, initializer, normalized, residual)
        model = run(keras_model_source(network))["model"]
        expected, plan = build(network), layers(network)
        made = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
        assert isinstance(model, keras.Sequential) != any(layer.kind == "add" for layer in plan)
        assert [layer.count_params() for layer in made] == [layer.parameters for layer in plan]
        for layer, planned in zip(made, plan, strict=True):
            right = expected.get_layer(planned.name)
            assert type(layer).__name__ == type(right).__name__
            assert layer.output.shape == right.output.shape
            if planned.kind in ("dense", "output"):
                assert type(layer.kernel_initializer) is type(right.kernel_initializer)
                assert layer.activation is right.activation


def test_the_short_listing_of_the_report_is_what_a_textbook_writes() -> None:
    assert keras_model_source(PRESETS["three-layer"].network) == (
        "import keras\n"
        "from keras import layers\n"
        "\n"
        "model = keras.Sequential(\n"
        "    [\n"
        "        keras.Input((28, 28)),\n"
        "        layers.Flatten(),\n"
        '        layers.Dense(300, activation="relu"),\n'
        '        layers.Dense(100, activation="relu"),\n'
        '        layers.Dense(10, activation="softmax"),\n'
        "    ]\n"
        ")\n"
    )


@pytest.mark.parametrize("part", SPLITS)
@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_the_parts_are_the_labs_to_the_last_bit(
    part: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline(monkeypatch)
    settings = DEFAULT.change(split=part, normalization=method, train=3_000, validation=500, split_seed=4)
    code = sections(settings)
    made = run(code[SETUP] + code[DATA] + code[NORMALIZATION])
    parts = split(settings.data, load_mnist())
    normalization = fit(method, parts.train.images)
    for name, expected in (("train", parts.train), ("valid", parts.validation), ("test", parts.test)):
        np.testing.assert_array_equal(made[f"x_{name}"], normalization.transform(expected.images))
        np.testing.assert_array_equal(made[f"y_{name}"], expected.labels)
        assert made[f"x_{name}"].dtype == np.float32


def test_the_reports_normalisation_comes_out_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    code = sections(DEFAULT)
    made = run(code[SETUP] + code[DATA] + code[NORMALIZATION])
    assert made["x_train"].shape == (55_000, 28, 28)
    assert (made["x_train"].min(), made["x_train"].max()) == (np.float32(-0.4241323), np.float32(2.8209424))


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_drawings_train_and_scale_as_in_the_lab(
    method: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offline(monkeypatch)
    monkeypatch.chdir(tmp_path)
    drawn = np.random.default_rng(0).integers(0, 200, (7, 28, 28), np.uint8)
    np.savez_compressed("handwriting.npz", images=drawn, labels=np.arange(7, dtype=np.uint8))
    settings = DEFAULT.change(train=1_000, validation=100, normalization=method, handwriting=True)
    code = sections(settings)
    made = run(code[SETUP] + code[DATA] + code[NORMALIZATION])
    lab = prepare(settings.data, (drawn, np.arange(7, dtype=np.uint8)))
    np.testing.assert_array_equal(made["x_train"], lab.normalized(lab.images))
    np.testing.assert_array_equal(made["x_valid"], lab.normalized(lab.validation_images))
    np.testing.assert_array_equal(made["y_train"], lab.labels)


def test_no_drawings_are_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A run may ask for drawings when the class has none."""
    offline(monkeypatch)
    monkeypatch.chdir(tmp_path)
    Path("handwriting.npz").write_bytes(pack([]))
    settings = DEFAULT.change(train=1_000, validation=100, handwriting=True)
    code = sections(settings)
    made = run(code[SETUP] + code[DATA] + code[NORMALIZATION])
    lab = prepare(settings.data)
    np.testing.assert_array_equal(made["x_train"], lab.normalized(lab.images))


def test_the_test_set_is_scored_only_when_a_hand_says_so() -> None:
    for settings in (DEFAULT, DEFAULT.change(loss="squared-error", handwriting=True)):
        source = keras_source(settings)
        assert source.count("LOOK_AT_TEST = False\n") == 1
        before, opened = source.split("if LOOK_AT_TEST:\n")
        assert "evaluate" not in before
        assert opened.startswith("    loss, accuracy = model.evaluate(x_test, y_test")
