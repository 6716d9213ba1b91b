"""The NumPy forward computation and its gradient, held against Keras and against finite differences."""

import statistics
import time
from itertools import product
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from core.architecture.plan import WrongWeights, layers, weight_shapes
from core.choices.activations import ACTIVATIONS
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.network.model import build, set_weights, weights
from core.reading.trained_network import CHUNK, TrainedNetwork
from core.settings import NORMALIZATIONS, PRESETS, NetworkSettings

IMAGES = load_mnist().test_images[:40]
NORMALIZED = {method: fit(method, load_mnist().train_images[5_000:]) for method in NORMALIZATIONS}
NETWORKS = [NetworkSettings(())]
for activation, normalized in product(ACTIVATIONS, (False, True)):
    for hidden, residual in [
        ((12,), False),
        ((12, 10), False),
        ((12, 8, 8, 8), True),
        ((16,) * 20, normalized),
    ]:
        NETWORKS.append(NetworkSettings(hidden, activation, "activation", normalized, residual))
FOUR_LAYERS = [network for network in NETWORKS if len(network.hidden) == 4]


def used(network: NetworkSettings) -> tuple[keras.Model, dict[str, NDArray[np.float32]]]:
    """A model in which every variable differs from its beginning, as after training."""
    model, generator = build(network, seed=1), np.random.default_rng(2)
    changed = {
        name: (weight * generator.uniform(0.8, 1.2, weight.shape) + 0.1 * generator.normal(size=weight.shape))
        if not name.endswith("moving_variance")
        else generator.uniform(0.5, 1.5, weight.shape)
        for name, weight in weights(model).items()
    }
    set_weights(model, changed)
    return model, weights(model)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_equal_to_keras(network: NetworkSettings) -> None:
    """Within 1e-5; with raw pixels the weighted sums reach hundreds, and float32 itself is coarser there."""
    model, values = used(network)
    everything = np.concatenate([method.transform(IMAGES) for method in NORMALIZED.values()])
    expected = model(everything).numpy().reshape(len(NORMALIZED), len(IMAGES), 10)
    for normalization, right in zip(NORMALIZED.values(), expected, strict=True):
        reader = TrainedNetwork(network, values, normalization)
        answers = reader.probabilities(IMAGES)
        largest = max(np.abs(reader.trace(image)[-1].weighted_sum).max() for image in IMAGES[:5])
        np.testing.assert_allclose(answers, right, rtol=0, atol=1e-5 * max(1, largest / 25))
        assert answers.dtype == np.float32
        np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_the_presets_are_equal_to_keras_on_many_images(preset: str, method: str) -> None:
    network, images = PRESETS[preset].network, load_mnist().test_images[:2_500]
    model = build(network, seed=0)
    answers = TrainedNetwork(network, weights(model), NORMALIZED[method]).probabilities(images)
    expected = model(NORMALIZED[method].transform(images)).numpy()
    np.testing.assert_allclose(answers, expected, rtol=0, atol=8e-5 if method == "none" else 1e-5)


def test_batches_make_no_difference() -> None:
    network = NetworkSettings((30,), batch_normalization=True)
    reader = TrainedNetwork(network, used(network)[1], NORMALIZED["z-score"])
    images = load_mnist().test_images[: 2 * CHUNK + 7]
    answers = reader.probabilities(images)
    for place in (0, CHUNK - 1, CHUNK, 2 * CHUNK + 6):
        np.testing.assert_allclose(
            answers[place], reader.probabilities(images[place : place + 1])[0], atol=1e-6
        )
    assert reader.probabilities(images[:0]).shape == (0, 10)


@pytest.mark.parametrize("network", FOUR_LAYERS, ids=repr)
def test_a_trace_shows_every_layer_as_keras_has_it(network: NetworkSettings) -> None:
    model, values = used(network)
    plan = layers(network)
    trace = TrainedNetwork(network, values, NORMALIZED["min-max"]).trace(IMAGES[0])
    everything = keras.Model(model.input, [model.get_layer(layer.name).output for layer in plan])
    outputs = everything(NORMALIZED["min-max"].transform(IMAGES[:1]))
    assert [step.name for step in trace] == [layer.name for layer in plan]
    for step, layer, expected in zip(trace, plan, outputs, strict=True):
        np.testing.assert_allclose(step.output, expected.numpy()[0], rtol=1e-4, atol=1e-4)
        assert step.output.shape == (layer.width,)
        assert step.weighted_sum.dtype == step.output.dtype == np.float32
        if not layer.activation:
            np.testing.assert_array_equal(step.weighted_sum, step.output)
        elif layer.kind == "maxout":
            np.testing.assert_array_equal(step.output, step.weighted_sum.reshape(-1, 2).max(axis=1))
        elif layer.activation != "softmax":
            function = ACTIVATIONS[layer.activation].function
            np.testing.assert_array_equal(step.output, function(step.weighted_sum))


@pytest.mark.parametrize("activation", ["relu", "maxout"])
def test_a_units_contributions_add_up_to_its_weighted_sum(activation: str) -> None:
    network = NetworkSettings((12, 8), activation)
    values = used(network)[1]
    reader = TrainedNetwork(network, values, NORMALIZED["z-score"])
    trace = {step.name: step for step in reader.trace(IMAGES[3])}
    for layer, unit in (("dense_1", 0), ("dense_2", 7), ("output", 9)):
        taken_apart = reader.unit(IMAGES[3], layer, unit)
        np.testing.assert_array_equal(taken_apart.weights, values[f"{layer}/kernel"][:, unit])
        np.testing.assert_allclose(taken_apart.contributions, taken_apart.weights * taken_apart.inputs)
        total = taken_apart.contributions.sum() + taken_apart.bias
        assert taken_apart.weighted_sum == pytest.approx(total, abs=1e-4)
        assert taken_apart.weighted_sum == trace[layer].weighted_sum[unit]
    np.testing.assert_array_equal(reader.unit(IMAGES[3], "dense_1", 0).inputs, trace["flatten"].output)


