"""Where experiments stand after the same epoch: what each seed came to, and what broke off before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import pandas as pd

from core.runs.run import Run
from core.settings import Settings


@dataclass(frozen=True)
class Trial:
    """One run as a verdict sees it.

    Attributes:
        seed: of its first weights and the order of its images.
        status: as in ``Run``.
        epochs: how many were asked for.
        accuracies: whole epoch, from 1 → validation accuracy after it, 0 to 1.
    """

    seed: int
    status: str
    epochs: int
    accuracies: Mapping[int, float]

    @property
    def reached(self) -> int:
        """The last whole epoch with a figure; 0 without one."""
        return max(self.accuracies, default=0)


@dataclass(frozen=True)
class Contender:
    """One experiment with its trials, one a seed."""

    settings: Settings
    trials: tuple[Trial, ...]

    @classmethod
    def of(cls, settings: Settings, trials: Sequence[Trial]) -> Contender:
        """With each seed once, by the run that came farthest: the same seed again is no other luck."""
        found: dict[int, Trial] = {}
        for one in sorted(trials, key=lambda one: (one.reached, one.status == "diverged"), reverse=True):
            found.setdefault(one.seed, one)
        return cls(settings, tuple(sorted(found.values(), key=lambda one: one.seed)))

    @property
    def reached(self) -> int:
        """The last epoch that one of its runs reached without breaking; 0 if none did."""
        return max((one.reached for one in self.trials if one.status != "diverged"), default=0)


@dataclass(frozen=True)
class Standing:
    """Where a side stands after the epoch that is compared.

    Attributes:
        accuracies: seed → validation accuracy, of every run that came so far.
        diverged: seed → the epoch in which it broke, of every run that did so before.
        later: seeds that diverged after the epoch that is compared.
        stopped, failed, coming: how many runs ended before it, or are not so far yet.
        reached: the last epoch that one of its runs reached without breaking; ended: the status of that run,
            "diverged" if there is none.
    """

    accuracies: Mapping[int, float]
    diverged: Mapping[int, int]
    later: tuple[int, ...]
    stopped: int
    failed: int
    coming: int
    reached: int
    ended: str

    @property
    def mean(self) -> float | None:
        """Of the accuracies; None where a run diverged, or there is none: the rest alone would flatter."""
        if self.diverged or not self.accuracies:
            return None
        return fmean(self.accuracies.values())

    @property
    def results(self) -> Mapping[int, float]:
        """Seed → accuracy, or minus infinity for a run that diverged: worse than any accuracy."""
        return {**self.accuracies, **dict.fromkeys(self.diverged, -math.inf)}


def trial(run: Run, points: pd.DataFrame) -> Trial:
    """What a verdict needs of a run.

    Args:
        points: with the columns epoch and val_accuracy, as ``store.curves.points`` gives them.
    """
    # NumPy, not pandas: a page may ask it of a thousand runs.
    epochs, accuracies = points["epoch"].to_numpy(), points["val_accuracy"].to_numpy()
    measured = ~np.isnan(accuracies)
    whole = {
        round(float(epoch)): float(accuracy)
        for epoch, accuracy in zip(epochs[measured], accuracies[measured], strict=True)
    }
    whole.pop(0, None)  # measured before training
    return Trial(run.settings.training.seed, run.status, run.epochs, whole)


def common_epoch(sides: Sequence[Contender]) -> int:
    """The last epoch that all sides reached, each with at least one run.

    A side without any figure sets no limit: it cannot be compared at all. Where every run diverged, it is
    the last epoch that was asked for.
    """
    limits = [side.reached for side in sides if side.reached]
    asked = [one.epochs for side in sides for one in side.trials if one.status == "diverged"]
    return min(limits) if limits else max(asked, default=0)


def standing(side: Contender, epoch: int) -> Standing:
    """Where a side stands after an epoch, from 1; 0 if nothing can be compared."""
    whole = [one for one in side.trials if one.status != "diverged"]
    farthest = max(whole, key=lambda one: one.reached, default=None)
    short = [one for one in side.trials if one.reached < max(epoch, 1)]
    counts = {status: sum(one.status == status for one in short) for status in ("stopped", "failed")}
    diverged = {one.seed: one.reached + 1 for one in short if one.status == "diverged"}
    return Standing(
        accuracies={one.seed: one.accuracies[epoch] for one in side.trials if epoch in one.accuracies},
        diverged=diverged,
        later=tuple(one.seed for one in side.trials if one.status == "diverged" and one.seed not in diverged),
        coming=len(short) - len(diverged) - sum(counts.values()),
        reached=side.reached,
        ended=farthest.status if farthest else "diverged",
        **counts,
    )
