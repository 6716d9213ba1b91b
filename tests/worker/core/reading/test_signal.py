"""Signal and gradient through first weights: against Keras, by hand, and against what the theory says."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.architecture.first_weights import draw_weights, initializer_for
from core.architecture.plan import layers
from core.choices.activations import ACTIVATIONS
from core.choices.losses import LOSSES
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.network.compiled_steps import keras_loss
from core.network.model import build, set_weights
from core.reading.signal import signal
from core.settings import NetworkSettings

IMAGES, LABELS = load_mnist().train_images[5_000:5_032], load_mnist().train_labels[5_000:5_032]
Z_SCORE = fit("z-score", load_mnist().train_images[5_000:7_000])
DEEP = (100,) * 20


def own(network: NetworkSettings, measure: str, count: int = 32) -> np.ndarray[Any, np.dtype[np.float64]]:
    """One measure for the network's own initialiser, from the first to the last hidden layer."""
    table = signal(network, Z_SCORE, IMAGES[:count], LABELS[:count])
    values: np.ndarray[Any, np.dtype[np.float64]] = table[table["initializer"] == initializer_for(network)][
        measure
    ].to_numpy()
    return values


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "swish", "maxout"])
@pytest.mark.parametrize("options", [{}, {"batch_normalization": True}, {"residual": True}])
@pytest.mark.parametrize("loss", LOSSES)
def test_forwards_and_backwards_are_those_of_keras(
    activation: str, options: dict[str, Any], loss: str
) -> None:
    """The first training step of the same weights, differentiated by TensorFlow."""
    network = NetworkSettings(hidden=(12, 9, 9, 9), activation=activation, **options)
    table = signal(network, Z_SCORE, IMAGES, LABELS, loss=loss, seed=3)
    mine = table[table["initializer"] == "glorot"]
    model = build(network)
    set_weights(model, draw_weights(network, 3))
    names = [layer.name for layer in layers(network) if layer.activation in ACTIVATIONS]
    probe = keras.Model(model.input, [*(model.get_layer(name).output for name in names), model.output])
    with tf.GradientTape() as tape:
        *outputs, probabilities = probe(Z_SCORE.transform(IMAGES), training=True)
        losses = keras_loss(loss)(tf.constant(LABELS, tf.int32), probabilities)
    gradients = tape.gradient(losses, outputs)
    for row, output, gradient in zip(mine.itertuples(), outputs, gradients, strict=True):
        assert row.strength == pytest.approx(np.sqrt(np.mean(output.numpy() ** 2)), rel=1e-3)
        assert row.gradient == pytest.approx(np.sqrt(np.mean(gradient.numpy() ** 2)), rel=1e-3)


def test_twenty_relu_layers_lose_a_thousandfold_with_glorot_and_nothing_with_he() -> None:
    network = NetworkSettings(hidden=DEEP)
    # Each layer halves the mean square: 2 ** 9.5 = 724 from the first to the twentieth.
    for measure in ("strength", "gradient"):
        values = own(network, measure)
        ratio = values[0] / values[-1]
        assert 200 < max(ratio, 1 / ratio) < 3_000
        kept = own(NetworkSettings(hidden=DEEP, initializer="he"), measure)
        assert 0.2 < kept[0] / kept[-1] < 5


def test_sigmoids_keep_their_strength_but_images_become_alike() -> None:
    network = NetworkSettings(hidden=(100,) * 8, activation="sigmoid")
    assert ((own(network, "strength") > 0.4) & (own(network, "strength") < 0.7)).all()
    differences = own(network, "difference")
    assert (differences[1:] / differences[:-1] < 0.35).all()  # the slope is at most 1/4


@pytest.mark.parametrize(("depth", "rule_of_thumb"), [(5, 0.25**5), (20, 0.25**20)])
def test_what_is_left_of_a_gradient_depends_on_the_weights(depth: int, rule_of_thumb: float) -> None:
    """(1/4) ** depth is no bound: He's larger weights let more than that through."""
    hidden = (100,) * depth
    gradient = own(NetworkSettings(hidden=hidden, activation="sigmoid", initializer="he"), "gradient")
    assert gradient[0] / gradient[-1] > 5 * rule_of_thumb


@pytest.mark.parametrize(("activation", "least", "most"), [("swish", 0.002, 0.02), ("gelu", 0.05, 0.4)])
def test_he_does_not_keep_every_bend_of_relus_kind(activation: str, least: float, most: float) -> None:
    strength = own(NetworkSettings(hidden=DEEP, activation=activation, initializer="he"), "strength")
    assert least < strength[-1] / strength[0] < most


def test_strength_and_difference_of_one_image_by_hand() -> None:
    network = NetworkSettings(hidden=(5,), activation="linear")
    weights = draw_weights(network, 0)["dense_1/kernel"]
    expected = np.sqrt(np.mean((Z_SCORE.transform(IMAGES[0]).ravel() @ weights) ** 2))
    assert own(network, "strength", 1)[0] == pytest.approx(expected, rel=1e-5)
    assert own(network, "difference", 1)[0] == 0


def test_the_gradient_of_one_hidden_layer_by_hand() -> None:
    network = NetworkSettings(hidden=(5,), activation="linear")
    weights = draw_weights(network, 0)
    scores = Z_SCORE.transform(IMAGES).reshape(32, -1) @ weights["dense_1/kernel"] @ weights["output/kernel"]
    errors = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True) - np.eye(10)[LABELS]
    expected = np.sqrt(np.mean((errors @ weights["output/kernel"].T) ** 2))
    assert own(network, "gradient")[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("options", [{}, {"batch_normalization": True}, {"residual": True}])
def test_one_row_a_hidden_layer_and_initialiser(activation: str, options: dict[str, Any]) -> None:
    network = NetworkSettings(hidden=(20, 20, 30), activation=activation, **options)
    table = signal(network, Z_SCORE, IMAGES[:4], LABELS[:4])
    assert len(table) == 9
    assert np.isfinite(table[["strength", "difference", "gradient"]].to_numpy()).all()
    assert (table["strength"] > 0).all()


def test_no_hidden_layer_no_signal_to_follow() -> None:
    assert signal(NetworkSettings(hidden=()), Z_SCORE, IMAGES[:2], LABELS[:2]).empty