def test_units_that_are_not_there() -> None:
    network = NetworkSettings((12,), batch_normalization=True)
    reader = TrainedNetwork(network, used(network)[1], NORMALIZED["none"])
    for layer, unit in (("dense_2", 0), ("flatten", 0), ("batch_normalization_1", 0), ("", 0)):
        with pytest.raises(KeyError):
            reader.unit(IMAGES[0], layer, unit)
    with pytest.raises(IndexError):
        reader.unit(IMAGES[0], "dense_1", 12)


@pytest.mark.parametrize("network", [NetworkSettings(()), *FOUR_LAYERS], ids=repr)
def test_saliency_agrees_with_automatic_differentiation(network: NetworkSettings) -> None:
    model, values = used(network)
    normalization = NORMALIZED["z-score"]
    reader = TrainedNetwork(network, values, normalization)
    image = tf.constant(normalization.transform(IMAGES[5:6]))
    hidden = keras.Model(model.input, model.get_layer("output").input)
    with tf.GradientTape() as tape:
        tape.watch(image)
        logits = hidden(image) @ values["output/kernel"] + values["output/bias"]
        logit = logits[0, 3]
    expected = tape.gradient(logit, image).numpy()[0]
    found = reader.saliency(IMAGES[5], 3)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
    assert found.shape == (28, 28)
    assert found.dtype == np.float32


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "gelu", "swish", "softplus", "linear"])
def test_saliency_agrees_with_finite_differences(activation: str) -> None:
    """Independent of TensorFlow and of every formula: one brighter pixel, and what it does to the sum.

    A pixel can only change in whole steps of 1/255; for smooth activations that is small enough.
    """
    network = NetworkSettings(
        (12, 8, 8, 8), activation, "activation", batch_normalization=True, residual=True
    )
    values, normalization = used(network)[1], NORMALIZED["min-max"]
    reader = TrainedNetwork(network, values, normalization)
    image = np.clip(IMAGES[7], 1, 254)
    saliency = reader.saliency(image, 4)
    for row, column in ((5, 5), (14, 14), (20, 9), (27, 27)):
        sums = []
        for change in (-1, 1):
            changed = image.copy()
            changed[row, column] = int(image[row, column]) + change
            sums.append(float(reader.trace(changed)[-1].weighted_sum[4]))
        assert saliency[row, column] == pytest.approx((sums[1] - sums[0]) / (2 / 255), rel=0.02, abs=2e-3)


def test_saliency_leaves_the_network_as_it_was() -> None:
    network = NetworkSettings((12, 8, 8, 8), "maxout", batch_normalization=True, residual=True)
    reader = TrainedNetwork(network, used(network)[1], NORMALIZED["z-score"])
    before = reader.probabilities(IMAGES)
    first = reader.saliency(IMAGES[0], 1)
    np.testing.assert_array_equal(reader.saliency(IMAGES[0], 1), first)
    np.testing.assert_array_equal(reader.probabilities(IMAGES), before)


def test_a_softmax_regression_speaks_with_its_weights() -> None:
    network = NetworkSettings(())
    values = used(network)[1]
    saliency = TrainedNetwork(network, values, NORMALIZED["none"]).saliency(IMAGES[0], 8)
    np.testing.assert_array_equal(saliency, values["output/kernel"][:, 8].reshape(28, 28))


def test_broken_weights_answer_nan_not_a_digit() -> None:
    network = PRESETS["three-layer"].network
    values = {name: np.full(shape, np.inf, np.float32) for name, shape in weight_shapes(network).items()}
    assert np.isnan(TrainedNetwork(network, values, NORMALIZED["z-score"]).probabilities(IMAGES)).all()


def test_weights_of_another_network_are_refused() -> None:
    values = used(NetworkSettings((12,)))[1]
    for network in (NetworkSettings((13,)), NetworkSettings((12, 12)), NetworkSettings((12,), "maxout")):
        with pytest.raises(WrongWeights):
            TrainedNetwork(network, values, NORMALIZED["none"])


def test_only_uint8_images_of_28_by_28_are_read() -> None:
    network = NetworkSettings(())
    reader = TrainedNetwork(network, used(network)[1], NORMALIZED["none"])
    wrongs: tuple[Any, ...] = (
        IMAGES.astype(np.float32),
        IMAGES[:, :27],
        IMAGES[0],
        IMAGES.reshape(-1, 784),
    )
    for wrong in wrongs:
        with pytest.raises(ValueError, match=r"\(n, 28, 28\) uint8"):
            reader.probabilities(wrong)


def test_weights_are_kept_as_they_were_given() -> None:
    network = NetworkSettings((12,))
    values = {name: weight.copy() for name, weight in used(network)[1].items()}
    reader = TrainedNetwork(network, values, NORMALIZED["none"])
    before = reader.probabilities(IMAGES)
    for weight in values.values():
        weight += 1
    np.testing.assert_array_equal(reader.probabilities(IMAGES), before)


def test_a_drawing_is_read_in_under_a_millisecond() -> None:
    network = PRESETS["three-layer"].network
    reader = TrainedNetwork(network, weights(build(network)), NORMALIZED["z-score"])
    seconds = []
    for _ in range(200):
        began = time.perf_counter()
        reader.probabilities(IMAGES[:1])
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 1e-3
    assert statistics.median(seconds) < 5e-3  # other work may share the machine
