"""Runs as ``benchmarks.hints`` has them: trained in this process, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.dataset.mnist import load_mnist
from core.dataset.prepared import prepare
from core.dataset.split import split
from core.hints.seen import Seen
from core.reading.divergence import Diverged
from core.reading.trained_network import TrainedNetwork
from core.record.curves import POINT_COLUMNS
from core.runs.progress import LAYER_MEASURES, Checkpoint, Point, Snapshot
from core.settings import Settings
from core.study.guessing import guessing


@dataclass
class _Kept:
    """Keeps a run's points and its last weights."""

    points: list[Point] = field(default_factory=list)
    weights: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Take what is new, and let the run go on."""
        self.points += points
        self.weights = checkpoint.weights if checkpoint else self.weights
        return True


class Lab:
    """Trains experiments as a worker does, and remembers how they went."""

    def __init__(self) -> None:
        from core.network import training  # only here: reading the grid needs no TensorFlow
        from core.network.kept import Kept

        training.use_one_thread()
        self._train, self._instruments = training.train, Kept()
        self._runs: dict[Settings, tuple[Seen, dict[str, NDArray[np.float32]]]] = {}

    def __len__(self) -> int:
        """How many experiments were trained."""
        return len(self._runs)

    def run(self, settings: Settings) -> Seen:
        """An experiment, trained to its end."""
        return self._get(settings)[0]

    def network(self, settings: Settings) -> TrainedNetwork:
        """The same in NumPy, to ask for itself what a rule claims of it. It must not have diverged."""
        data = prepare(settings.data)
        return TrainedNetwork(settings.network, self._get(settings)[1], data.normalization)

    def _get(self, settings: Settings) -> tuple[Seen, dict[str, NDArray[np.float32]]]:
        if settings not in self._runs:
            kept = _Kept()
            try:
                status = self._train(settings, recorder=kept, kept=self._instruments)
            except Diverged:
                status = "diverged"
            self._runs[settings] = seen(settings, status, kept.points), kept.weights
        return self._runs[settings]


def seen(settings: Settings, status: str, points: Sequence[Point]) -> Seen:
    """A run as the rules see it."""
    labels = split(settings.data, load_mnist()).validation.labels
    guess = guessing(labels, settings.training.loss)
    return Seen(settings, status, _curve(points), _layers(points), guess.accuracy, guess.loss)


def _curve(points: Sequence[Point]) -> pd.DataFrame:
    rows = [[getattr(point, name) for name in POINT_COLUMNS] for point in points]
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS)).astype(float).astype({"step": int})


def _layers(points: Sequence[Point]) -> pd.DataFrame:
    rows: list[list[Any]] = [
        [point.step, point.epoch, layer, *measures]
        for point in points
        if point.layers is not None
        for layer, measures in enumerate(point.layers.T, start=1)
    ]
    columns = ["step", "epoch", "layer", *LAYER_MEASURES]
    return pd.DataFrame(rows, columns=columns).astype({"step": int, "layer": int})
