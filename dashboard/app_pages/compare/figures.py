"""The figures of runs after a number of epochs, as they are compared."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.run import Run
from core.study.comparison import after_epoch
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.frame import resources


def common_epochs(bundles: Sequence[Bundle]) -> int:
    """After how many epochs all lines can be compared; 0 if some have none yet."""
    return min((max(run.epochs_done for run in bundle.runs) for bundle in bundles), default=0)


def accuracies(runs: Sequence[Run], epochs: int) -> list[float]:
    """The validation accuracy of each run that came so far, after so many epochs."""
    found = [figure_after(run, epochs) for run in runs]
    return [accuracy for accuracy in found if accuracy is not None]


def figure_after(run: Run, epochs: int, name: str = "val_accuracy") -> float | None:
    """A run's "val_accuracy" or "val_loss" after so many epochs; None if it has not come so far."""
    if run.epochs_done < epochs:
        return None
    return after_epoch(resources.points(run.id, run.step), epochs, name)
