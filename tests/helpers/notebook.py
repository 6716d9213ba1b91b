"""A recorder for tests: writes everything down, and stops when it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.network import training
from core.runs.progress import LAYER_MEASURES, Checkpoint, Point, Snapshot
from core.settings import Settings

UPDATE_RATIO = LAYER_MEASURES.index("update_ratio")


class Notebook:
    def __init__(self, stop_at_call: int | None = None) -> None:
        self.stop_at_call = stop_at_call
        self.calls = 0
        self.points: list[Point] = []
        self.checkpoints: list[Checkpoint] = []
        self.snapshots: list[Snapshot] = []

    def looks(self) -> list[tuple[int, bytes, bytes]]:
        """The snapshots, to be compared."""
        return [(each.step, each.histogram.tobytes(), each.pictures.to_bytes()) for each in self.snapshots]

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        self.calls += 1
        self.points += points
        self.checkpoints += [checkpoint] if checkpoint else []
        self.snapshots += [snapshot] if snapshot else []
        return self.calls != self.stop_at_call

    @property
    def weights(self) -> dict[str, bytes]:
        """The last weights, byte for byte."""
        return {name: weight.tobytes() for name, weight in self.checkpoints[-1].weights.items()}

    def curve(self) -> list[Point]:
        """All points without their times and layers."""
        return [replace(point, seconds=0.0, layers=None) for point in self.points]


def train(settings: Settings, **options: Any) -> Notebook:
    notebook = Notebook()
    assert training.train(settings, recorder=notebook, **options) == "finished"
    return notebook


def train_in_pieces(settings: Settings, calls: int, **options: Any) -> tuple[Notebook, int]:
    """Stop at every ``calls``-th word, each time going on from the saved bytes; (all of it, pieces)."""
    whole, pieces, outcome = Notebook(), 0, "stopped"
    while outcome == "stopped":
        piece = Notebook(stop_at_call=calls)
        saved = whole.checkpoints[-1].to_bytes() if whole.checkpoints else None
        outcome = training.train(
            settings,
            recorder=piece,
            checkpoint=Checkpoint.from_bytes(saved) if saved else None,
            **options,
        )
        if not saved:
            whole.points.clear()  # stopped before its first checkpoint: it begins anew
        whole.points += piece.points
        whole.checkpoints += piece.checkpoints
        whole.snapshots += piece.snapshots
        pieces += 1
    return whole, pieces


def same_layers(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether two records of layers agree bit for bit, but for an update that one of them did not see."""
    both = ~(np.isnan(one) | np.isnan(other))
    others = np.arange(len(LAYER_MEASURES)) != UPDATE_RATIO
    return np.array_equal(one[both], other[both]) and np.array_equal(
        one[others], other[others], equal_nan=True
    )
