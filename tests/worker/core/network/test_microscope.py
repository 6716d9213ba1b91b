from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.architecture.plan import layers
from core.dataset.prepared import prepare
from core.network import model as models
from core.network.compiled_steps import keras_loss
from core.network.microscope import Microscope, count
from core.runs.progress import HISTOGRAM_EDGES, LAYER_MEASURES, Pictures
from core.settings import Settings

SETTINGS = Settings().change(train=500, validation=100, normalization="min-max", hidden=(20, 20))


def look_into(settings: Any, images: int = 128, change: Any = None) -> Any:
    """A fresh network, a microscope on it, and its probe batch."""
    data = prepare(settings.data)
    model = models.build(settings.network, seed=settings.training.seed)
    if change:
        models.set_weights(model, models.weights(model) | change)
    probe, labels = data.normalized(data.images[:images]), data.labels[:images]
    view = Microscope(model, settings.network, keras_loss(settings.training.loss), probe, labels)
    return model, view, probe, labels


def measure(record: Any, name: Any) -> Any:
    return record[LAYER_MEASURES.index(name)]


def rms(values: Any) -> Any:
    return np.sqrt(np.mean(np.square(np.asarray(values, np.float64))))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"hidden": ()},
        {"activation": "tanh", "loss": "squared-error"},
        {"activation": "maxout"},
        {"activation": "gelu", "hidden": (20, 20, 20, 20), "residual": True},
        {"batch_normalization": True, "hidden": (20, 20, 20, 20), "residual": True},
        {"activation": "maxout", "batch_normalization": True},
    ],
)
def test_gradients_are_those_of_a_tape_by_hand(change: Any) -> None:
    settings = SETTINGS.change(**change)
    model, view, images, labels = look_into(settings)
    record, _ = view.look()
    losses: dict[str, Any] = {
        "cross-entropy": lambda p: keras.losses.SparseCategoricalCrossentropy()(labels, p),
        "squared-error": lambda p: tf.reduce_mean(tf.square(p - tf.one_hot(labels, 10))),
    }
    loss = losses[settings.training.loss]
    kernels = [
        model.get_layer(plan.name).kernel for plan in layers(settings.network) if "dense_" in plan.name
    ] + [model.get_layer("output").kernel]
    with tf.GradientTape() as tape:
        value = loss(model(images, training=True))
    expected = tape.gradient(value, [kernel.value for kernel in kernels])
    assert record.shape == (len(LAYER_MEASURES), len(settings.network.hidden) + 1)
    assert record.dtype == np.float32
    np.testing.assert_allclose(measure(record, "gradient_rms"), [rms(g) for g in expected], rtol=2e-4)
    np.testing.assert_allclose(measure(record, "weight_rms"), [rms(k) for k in kernels], rtol=1e-6)


def test_gradients_are_those_of_finite_differences() -> None:
    """On a tiny network, in 64 bits, with nothing of TensorFlow or Keras."""
    settings = SETTINGS.change(hidden=(4, 3), activation="tanh")
    model, view, images, labels = look_into(settings, images=16)
    weights = {name: weight.astype(np.float64) for name, weight in models.weights(model).items()}

    def loss() -> Any:
        signal = images.reshape(len(images), -1).astype(np.float64)
        for name in ("dense_1", "dense_2"):
            signal = np.tanh(signal @ weights[f"{name}/kernel"] + weights[f"{name}/bias"])
        scores = signal @ weights["output/kernel"] + weights["output/bias"]
        return np.mean(np.log(np.exp(scores).sum(1)) - scores[np.arange(len(labels)), labels])

    expected = []
    for name in ("dense_1/kernel", "dense_2/kernel", "output/kernel"):
        slopes = np.zeros_like(weights[name])
        for place in np.ndindex(slopes.shape):
            kept = weights[name][place]
            weights[name][place] = kept + 1e-5
            above = loss()
            weights[name][place] = kept - 1e-5
            slopes[place] = (above - loss()) / 2e-5
            weights[name][place] = kept
        expected.append(rms(slopes))
    np.testing.assert_allclose(measure(view.look()[0], "gradient_rms"), expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("activation", "initializer", "second", "output"),
    [
        ("sigmoid", "glorot", 1.7e-14, 3.6e-2),
        ("tanh", "glorot", 3.4e-3, 7.1e-3),
        ("relu", "glorot", 5.0e-6, 1.3e-5),
        ("relu", "he", 3.6e-3, 1.6e-2),
        ("elu", "he", 5.1e-2, 1.8e-1),
    ],
)
def test_twenty_fresh_layers_show_the_known_orders_of_magnitude(
    activation: str, initializer: str, second: float, output: float
) -> None:
    """Measured once with NumPy, geometric mean of five seeds; one seed is within a factor of ten."""
    settings = SETTINGS.change(hidden=(100,) * 20, activation=activation, initializer=initializer)
    _, view, _, _ = look_into(settings)
    gradients = measure(view.look()[0], "gradient_rms")
    assert abs(np.log10(gradients[1] / second)) < 1
    assert abs(np.log10(gradients[-1] / output)) < 1


