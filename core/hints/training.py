"""How a run fares, from what it recorded: learning, levelled off, overfitting, stuck, dead, diverged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING
from core.choices.optimizers import OPTIMIZERS
from core.hints.inside import worst_share
from core.runs.run import Run
from core.settings import DEFAULT, Settings

LUCK = 2.0
"""Standard deviations above guessing up to which an accuracy may be a guesser's luck: 1 of 44 are above."""
LEFT = 0.97
"""Share of the guess line's loss above which nothing was learnt; one epoch of the report's twenty layers
comes to 0.87 of it."""
GAINING = 0.02
"""Part of the validation loss that the last epoch must have taken off for more epochs to promise much."""
RISEN, PATIENCE = 1.10, 2
"""How many times its best the validation loss must be, so many epochs after it, to be called overfitting."""
ALL_DEAD = 0.99
FAST = 3.0
"""How many times the usual rate is said to be a cause."""
DEEP = 5
"""Hidden layers from which on an activation that saturates is said to be a cause."""


@dataclass(frozen=True)
class Fare:
    """How a run fares.

    Attributes:
        code: "learning", "begun" (ended after one epoch), "improving", "finished", "overfitting", "stuck",
            "dead" or "diverged".
        values: numbers that belong into its sentence.
        causes: codes of what in the settings explains trouble, the likeliest first: "rate", "raw", "fading",
            "depth".
        remedies: for each cause the experiment without it.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    remedies: tuple[Settings, ...] = ()

    @property
    def is_trouble(self) -> bool:
        """Whether something must change before more training helps."""
        return self.code in ("stuck", "dead", "diverged")


def fare(
    run: Run, points: pd.DataFrame, layers: pd.DataFrame, *, guess_accuracy: float, guess_loss: float
) -> Fare | None:
    """How a run fares at its newest point; None before anything can be said.

    Args:
        points: its curve. layers: the microscope's record, both as ``Curves`` gives them.
        guess_accuracy, guess_loss: of guessing on its validation images.
    """
    if run.status == "diverged":
        return _trouble("diverged", {}, run.settings)
    ends = points.dropna(subset=["val_loss", "val_accuracy"])
    ends = ends[ends["step"] > 0]
    if ends.empty:
        return _beginning(points, guess_loss)
    accuracy, loss = float(ends["val_accuracy"].iloc[-1]), float(ends["val_loss"].iloc[-1])
    values = {"accuracy": accuracy, "guess": guess_accuracy, "epoch": len(ends)}
    if _is_guess(accuracy, guess_accuracy, run.settings.data.validation) and loss >= LEFT * guess_loss:
        dead = None if layers.empty else worst_share(layers, "dead_share")
        if dead is not None and dead[1] >= ALL_DEAD:
            return _trouble("dead", values | {"layer": dead[0], "share": dead[1]}, run.settings)
        return _trouble("stuck", values, run.settings)
    return _learning(run, ends, values)


def _is_guess(accuracy: float, guess: float, images: int) -> bool:
    """Whether a guesser with some luck reads as many of so many images."""
    return accuracy <= guess + LUCK * math.sqrt(guess * (1 - guess) / images)


def _beginning(points: pd.DataFrame, guess_loss: float) -> Fare | None:
    losses = points["loss"].dropna()
    return Fare("learning") if len(losses) and losses.iloc[-1] < LEFT * guess_loss else None


def _learning(run: Run, ends: pd.DataFrame, values: dict[str, Any]) -> Fare:
    losses, trained = ends["val_loss"].to_numpy(float), ends["epoch_loss"].to_numpy(float)
    best, last = int(losses.argmin()), len(losses) - 1
    if losses[last] >= RISEN * losses[best] and last - best >= PATIENCE and trained[last] < trained[best]:
        risen = {"best_epoch": best + 1, "best": float(losses[best]), "last": float(losses[last])}
        return Fare("overfitting", values | risen)
    if run.unfinished:
        return Fare("learning", values)
    if last == 0:
        return Fare("begun", values)
    gain = 1 - float(losses[last] / losses[last - 1])
    if gain >= GAINING:
        return Fare("improving", values | {"gain": gain})
    return Fare("finished", values)


def _trouble(code: str, values: dict[str, Any], settings: Settings) -> Fare:
    found = list(_causes(settings))
    return Fare(
        code, values, tuple(cause for cause, _mended in found), tuple(mended for _cause, mended in found)
    )


def _causes(settings: Settings) -> Iterator[tuple[str, Settings]]:
    """What in the settings is known to hold a network up, and the experiment without it."""
    training, network = settings.training, settings.network
    usual = OPTIMIZERS[training.optimizer].usual_rate
    if training.learning_rate > FAST * usual:
        yield "rate", settings.change(learning_rate=usual)
    if settings.data.normalization == "none":
        yield "raw", settings.change(normalization=DEFAULT.data.normalization)
    if len(network.hidden) >= DEEP and ACTIVATIONS[network.activation].ends is not None:
        yield "fading", settings.change(activation=DEFAULT.network.activation, initializer=FITTING)
    if len(network.hidden) >= DEEP and not network.batch_normalization:
        yield "depth", settings.change(batch_normalization=True)
