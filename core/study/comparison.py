"""Runs that stand side by side: in what they differ, which are missing, and how to repeat them.

Epochs are no difference between two experiments: a longer run begins as the shorter one, and runs are
compared after the same number of epochs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from core.runs.identity import PARTS, chosen, has_part
from core.runs.run import Run
from core.settings import DEFAULT, PARAMETERS, Settings

MOST_RUNS = 32
"""Curves on one chart: a whole sweep, as many as one learner may have waiting."""
ONE_BY_ONE = 8
"""So many lines are judged one by one; of more it is asked which of their settings mattered."""
SEEDS = 8
"""Runs of one experiment that show how far luck reaches. Two experiments need six, or chance alone makes one
better with all seeds in more than 1 of 20 cases; with eight, six comparisons can be made at once."""
VALIDATION_SETTINGS = ("split", "validation", "split_seed")
"""Settings that decide which images validate."""

Names = dict[str, tuple[Any, ...]]


@lru_cache(maxsize=4096)
def family(settings: Settings) -> Settings:
    """What runs share that differ in luck only: the experiment without its seed."""
    return chosen(settings).change(seed=DEFAULT.training.seed)


def differing(experiments: Sequence[Settings]) -> Names:
    """Setting → its value in each experiment, for every effective setting but epochs that differs.

    How often a rate drops is no difference of its own from an experiment whose rate does not drop at all.
    """
    plain = [chosen(settings) for settings in experiments]
    values = {parameter.name: tuple(map(parameter.get, plain)) for parameter in PARAMETERS}
    found = {name: each for name, each in values.items() if len(set(each)) > 1}
    return {name: each for name, each in found.items() if not _is_told(name, found, plain)}


def _is_told(name: str, found: Names, experiments: Sequence[Settings]) -> bool:
    """Whether this only says more about another setting that differs, and alike wherever it has an effect."""
    in_use = (
        value for value, settings in zip(found[name], experiments, strict=True) if has_part(settings, name)
    )
    return PARTS.get(name) in found and len(set(in_use)) == 1


def is_measured_alike(experiments: Sequence[Settings]) -> bool:
    """Whether all are validated on the same images, so that their accuracies can be compared."""
    return not set(differing(experiments)) & set(VALIDATION_SETTINGS)


def find_run(settings: Settings, runs: Iterable[Run]) -> Run | None:
    """The run that gives this experiment's result, done or still to come; one that is done if there is one.

    A run that diverged is a result, and one whose patience ended. One that failed or was stopped is none.
    """
    wanted, epochs = chosen(settings), settings.training.epochs
    same = [run for run in runs if chosen(run.settings) == wanted]
    done = [run for run in same if run.epochs_done >= epochs or _is_over(run, epochs)]
    coming = [run for run in same if run.unfinished and (run.epochs >= epochs or _may_end(run, epochs))]
    return next(iter([*done, *coming]), None)


def _is_over(run: Run, epochs: int) -> bool:
    """Whether it was to go so far, and ended by itself before."""
    return run.status == "diverged" or (run.status == "finished" and _may_end(run, epochs))


def _may_end(run: Run, epochs: int) -> bool:
    """Whether it was to go so far but for its patience; where that is over it wants fewer epochs."""
    training = run.settings.training
    return training.patience > 0 and training.epochs >= epochs


def after_epoch(points: pd.DataFrame, epochs: int, name: str = "val_accuracy") -> float | None:
    """A figure measured at the end of this epoch, or None.

    Args:
        points: epoch, val_loss, val_accuracy as ``Curves.points`` gives them.
    """
    figures = points[name].to_numpy()
    at = figures[(np.abs(points["epoch"].to_numpy() - epochs) < 1e-9) & ~np.isnan(figures)]
    return float(at[-1]) if len(at) else None


def best_epoch(points: pd.DataFrame) -> tuple[int, float] | None:
    """The epoch, from 1, with the best validation accuracy, the first of several, and the accuracy; or None.

    The validation accuracy of a run is that of its last whole epoch, whose weights are examined. This one is
    called the best, and is better than what is kept.
    """
    whole = points.loc[points["epoch"] > 0, ["epoch", "val_accuracy"]].dropna()
    if not len(whole):
        return None
    best = int(whole["val_accuracy"].to_numpy().argmax())
    epoch, accuracy = whole.to_numpy()[best].tolist()
    return round(epoch), accuracy


def seeds_to_add(used: Collection[int], wanted: int = SEEDS) -> list[int]:
    """The smallest seeds not used yet, as many as make ``wanted`` in all."""
    unused = (seed for seed in range(wanted + len(used)) if seed not in used)
    return [seed for seed, _ in zip(unused, range(wanted - len(set(used))), strict=False)]
