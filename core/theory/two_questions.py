"""The same pictures learnt three ways: as "which digit" with either loss, and as "how much", one number.

Three networks with the same hidden layer, the same first weights there, the same batches and rate. The first
two have ten outputs and a softmax; the third has one, whose squared distance from the digit it minimises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from core.architecture.first_weights import draw_weights
from core.architecture.plan import layers
from core.choices.activations import Array
from core.choices.initializers import INITIALIZERS, KERAS_DEFAULT
from core.choices.losses import LOSSES, Labels
from core.dataset.prepared import Prepared, prepare
from core.reading.batch import backwards, by_weights, forwards
from core.settings import DIGITS, DataSettings, NetworkSettings

NETWORK = NetworkSettings(hidden=(100,))
BATCH = 32
RATE = 0.01
STEPS = 1_000
LOOK = 50
"""Steps between two looks at the validation images."""
SEEN = 1_000
"""Validation images at each look."""
SEED = 0

NUMBER = "number"
QUESTIONS = (*LOSSES, NUMBER)
"""The two codes of ``LOSSES``, which ask "which digit?", and the number, which asks "how much?"."""
SECOND = 0.1
"""An answer wavers where the second digit has at least this probability."""


@dataclass(frozen=True)
class Learnt:
    """What one of the three came to.

    ``outputs``: for all n validation images at the end, (n, 10) probabilities or (n, 1) numbers, float32.
    ``right``: the share of the first ``SEEN`` of them read right, one for each of ``looks()``.
    """

    outputs: NDArray[np.float32]
    right: list[float]


def learn(data: DataSettings) -> dict[str, Learnt]:
    """Train all three of ``QUESTIONS`` on the training part; some seconds of work, for a worker."""
    prepared = prepare(data)
    return {code: _learn(code, prepared) for code in QUESTIONS}


def looks() -> NDArray[np.int_]:
    """The steps after which the validation images were looked at, 0 among them."""
    return np.arange(0, STEPS + 1, LOOK)


def first_weights(code: str) -> dict[str, Array]:
    """All weights before the first step: for the number, the last layer has one unit, drawn as Keras does."""
    weights: dict[str, Array] = dict(draw_weights(NETWORK, SEED))
    if code == NUMBER:
        inputs = NETWORK.hidden[-1]
        limit = INITIALIZERS[KERAS_DEFAULT].limit(inputs, 1) or 0.0
        drawn = np.random.default_rng(SEED).uniform(-limit, limit, (inputs, 1))
        weights |= {"output/kernel": drawn, "output/bias": np.zeros(1)}
    return weights


def batches(images: int) -> list[NDArray[np.int_]]:
    """The places of each step's images, in the order that training draws."""
    epochs = -(-STEPS * BATCH // images)
    orders = [np.random.default_rng([SEED, epoch]).permutation(images) for epoch in range(epochs)]
    return list(np.concatenate(orders)[: STEPS * BATCH].reshape(STEPS, BATCH))


def _learn(code: str, prepared: Prepared) -> Learnt:
    plan, weights = layers(NETWORK), first_weights(code)
    seen, labels = prepared.validation_images[:SEEN], prepared.validation_labels[:SEEN]
    pictures = prepared.normalized(seen)

    def share_right() -> float:
        return float((read(_outputs(code, weights, pictures)) == labels).mean())

    right = [share_right()]
    for step, rows in enumerate(batches(len(prepared.labels)), start=1):
        traces = forwards(plan, weights, prepared.normalized(prepared.images[rows]))
        by_scores = _slopes(code)(traces["output"].sums, prepared.labels[rows]) / len(rows)
        for name, slope in by_weights(plan, traces, backwards(plan, weights, traces, by_scores)).items():
            weights[name] = weights[name] - RATE * slope
        if step % LOOK == 0:
            right.append(share_right())
    return Learnt(_outputs(code, weights, prepared.normalized(prepared.validation_images)), right)


def _slopes(code: str) -> Callable[[Array, Labels], Array]:
    """(outputs before a softmax, labels) → the derivative of each image's loss by them."""
    return _away_from_the_number if code == NUMBER else LOSSES[code].gradient


def _away_from_the_number(numbers: Array, labels: Labels) -> Array:
    """The derivative of (number − digit)², (n, 1)."""
    away: Array = 2 * (numbers - labels[:, np.newaxis])
    return away


def _outputs(code: str, weights: Mapping[str, Array], pictures: Array) -> NDArray[np.float32]:
    sums = forwards(layers(NETWORK), weights, pictures)["output"].sums
    return (sums if code == NUMBER else softmax(sums, axis=1)).astype(np.float32)


def read(outputs: Array) -> NDArray[np.int_]:
    """The digits (n,) that outputs (n, 10) or (n, 1) come to: the likeliest one, or the nearest one."""
    if outputs.shape[1] == DIGITS:
        found: NDArray[np.int_] = outputs.argmax(axis=1)
    else:
        found = np.clip(np.rint(outputs[:, 0]), 0, DIGITS - 1).astype(int)
    return found


@dataclass(frozen=True)
class Wavering:
    """Pictures on which "which digit?" wavers between two digits with others between them.

    ``places``: theirs among n images, where the second digit has the most first. ``between``: as many bools,
    whether the nearest digit to the number is one of those others, and not what is right.
    """

    places: NDArray[np.int_]
    between: NDArray[np.bool_]


def wavering(probabilities: Array, numbers: Array, labels: Labels) -> Wavering:
    """Find them by probabilities (n, 10), numbers (n, 1) and labels (n,)."""
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    low, high = order.min(axis=1), order.max(axis=1)
    second = probabilities[np.arange(len(order)), order[:, 1]]
    places = np.flatnonzero((high - low > 1) & (second >= SECOND))
    places = places[np.argsort(-second[places], kind="stable")]
    nearest = read(numbers)
    between = (low < nearest) & (nearest < high) & (nearest != labels)
    return Wavering(places, between[places])
