"""The figures of runs after a number of epochs, as they are compared."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.run import Run
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.runs.figures import figure_after


def common_epochs(bundles: Sequence[Bundle]) -> int:
    """After how many epochs all lines can be compared; 0 if some have none yet."""
    return min((max(run.epochs_done for run in bundle.runs) for bundle in bundles), default=0)


def accuracies(runs: Sequence[Run], epochs: int) -> list[float]:
    """The validation accuracy of each run that came so far, after so many epochs."""
    found = [figure_after(run, epochs) for run in runs]
    return [accuracy for accuracy in found if accuracy is not None]
