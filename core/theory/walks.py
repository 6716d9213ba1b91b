"""Four optimisers walking on a surface of two dimensions, by the rules of their Keras classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.choices.activations import Array
from core.choices.optimizers import OPTIMIZERS

EPSILON = 1e-7
"""Keras' default: keeps a division finite where the gradient was always 0."""
FORGETTING = 0.9
"""RMSprop's rho, and the momentum of SGD."""
BETA_1, BETA_2 = 0.9, 0.999
"""Adam's rates of forgetting (Kingma and Ba 2015, algorithm 1)."""

Slope = Callable[[float, float], Array]
"""A place (a, b) → the gradient (2,) there."""


def walk(code: str, slope: Slope, start: tuple[float, float], steps: int) -> Array:
    """(steps + 1, 2) the places that an optimiser of ``WALKS`` visits, at its usual rate."""
    step = WALKS[code](OPTIMIZERS[code].usual_rate)
    places = [np.array(start)]
    for _ in range(steps):
        here = places[-1]
        places.append(here - step(slope(float(here[0]), float(here[1]))))
    return np.array(places)


Step = Callable[[Array], Array]
"""The gradient → what is taken off; remembers what came before."""


def _sgd(rate: float) -> Step:
    return lambda gradient: rate * gradient


def _momentum(rate: float) -> Step:
    velocity = np.zeros(2)

    def step(gradient: Array) -> Array:
        nonlocal velocity
        velocity = FORGETTING * velocity + rate * gradient
        return velocity

    return step


def _rmsprop(rate: float) -> Step:
    square = np.zeros(2)

    def step(gradient: Array) -> Array:
        nonlocal square
        square = FORGETTING * square + (1 - FORGETTING) * gradient**2
        taken: Array = rate * gradient / np.sqrt(square + EPSILON)
        return taken

    return step


def _adam(rate: float) -> Step:
    mean, square, count = np.zeros(2), np.zeros(2), 0

    def step(gradient: Array) -> Array:
        nonlocal mean, square, count
        count += 1
        mean = BETA_1 * mean + (1 - BETA_1) * gradient
        square = BETA_2 * square + (1 - BETA_2) * gradient**2
        corrected = rate * np.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        taken: Array = corrected * mean / (np.sqrt(square) + EPSILON)
        return taken

    return step


WALKS: Mapping[str, Callable[[float], Step]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
"""Code of ``OPTIMIZERS`` → its rule for one rate."""
