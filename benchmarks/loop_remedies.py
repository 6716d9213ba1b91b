"""What the compiled loop (``benchmarks.one_loop``) does against overfitting, written from the formulas.

Nothing here is the lab's or Keras'. Chance comes from the library's own stateless generator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import Any

import numpy as np

from core.settings import TrainingSettings

SIDE = 28
MIDDLE = (SIDE - 1) / 2


@dataclass(frozen=True)
class Dice:
    """What TensorFlow and JAX name differently here.

    Attributes:
        xp: ``cos``, ``sin``, ``floor``, ``minimum``, ``maximum``, ``reshape``, ``where``.
        uniform: (shape, step, place) → float32 from 0 to 1, others for each step and place.
        pick: (n, m) and places (n, k) → of each row what stands at its places, (n, k).
        whole: to int32. join: arrays along an axis.
    """

    xp: Any
    uniform: Callable[[tuple[int, ...], Any, int], Any]
    pick: Callable[[Any, Any], Any]
    whole: Callable[[Any], Any]
    join: Callable[[list[Any], int], Any]


def rate(dice: Dice, training: TrainingSettings, step: Any, steps_per_epoch: int) -> Any:
    """The learning rate of a step, counted from 0: constant or a cosine, after a warm-up."""
    warm_up, last = training.warm_up * steps_per_epoch, training.epochs * steps_per_epoch
    share = dice.xp.minimum(1.0, step / warm_up) if warm_up else 1.0
    if training.schedule == "cosine":
        part = dice.xp.minimum(1.0, dice.xp.maximum(0.0, (step - warm_up) / (last - warm_up)))
        share = share * (1 + dice.xp.cos(pi * part)) / 2
    return training.learning_rate * share


def dropped(dice: Dice, share: float, values: Any, step: Any, place: int) -> Any:
    """Srivastava et al. (2014), with the others grown at once."""
    if not share:
        return values
    stays = dice.uniform(values.shape, step, place) >= share
    return dice.xp.where(stays, values / (1 - share), 0.0)


def augmented(dice: Dice, training: TrainingSettings, flat: Any, step: Any) -> Any:
    """Images (n, 784) with other pens, turned about their middle, and moved."""
    count = flat.shape[0]

    def between(most: float, place: int) -> Any:
        return most * (2 * dice.uniform((count, 1), step, 1_000 + place) - 1)

    if training.thickness:
        flat = _other_pens(dice, flat, between(training.thickness, 0))
    if training.shift or training.turn:
        angles = between(training.turn * pi / 180, 1)
        flat = moved(dice, flat, angles, between(training.shift, 2), between(training.shift, 3))
    return flat


def _other_pens(dice: Dice, flat: Any, amounts: Any) -> Any:
    xp, images = dice.xp, dice.xp.reshape(flat, (-1, SIDE, SIDE))
    most, least = (
        xp.reshape(_of_neighbours(dice, images, of), flat.shape) for of in (xp.maximum, xp.minimum)
    )
    return flat + xp.maximum(amounts, 0.0) * (most - flat) - xp.maximum(-amounts, 0.0) * (flat - least)


def _of_neighbours(dice: Dice, images: Any, of: Callable[[Any, Any], Any]) -> Any:
    """Of each pixel and its eight neighbours; the edge goes on outside."""
    above, below = (
        dice.join([images[:, :1], images[:, :-1]], 1),
        dice.join([images[:, 1:], images[:, -1:]], 1),
    )
    rows = of(images, of(above, below))
    left, right = (
        dice.join([rows[:, :, :1], rows[:, :, :-1]], 2),
        dice.join([rows[:, :, 1:], rows[:, :, -1:]], 2),
    )
    return of(rows, of(left, right))


def moved(dice: Dice, flat: Any, angles: Any, across: Any, down: Any) -> Any:
    """Bilinear, for angles (n, 1) in radians and pixels (n, 1); the edge goes on outside."""
    xp, numbers = dice.xp, np.arange(SIDE * SIDE, dtype=np.float32)
    rows, columns = numbers // SIDE - MIDDLE - down, numbers % SIDE - MIDDLE - across
    edge = SIDE - 1.0
    row = xp.minimum(edge, xp.maximum(0.0, xp.cos(angles) * rows + xp.sin(angles) * columns + MIDDLE))
    column = xp.minimum(edge, xp.maximum(0.0, xp.cos(angles) * columns - xp.sin(angles) * rows + MIDDLE))
    top, left = xp.minimum(xp.floor(row), edge - 1), xp.minimum(xp.floor(column), edge - 1)
    low, right, first = row - top, column - left, dice.whole(top * SIDE + left)
    upper = dice.pick(flat, first) * (1 - right) + dice.pick(flat, first + 1) * right
    lower = dice.pick(flat, first + SIDE) * (1 - right) + dice.pick(flat, first + SIDE + 1) * right
    return upper * (1 - low) + lower * low
