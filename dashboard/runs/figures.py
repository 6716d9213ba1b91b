"""What runs measured after so many epochs."""

from __future__ import annotations

from core.runs.run import Run
from core.study.comparison import after_epoch
from dashboard.frame import resources


def figure_after(run: Run, epochs: int, name: str = "val_accuracy") -> float | None:
    """A run's "val_accuracy" or "val_loss" after so many epochs; None if it has not come so far."""
    if run.epochs_done < epochs:
        return None
    return after_epoch(resources.points(run), epochs, name)
