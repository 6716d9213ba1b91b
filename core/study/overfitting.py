"""The overfitting lesson: one experiment that overfits, what may help, and what each remedy gained.

Every remedy is trained from the same seeds as the experiment without it, so that each gain is that of two
runs with the same first weights and one difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from core.runs.run import Run
from core.settings import DEFAULT, Settings
from core.study.comparison import find_run

SEEDS = 3
WITHOUT = "without"
OVERFITTING = DEFAULT.change(train=500, epochs=30, optimizer="adam", learning_rate=0.001)
"""Fifty images of each digit, for a network of five hundred times as many weights."""
ARMS: Mapping[str, Mapping[str, Any]] = {
    WITHOUT: {},
    "early-stopping": {"patience": 3},
    "keep-best": {"keep_best": True},
    "dropout": {"dropout": 0.5},
    "l2": {"l2": 0.001},
    "augmentation": {"shift": 2.0},
    "smaller": {"hidden": (32,)},
    "images": {"train": 2_500},
}
"""Remedy → what it changes."""


def experiments(arm: str) -> list[Settings]:
    """The experiment with this remedy, once for each seed."""
    return [OVERFITTING.change(**ARMS[arm], seed=seed) for seed in range(SEEDS)]


@dataclass(frozen=True)
class Arm:
    """The runs of one remedy, as far as there are any, by seed."""

    code: str
    runs: tuple[Run | None, ...]

    @classmethod
    def of(cls, code: str, runs: Sequence[Run]) -> Arm:
        """Its runs among a learner's, wherever they were begun."""
        return cls(code, tuple(find_run(settings, runs) for settings in experiments(code)))

    @property
    def missing(self) -> list[Settings]:
        """Experiments that were not begun yet."""
        wanted = experiments(self.code)
        return [settings for settings, run in zip(wanted, self.runs, strict=True) if run is None]

    @property
    def begun(self) -> list[Run]:
        """Runs that there are, waiting ones too."""
        return [run for run in self.runs if run is not None]

    @property
    def is_done(self) -> bool:
        """Whether all seeds have ended with a figure."""
        return all(run is not None and not run.unfinished and run.val_loss is not None for run in self.runs)

    @property
    def accuracies(self) -> list[float]:
        """Validation accuracy, 0 to 1, of the weights that each run keeps; of a remedy that is done."""
        return [_there(run.val_accuracy) for run in self.begun]

    @property
    def losses(self) -> list[float]:
        """Validation loss of the same weights; of a remedy that is done."""
        return [_there(run.val_loss) for run in self.begun]


@dataclass(frozen=True)
class Gain:
    """What a remedy gained, by seed: the figure of the weights that each run keeps, against without it.

    Attributes:
        points: of validation accuracy, in hundredths. loss: taken off validation loss; below 0 it rose.
    """

    points: tuple[float, ...]
    loss: tuple[float, ...]


def gain(arm: Arm, without: Arm) -> Gain | None:
    """None as long as one of both is not done."""
    if not (arm.is_done and without.is_done):
        return None
    accuracies = zip(arm.accuracies, without.accuracies, strict=True)
    losses = zip(arm.losses, without.losses, strict=True)
    return Gain(
        tuple(100 * (ours - theirs) for ours, theirs in accuracies),
        tuple(theirs - ours for ours, theirs in losses),
    )


def best(gains: Mapping[str, Sequence[float]]) -> str | None:
    """The remedy that gained most in the mean, of those that gained with every seed; or None."""
    sure = {code: fmean(values) for code, values in gains.items() if min(values) > 0}
    return max(sure, key=lambda code: sure[code], default=None)


def _there(figure: float | None) -> float:
    assert figure is not None
    return figure
