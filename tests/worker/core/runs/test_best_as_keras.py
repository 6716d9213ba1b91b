"""Keras' own ``EarlyStopping`` is told the same losses: it must end, and keep, the same epochs."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.runs.best import best_epoch, ends_early

NAN = float("nan")


class Told:
    """What the callback asks of a model: its weights are the number of the epoch just done."""

    metrics: tuple[()] = ()

    def __init__(self) -> None:
        self.epoch = 0
        self.kept = 0
        self.stop_training = False

    def get_weights(self) -> int:
        return self.epoch

    def set_weights(self, epoch: int) -> None:
        self.kept = epoch


def by_keras(losses: list[float], patience: int) -> tuple[int | None, int]:
    """After which epoch, from 1, ``fit`` would end early, and whose weights it would leave."""
    model: Any = Told()
    stopping = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    stopping.set_model(model)
    stopping.on_train_begin()
    for loss in losses:
        model.epoch += 1
        stopping.on_epoch_end(model.epoch - 1, {"val_loss": loss})
        if model.stop_training:
            break
    stopping.on_train_end()
    return (model.epoch if model.stop_training else None), model.kept


def by_the_lab(losses: list[float], patience: int) -> tuple[int | None, int]:
    end = ends_early(losses, patience)
    return end, best_epoch(losses[:end]) or 0


@pytest.mark.parametrize("patience", [1, 2, 3, 7])
def test_it_ends_and_keeps_what_keras_does(patience: int) -> None:
    """Few values, so that there are many ties; some are no number, which is never an improvement."""
    dice = np.random.default_rng(patience)
    ends = set()
    for _ in range(150):
        losses = dice.choice([0.1, 0.2, 0.3, 0.4, 0.5, NAN], dice.integers(1, 15)).tolist()
        assert by_the_lab(losses, patience) == by_keras(losses, patience), losses
        ends.add(by_keras(losses, patience)[0])
    assert len(ends) > 3  # of all kinds: some never, some soon, some late


@pytest.mark.parametrize(
    ("losses", "patience", "expected"),
    [
        ([0.5], 1, (None, 1)),
        ([0.5, 0.5], 1, (2, 1)),  # as low as before is not lower
        ([0.5, 0.4, 0.6, 0.4, 0.3], 2, (4, 2)),
        ([0.5, 0.4, 0.6, 0.3, 0.2], 2, (None, 5)),  # the best is kept though nothing ended early
        ([0.5, NAN, 0.4], 2, (None, 3)),
        ([NAN, 0.5, 0.4], 2, (3, 1)),
    ],
)
def test_cases_one_can_follow(losses: list[float], patience: int, expected: tuple[int | None, int]) -> None:
    assert by_keras(losses, patience) == expected
    assert by_the_lab(losses, patience) == expected
