"""One step of training in NumPy against Keras: the same batch, differentiated and updated by TensorFlow."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.architecture.first_weights import draw_weights
from core.choices.losses import LOSSES
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.network.compiled_steps import keras_loss
from core.network.model import build, set_weights
from core.settings import NetworkSettings
from core.theory.one_step import OneStep

IMAGES, LABELS = load_mnist().train_images[5_000:5_032], load_mnist().train_labels[5_000:5_032]
Z_SCORE = fit("z-score", load_mnist().train_images[5_000:7_000])
RATE = 0.1


@pytest.mark.parametrize("activation", ["relu", "tanh", "maxout"])
@pytest.mark.parametrize("options", [{}, {"batch_normalization": True}, {"residual": True}])
def test_gradients_and_update_are_those_of_keras(activation: str, options: dict[str, Any]) -> None:
    network = NetworkSettings(hidden=(12, 9, 9, 9), activation=activation, **options)
    loss = list(LOSSES)[len(options)]
    step = OneStep(network, draw_weights(network, 3), Z_SCORE, IMAGES, LABELS, loss=loss)
    model = build(network)
    set_weights(model, step.weights)
    with tf.GradientTape() as tape:
        probabilities = model(Z_SCORE.transform(IMAGES), training=True)
        mean = tf.reduce_mean(keras_loss(loss)(tf.constant(LABELS, tf.int32), probabilities))
    assert step.loss == pytest.approx(float(mean), rel=1e-5)
    gradients = tape.gradient(mean, model.trainable_variables)
    keras.optimizers.SGD(RATE).apply(gradients, model.trainable_variables)
    after = step.updated(RATE)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        name = "/".join(variable.path.split("/")[-2:])
        largest = np.abs(gradient.numpy()).max()
        np.testing.assert_allclose(step.by_weights[name], gradient, atol=1e-4 * largest + 1e-8)
        np.testing.assert_allclose(after[name], variable.numpy(), atol=1e-5)
