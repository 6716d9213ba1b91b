"""What a list shows of a run beside its name: for the page, and for what is pushed to it."""

from __future__ import annotations

from core.runs.run import Run
from dashboard.language import numbers
from dashboard.runs.wording import status_name


def cells(run: Run) -> list[str]:
    """State, epochs, validation accuracy, seconds; a dash where nothing is known yet."""
    return [
        status_name(run.status),
        numbers.out_of(run.epochs_done, run.epochs),
        numbers.percent(run.val_accuracy),
        f"{run.seconds:,.1f}" if run.step else numbers.NOTHING,
    ]