def test_a_gradient_whose_square_is_no_number_of_32_bits_is_not_lost() -> None:
    _, view, _, _ = look_into(SETTINGS.change(hidden=(20,) * 50, activation="sigmoid"))
    gradients = measure(view.look()[0], "gradient_rms")
    assert 0 < gradients[0] < 1e-22


def test_the_update_is_what_the_last_step_changed() -> None:
    model, view, _, _ = look_into(SETTINGS)
    before = view.kernels()
    kept = [kernel.numpy() for kernel in before]
    for name in ("dense_1", "dense_2", "output"):
        model.get_layer(name).kernel.assign(model.get_layer(name).kernel * 1.01)
    np.testing.assert_allclose(measure(view.look(before)[0], "update_ratio"), 0.01 / 1.01, rtol=1e-3)
    for kernel, value in zip(before, kept, strict=True):
        np.testing.assert_array_equal(kernel.numpy(), value)
    assert np.isnan(measure(view.look()[0], "update_ratio")).all()
    assert (measure(view.look(view.kernels())[0], "update_ratio") == 0).all()


def test_looking_changes_nothing() -> None:
    model, view, _, _ = look_into(SETTINGS.change(batch_normalization=True))
    before = models.weights(model)
    view.look()
    after = models.weights(model)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_outputs_are_measured_after_the_activation() -> None:
    settings = SETTINGS.change(activation="tanh")
    model, view, images, _ = look_into(settings)
    record, received = view.look()
    for column, name in enumerate(("dense_1", "dense_2", "output")):
        output = keras.Model(model.input, model.get_layer(name).output)(images).numpy()
        assert measure(record, "output_mean")[column] == pytest.approx(output.mean(), abs=1e-6)
        assert measure(record, "output_spread")[column] == pytest.approx(output.std(), rel=1e-4)
        if name != "output":
            np.testing.assert_allclose(np.tanh(received[column]), output, atol=1e-6)


@pytest.mark.parametrize(("activation", "bias"), [("sigmoid", 10.0), ("tanh", -9.0)])
def test_saturated_outputs_are_counted(activation: str, bias: Any) -> None:
    half = np.zeros(20, np.float32)
    half[:5] = bias
    change = {"dense_2/bias": half, "dense_2/kernel": np.full((20, 20), 1e-3, np.float32)}
    record, _ = look_into(SETTINGS.change(activation=activation), change=change)[1].look()
    assert measure(record, "saturated_share")[1] == 0.25
    assert np.isnan(measure(record, "saturated_share")[2])
    assert np.isnan(measure(record, "dead_share")).all()


def test_dead_units_are_those_that_no_image_wakes() -> None:
    bias = np.zeros(20, np.float32)
    bias[:4] = -1_000
    record, _ = look_into(SETTINGS, change={"dense_1/bias": bias})[1].look()
    assert measure(record, "dead_share")[0] == pytest.approx(0.2)
    assert np.isnan(measure(record, "dead_share")[2])
    assert np.isnan(measure(record, "saturated_share")).all()


@pytest.mark.parametrize("activation", ["leaky-relu", "elu", "maxout", "linear"])
def test_what_cannot_die_or_saturate_is_not_said_to(activation: str) -> None:
    record, _ = look_into(SETTINGS.change(activation=activation))[1].look()
    assert np.isnan(measure(record, "dead_share")).all()
    assert np.isnan(measure(record, "saturated_share")).all()


def test_a_network_on_its_way_to_diverging_is_measured_without_a_warning() -> None:
    _, view, _, _ = look_into(
        SETTINGS.change(activation="linear"), change={"dense_2/kernel": np.full((20, 20), 3e38, np.float32)}
    )
    record, received = view.look(view.kernels())
    view.snapshot(1, received)
    assert not np.isfinite(record).all()


def test_bins_hold_their_left_edge() -> None:
    sums = np.array([-np.inf, -10.01, -10.0, -0.01, 0.0, 9.99, 10.0, np.inf], np.float32)
    found = count(sums)
    assert found.sum() == len(sums)
    assert (found[0], found[1], found[20], found[21], found[40], found[41]) == (2, 1, 1, 1, 1, 2)
    normal = np.random.default_rng(0).normal(size=5_000).astype(np.float32)
    np.testing.assert_array_equal(count(normal)[1:-1], np.histogram(normal, HISTOGRAM_EDGES)[0])


@pytest.mark.parametrize(
    ("hidden", "activation", "pieces"),
    [((100, 30), "relu", 1), ((8, 4), "maxout", 2), ((), "relu", 1)],
)
def test_a_snapshot_keeps_histograms_and_pictures(hidden: Any, activation: str, pieces: int) -> None:
    settings = SETTINGS.change(hidden=hidden, activation=activation)
    model, view, _, _ = look_into(settings)
    snapshot = view.snapshot(7, view.look()[1])
    assert snapshot.step == 7
    assert snapshot.histogram.shape == (len(hidden), len(HISTOGRAM_EDGES) + 1)
    np.testing.assert_array_equal(snapshot.histogram.sum(1), [128 * pieces * width for width in hidden])
    kernel = model.get_layer("dense_1" if hidden else "output").kernel.numpy()
    assert snapshot.pictures.to_bytes() == Pictures.of(kernel).to_bytes()
