"""Keras' optimisers; the usual ones with the update of a weight matrix as one TensorFlow operation.

Keras composes an update of two (SGD) to a dozen (Adam) small operations for each matrix; in small networks
starting those takes longer than the arithmetic. Formulas, defaults and state are those of the Keras class
that each one extends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import tensorflow as tf

from core.choices.optimizers import OPTIMIZERS
from core.settings import TrainingSettings


class SGD(keras.optimizers.SGD):  # type: ignore[misc]
    """w ← w − rate · g; with momentum: v ← momentum · v − rate · g, then w ← w + v."""

    def _backend_update_step(self, grads: list[Any], variables: list[Any], rate: Any) -> None:
        rate = tf.convert_to_tensor(rate)  # read once, not once for every matrix
        if self.momentum == 0:
            for gradient, (weight,) in zip(grads, _handles(self, variables), strict=True):
                tf.raw_ops.ResourceApplyGradientDescent(var=weight, alpha=rate, delta=gradient)
        else:
            for gradient, (weight, v) in zip(grads, _handles(self, variables, self.momentums), strict=True):
                tf.raw_ops.ResourceApplyKerasMomentum(
                    var=weight, accum=v, lr=rate, grad=gradient, momentum=self.momentum
                )


class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Kingma and Ba, Adam (2015): in step t, w ← w − rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + epsilon)."""

    def _backend_update_step(self, grads: list[Any], variables: list[Any], rate: Any) -> None:
        step = tf.cast(self.iterations + 1, tf.float32)
        scale = rate * tf.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)
        handles = _handles(self, variables, self._momentums, self._velocities)
        for gradient, (weight, m, v) in zip(grads, handles, strict=True):
            tf.raw_ops.ResourceApplyAdam(
                var=weight,
                m=m,
                v=v,
                beta1_power=0.0,
                beta2_power=0.0,
                lr=scale,
                beta1=self.beta_1,
                beta2=self.beta_2,
                epsilon=self.epsilon,
                grad=gradient,
            )


_FUSED: Mapping[str, type[keras.optimizers.Optimizer]] = {"SGD": SGD, "Adam": Adam}
"""By the name of the Keras class that each extends."""


def make_optimizer(training: TrainingSettings) -> Any:
    """The optimiser of these settings, with Keras' defaults for all that the lab leaves open."""
    row = OPTIMIZERS[training.optimizer]
    optimizer = _FUSED.get(row.keras_class) or getattr(keras.optimizers, row.keras_class)
    clipping = training.gradient_clipping or None
    return optimizer(learning_rate=training.learning_rate, global_clipnorm=clipping, **row.arguments)


def _handles(optimizer: Any, variables: list[Any], *slots: list[Any]) -> Iterator[tuple[Any, ...]]:
    """What TensorFlow's operations know a weight and its state by."""
    for variable in variables:
        index = optimizer._get_variable_index(variable)
        yield tuple(kept.value.handle for kept in (variable, *(slot[index] for slot in slots)))
