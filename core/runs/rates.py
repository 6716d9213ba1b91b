"""The learning rate: the usual one, and that of each step as a schedule sets it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.choices.optimizers import OPTIMIZERS
from core.settings import Settings, TrainingSettings


def usual_rate(training: TrainingSettings) -> float:
    """The rate at which the optimiser is usually begun."""
    return OPTIMIZERS[training.optimizer].usual_rate


def at_usual_rate(settings: Settings) -> Settings:
    """The same experiment at the usual rate of its optimiser."""
    return settings.as_if(learning_rate=usual_rate(settings.training))


def is_scheduled(training: TrainingSettings) -> bool:
    """Whether the rate changes at all while a run goes on."""
    return training.schedule != "constant" or bool(training.warm_up or training.rate_changes)


def rates(training: TrainingSettings, steps_per_epoch: int, epoch: int) -> NDArray[np.float32]:
    """(steps_per_epoch,) float32: the rate of each step of an epoch, counted from 0.

    In steps: rate · drop_to ^ (epochs done // drop_every), as Keras' ``ExponentialDecay(staircase=True)``.
    Cosine: rate · (1 + cos(π · p)) / 2, where p goes from 0 at the warm-up's end to 1 at the end of the
    epochs that the settings name, and stays there, as Keras' ``CosineDecay``. Warm-up: times step / steps of
    the warm-up, which begins with 0, as there. From an epoch on for which another rate is named, that rate
    alone.
    """
    for after, rate in reversed(training.rate_changes):
        if epoch >= after:
            return np.full(steps_per_epoch, rate, np.float32)
    step = epoch * steps_per_epoch + np.arange(steps_per_epoch)
    warm_up = training.warm_up * steps_per_epoch
    share = np.minimum(1.0, step / warm_up) if warm_up else np.ones(steps_per_epoch)
    if training.schedule == "step":
        share = share * training.drop_to ** (epoch // training.drop_every)
    elif training.schedule == "cosine":
        falls = max(training.epochs * steps_per_epoch - warm_up, 1)
        share = share * (1 + np.cos(np.pi * np.clip((step - warm_up) / falls, 0, 1))) / 2
    return (training.learning_rate * share).astype(np.float32)


POINTS = 200
"""Of a drawn curve, beside the ends of epochs where there are few enough."""


@lru_cache(maxsize=256)
def drawn(
    training: TrainingSettings, steps_per_epoch: int, epochs: int
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The rate over so many epochs, to be drawn: epochs (n,), in parts, and ``rates`` there (n,).

    At most about 400 points: steps evenly apart, and the first and last of each epoch where that is no more.
    Read-only, since they are shared.
    """
    total = epochs * steps_per_epoch
    steps = np.linspace(0, total - 1, min(total, POINTS)).round().astype(int)
    if 2 * epochs <= POINTS:
        first = np.arange(0, total, steps_per_epoch)
        steps = np.concatenate([steps, first, first + steps_per_epoch - 1])
    steps = np.unique(steps)
    known = {
        epoch: rates(training, steps_per_epoch, epoch) for epoch in set((steps // steps_per_epoch).tolist())
    }
    found = np.array([known[step // steps_per_epoch][step % steps_per_epoch] for step in steps.tolist()])
    places = steps / steps_per_epoch
    for array in (places, found):
        array.flags.writeable = False
    return places, found


def told(rate: float, most: float) -> float:
    """A rate to be read beside the highest one: three digits, and 0 below a thousandth of that."""
    return float(f"{rate:.3g}") if rate >= most / 1_000 else 0.0
