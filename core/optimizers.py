"""Keras' optimisers, with the update of a weight matrix as one TensorFlow operation.

Keras composes an update of two (SGD) to thirty-five (Nadam) small operations for each matrix; in small
networks starting those takes longer than the arithmetic. Formulas, defaults and state are those of the Keras
class that each one extends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

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


class RMSprop(keras.optimizers.RMSprop):  # type: ignore[misc]
    """v ← rho · v + (1 − rho) · g², then w ← w − rate · g / √(v + epsilon)."""

    def build(self, variables: list[Any]) -> None:
        """Make Keras' state, and a place for the last step, which the operation wants to write down."""
        if not self.built:
            super().build(variables)
            self._last_steps = self.add_optimizer_variables(variables, "last_step")

    def _backend_update_step(self, grads: list[Any], variables: list[Any], rate: Any) -> None:
        handles = _handles(self, variables, self._velocities, self._last_steps)
        for gradient, (weight, v, last_step) in zip(grads, handles, strict=True):
            tf.raw_ops.ResourceApplyRMSProp(
                var=weight, ms=v, mom=last_step, lr=rate, rho=self.rho, momentum=0.0, epsilon=self.epsilon,
                grad=gradient,
            )  # fmt: skip


class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Kingma and Ba, Adam (2015): in step t, w ← w − rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + epsilon)."""

    def _backend_update_step(self, grads: list[Any], variables: list[Any], rate: Any) -> None:
        step = tf.cast(self.iterations + 1, tf.float32)
        scale = rate * tf.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)
        handles = _handles(self, variables, self._momentums, self._velocities)
        for gradient, (weight, m, v) in zip(grads, handles, strict=True):
            _adam(self, gradient, weight, m, v, scale, self.epsilon)


class Nadam(keras.optimizers.Nadam):  # type: ignore[misc]
    """Dozat, Incorporating Nesterov Momentum into Adam (2016), with the schedule that Keras uses.

    A step of Keras' Nadam is rate · (a · m + b · g) / (√(v / c) + epsilon) with three numbers a, b and c that
    depend on nothing but t: Adam's operation does the part with m, and the part with g follows it.
    """

    def _backend_update_step(self, grads: list[Any], variables: list[Any], rate: Any) -> None:
        step = tf.cast(self.iterations + 1, tf.float32)
        now, following = (self.beta_1 * (1 - 0.5 * 0.96**t) for t in (step, step + 1))
        product = self._u_product.value.assign(self._u_product.value * now)
        root = tf.sqrt(1 - self.beta_2**step)
        by_momentum = rate * root * following / (1 - product * following)
        by_gradient = rate * root * (1 - now) / (1 - product)
        handles = _handles(self, variables, self._momentums, self._velocities)
        for gradient, (weight, m, v) in zip(grads, handles, strict=True):
            _adam(self, gradient, weight, m, v, by_momentum, self.epsilon * root)
            spread = tf.sqrt(tf.raw_ops.ReadVariableOp(resource=v, dtype=tf.float32))
            tf.raw_ops.AssignSubVariableOp(
                resource=weight, value=by_gradient * gradient / (spread + self.epsilon * root)
            )


OPTIMIZERS: dict[str, Callable[..., Any]] = {
    "sgd": SGD,
    "momentum": lambda **options: SGD(momentum=0.9, **options),
    "rmsprop": RMSprop,
    "adam": Adam,
    "nadam": Nadam,
}


def make_optimizer(training: TrainingSettings) -> Any:
    """The optimiser of these settings, with Keras' defaults for all that the lab leaves open."""
    clipping = training.gradient_clipping or None
    return OPTIMIZERS[training.optimizer](learning_rate=training.learning_rate, global_clipnorm=clipping)


def _handles(optimizer: Any, variables: list[Any], *slots: list[Any]) -> Iterator[tuple[Any, ...]]:
    """What TensorFlow's operations know a weight and its state by."""
    for variable in variables:
        index = optimizer._get_variable_index(variable)
        yield tuple(kept.value.handle for kept in (variable, *(slot[index] for slot in slots)))


def _adam(optimizer: Any, gradient: Any, weight: Any, m: Any, v: Any, scale: Any, epsilon: Any) -> None:
    """m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g², then w ← w − scale · m / (√v + epsilon)."""
    tf.raw_ops.ResourceApplyAdam(
        var=weight, m=m, v=v, beta1_power=0.0, beta2_power=0.0, lr=scale, beta1=optimizer.beta_1,
        beta2=optimizer.beta_2, epsilon=epsilon, grad=gradient,
    )  # fmt: skip
