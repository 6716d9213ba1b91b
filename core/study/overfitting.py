"""The overfitting lesson: one experiment that overfits, what may help, and what each remedy gained.

Every remedy is trained from the same seeds as the experiment without it, so that each gain is that of two
runs with the same first weights and one difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    "l2": {"l2": 0.003},
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


@dataclass(frozen=True)
class Gain:
    """What a remedy gained, by seed: the figure of the weights that each run keeps, against without it.

    Attributes:
        points: of validation accuracy, in hundredths. loss: taken off validation loss; below 0 it rose.
    """

    points: tuple[float, ...]
    loss: tuple[float, ...]

    @property
    def mean_points(self) -> float:
        """Over the seeds."""
        return sum(self.points) / len(self.points)

    @property
    def is_a_gain(self) -> bool:
        """Whether accuracy rose with every seed."""
        return min(self.points) > 0


def gain(arm: Arm, without: Arm) -> Gain | None:
    """None as long as one of both is not done."""
    if not (arm.is_done and without.is_done):
        return None
    pairs = list(zip(arm.begun, without.begun, strict=True))
    return Gain(
        tuple(100 * _difference(ours.val_accuracy, theirs.val_accuracy) for ours, theirs in pairs),
        tuple(_difference(theirs.val_loss, ours.val_loss) for ours, theirs in pairs),
    )


def best(gains: Mapping[str, Gain]) -> str | None:
    """The remedy that gained most accuracy in the mean, of those that did with every seed; or None."""
    sure = {code: found.mean_points for code, found in gains.items() if found.is_a_gain}
    return max(sure, key=lambda code: sure[code], default=None)


def mean(values: Iterable[float | None]) -> float:
    """Of figures that are all there."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def _difference(figure: float | None, other: float | None) -> float:
    assert figure is not None
    assert other is not None
    return figure - other
