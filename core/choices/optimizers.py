"""The optimisers, and the learning rate at which each is usually begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """One optimiser. ``usual_rate``: what its Keras class takes when nobody names a rate."""

    code: str
    keras_name: str
    usual_rate: float


OPTIMIZERS: Mapping[str, Optimizer] = {
    row.code: row
    for row in (
        Optimizer("sgd", "SGD", 0.01),
        Optimizer("momentum", "SGD", 0.01),
        Optimizer("rmsprop", "RMSprop", 0.001),
        Optimizer("adam", "Adam", 0.001),
        Optimizer("nadam", "Nadam", 0.001),
    )
}
"""Rates from Keras 3, https://keras.io/api/optimizers. Adam's is that of Kingma and Ba, Adam (2015).

A rate means something else to each of them: SGD multiplies the gradient by it, so that steps are as small as
gradients are; RMSprop, Adam and Nadam divide the gradient by its own recent size first, so that each weight
moves by about the rate itself in a step.
"""
