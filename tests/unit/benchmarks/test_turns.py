"""A turn of a contender: one epoch, or as many short ones as it has room for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import pytest

from benchmarks.turns import TURN_SECONDS, Contender


class Told(Contender):
    """A contender whose epochs take what it was told."""

    def __init__(self, seconds: Iterator[float]) -> None:
        self.seconds = seconds
        self.epochs = 0

    def epoch(self) -> float:
        self.epochs += 1
        return next(self.seconds)


def test_a_long_epoch_is_a_turn() -> None:
    contender = Told(iter([2.0]))
    assert (contender.turn(), contender.epochs) == (2.0, 1)


def test_short_epochs_fill_a_turn_and_their_mean_is_told() -> None:
    contender = Told(repeat(TURN_SECONDS / 4))
    assert contender.turn() == pytest.approx(TURN_SECONDS / 4)
    assert contender.epochs == 4
    assert Told(iter([TURN_SECONDS / 2, TURN_SECONDS])).turn() == pytest.approx(TURN_SECONDS * 3 / 4)
