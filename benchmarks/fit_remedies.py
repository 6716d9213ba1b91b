"""What ``model.fit`` is given against overfitting: Keras' own layers, regulariser, loss and schedule.

For the process of a contender only: it imports Keras.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from core.choices.losses import LOSSES
from core.settings import TrainingSettings


class OtherPens(keras.layers.Layer):  # type: ignore[misc]
    """Strokes thicker or thinner at random, while training only: Keras has no such layer."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self.most = most

    def call(self, images: Any, training: bool = False) -> Any:
        """(n, 28, 28, 1) → the same."""
        if not training:
            return images
        amounts = tf.random.uniform([tf.shape(images)[0], 1, 1, 1], -self.most, self.most)
        most, least = (sign * tf.nn.max_pool2d(sign * images, 3, 1, "SAME") for sign in (1.0, -1.0))
        return images + tf.nn.relu(amounts) * (most - images) - tf.nn.relu(-amounts) * (images - least)


def remedied(model: keras.Model, training: TrainingSettings) -> keras.Model:
    """The model with a penalty on its kernels, behind layers that change its images."""
    if training.l2:
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dense):
                layer.kernel.regularizer = keras.regularizers.L2(training.l2)
    moving = [OtherPens(training.thickness)] if training.thickness else []
    if training.turn:
        moving.append(keras.layers.RandomRotation(training.turn / 360, fill_mode="nearest"))
    if training.shift:
        share = training.shift / 28
        moving.append(keras.layers.RandomTranslation(share, share, fill_mode="nearest"))
    if not moving:
        return model
    reshaped = keras.layers.Reshape((28, 28, 1)), keras.layers.Reshape((28, 28))
    return keras.Sequential([keras.Input((28, 28)), reshaped[0], *moving, reshaped[1], model])


def loss(training: TrainingSettings) -> Any:
    """What ``compile`` is given."""
    row = LOSSES[training.loss]
    if not training.label_smoothing:
        return row.keras_name
    return getattr(keras.losses, row.smoothed_class)(label_smoothing=training.label_smoothing)


def rate(training: TrainingSettings, steps_per_epoch: int) -> Any:
    """A constant, or Keras' cosine after its warm-up."""
    if training.schedule != "cosine":
        return training.learning_rate
    warm_up = round(training.warm_up * steps_per_epoch)
    return keras.optimizers.schedules.CosineDecay(
        0.0, training.epochs * steps_per_epoch - warm_up, 0.0, "warm", training.learning_rate, warm_up
    )
