"""Runs as hints see them, made up: a curve by its epochs' ends, layers by their measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.hints.rules import Hint, hints
from core.hints.seen import Seen
from core.runs.progress import LAYER_MEASURES
from core.settings import DEFAULT, Settings

GUESS, GUESS_LOSS = 0.1135, float(np.log(10))
FINE = DEFAULT.change(epochs=4)


def curve(
    losses: Sequence[float],
    accuracies: Sequence[float],
    *,
    trained: Sequence[float] | None = None,
    training: Sequence[float] | None = None,
    steps: int = 1_000,
) -> pd.DataFrame:
    """A fresh network and an epoch's end for each validation loss; training is as good where not named."""
    count = len(losses)
    return pd.DataFrame(
        {
            "step": range(0, steps * count + 1, steps),
            "epoch": range(count + 1),
            "loss": [np.nan, *(trained or losses)],
            "epoch_loss": [np.nan, *(trained or losses)],
            "epoch_accuracy": [np.nan, *(training or accuracies)],
            "val_loss": [2.4, *losses],
            "val_accuracy": [0.1, *accuracies],
        }
    )


def layers(step: int, **measures: Sequence[float]) -> pd.DataFrame:
    """One record of the microscope; what is not named was not measured."""
    count = len(next(iter(measures.values())))
    rows = {name: measures.get(name, [np.nan] * count) for name in LAYER_MEASURES}
    return pd.DataFrame({"step": step, "epoch": step / 1_000, "layer": range(1, count + 1)} | rows)


def seen(
    points: pd.DataFrame,
    settings: Settings = FINE,
    microscope: pd.DataFrame | None = None,
    *,
    status: str = "finished",
) -> Seen:
    """A run as the rules see it."""
    record = pd.DataFrame() if microscope is None else microscope
    return Seen(settings, status, points, record, GUESS, GUESS_LOSS)


def codes(run: Seen) -> list[str]:
    """The rules that speak."""
    return [hint.code for hint in hints(run)]


def first(run: Seen) -> Hint:
    """The most useful hint; there must be one."""
    return hints(run)[0]
