"""Keras' own optimisers, made from the settings: XLA compiles their updates into the step."""

from __future__ import annotations

from typing import Any

import keras

from core.choices.optimizers import OPTIMIZERS
from core.settings import TrainingSettings


def make_optimizer(training: TrainingSettings) -> Any:
    """The optimiser of these settings, with Keras' defaults for all that the lab leaves open."""
    row = OPTIMIZERS[training.optimizer]
    optimizer = getattr(keras.optimizers, row.keras_class)
    clipping = training.gradient_clipping or None
    return optimizer(learning_rate=training.learning_rate, global_clipnorm=clipping, **row.arguments)
