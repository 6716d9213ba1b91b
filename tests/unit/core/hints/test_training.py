"""How a run fares: each verdict where it holds, and silence where it only nearly does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from study_lab import run_of

from core.hints.training import Fare, fare
from core.settings import DEFAULT, PRESETS, Settings

GUESS = {"guess_accuracy": 0.1135, "guess_loss": float(np.log(10))}
FINE = DEFAULT.change(epochs=4)


def curve(losses: list[float], accuracies: list[float], trained: list[float] | None = None) -> pd.DataFrame:
    """A fresh network and an epoch's end for each loss."""
    count = len(losses)
    return pd.DataFrame(
        {
            "step": range(0, 10 * count + 1, 10),
            "epoch": range(count + 1),
            "loss": [np.nan, *(trained or losses)],
            "epoch_loss": [np.nan, *(trained or losses)],
            "val_loss": [2.4, *losses],
            "val_accuracy": [0.1, *accuracies],
        }
    )


def dead(share: float) -> pd.DataFrame:
    return pd.DataFrame({"step": [40, 40], "layer": [1, 2], "dead_share": [share, np.nan]})


def judged(
    points: pd.DataFrame, settings: Settings = FINE, layers: pd.DataFrame | None = None, **run: Any
) -> Fare | None:
    return fare(run_of(settings, **run), points, pd.DataFrame() if layers is None else layers, **GUESS)


def code(*arguments: Any, **options: Any) -> str | None:
    found = judged(*arguments, **options)
    return None if found is None else found.code


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([0.5, 0.3, 0.2, 0.1], "improving"),
        ([0.5, 0.3, 0.200, 0.1961], "finished"),  # the last epoch took 1.95 % off
        ([0.5, 0.3, 0.200, 0.1959], "improving"),  # 2.05 %
        ([0.5, 0.100, 0.105, 0.1101], "overfitting"),
        ([0.5, 0.100, 0.105, 0.1099], "finished"),  # risen by less than a tenth
        ([0.5, 0.300, 0.100, 0.1200], "finished"),  # one bad epoch is no trend
    ],
)
def test_an_ended_run_is_told_by_its_validation_loss(losses: list[float], expected: str) -> None:
    assert code(curve(losses, [0.9, 0.95, 0.96, 0.97], trained=[0.5, 0.3, 0.2, 0.1])) == expected


def test_one_epoch_has_none_before_it_to_compare_with() -> None:
    assert judged(curve([0.5], [0.9])) == Fare("begun", {"accuracy": 0.9, "guess": 0.1135, "epoch": 1})


def test_risen_loss_is_no_overfitting_while_training_loss_rises_too() -> None:
    losses = [0.5, 0.1, 0.2, 0.4]
    assert code(curve(losses, [0.9, 0.95, 0.9, 0.8], trained=losses)) == "finished"


def test_a_running_one_is_learning_or_overfits_already() -> None:
    accuracies = [0.9, 0.95, 0.96, 0.97]
    assert code(curve([0.5, 0.3, 0.2, 0.1], accuracies), status="running") == "learning"
    points = curve([0.5, 0.1, 0.2, 0.3], accuracies, trained=[0.5, 0.3, 0.2, 0.1])
    assert code(points, status="running") == "overfitting"


def test_before_the_first_epoch_s_end_only_a_falling_loss_is_told() -> None:
    points = curve([2.5], [0.1]).assign(val_loss=[2.4, np.nan], val_accuracy=[0.1, np.nan])
    assert code(points, status="running") is None
    assert code(points.assign(loss=[np.nan, 1.9]), status="running") == "learning"
    assert code(curve([], []), status="waiting") is None


def test_the_guess_line_holds_a_network_however_it_came_there() -> None:
    deep = PRESETS["twenty-layer"].change(activation="sigmoid")
    found = judged(curve([2.31, 2.30], [0.1135, 0.1002]), deep)
    assert found is not None
    assert (found.code, found.causes[0]) == ("stuck", "fading")
    assert found.remedies[0].network.activation == "relu"
    assert found.is_trouble


def test_slow_is_not_stuck() -> None:
    assert code(curve([2.30, 2.20], [0.11, 0.1135])) == "improving"  # its loss has left the guess line
    assert code(curve([2.31, 2.30], [0.11, 0.21])) != "stuck"  # the report's twenty layers, after one epoch


def test_a_dead_layer_is_named_and_the_rate_blamed() -> None:
    settings = FINE.change(learning_rate=1.0)
    found = judged(curve([2.31, 2.30], [0.1135, 0.1135]), settings, dead(1.0))
    assert found is not None
    assert (found.code, found.values["layer"], found.causes) == ("dead", 1, ("rate",))
    assert found.remedies == (settings.change(learning_rate=0.01),)
    assert code(curve([2.31, 2.30], [0.1135, 0.1135]), settings, dead(0.5)) == "stuck"


def test_what_diverged_is_told_so_and_raw_pixels_are_a_cause() -> None:
    found = judged(curve([], []), FINE.change(normalization="none"), status="diverged")
    assert found == Fare("diverged", {}, ("raw",), (FINE,))
