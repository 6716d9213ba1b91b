"""The hints on a run, from what the record has of it."""

from __future__ import annotations

import pandas as pd

from core.hints.rules import Hint, hints
from core.hints.seen import Seen
from core.runs.run import Run
from dashboard.frame import resources


def seen(run: Run) -> Seen:
    """A run as the rules see it, read from the record."""
    layers = resources.layers(run) if run.epochs_done else pd.DataFrame()
    return seen_with(run, resources.points(run), layers)


def seen_with(run: Run, points: pd.DataFrame, layers: pd.DataFrame) -> Seen:
    """A run as the rules see it, from its curve and the microscope's record."""
    guess = resources.guessing(run.settings)
    return Seen.of(run, points, layers, guess_accuracy=guess.accuracy, guess_loss=guess.loss)


def hints_of(run: Run) -> list[Hint]:
    """What can be said of a run, the most useful first."""
    return hints(seen(run))
