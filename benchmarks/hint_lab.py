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
from core.runs.progress import LAYER_MEASURES, Checkpoint, Point, Snapshot, steps_per_epoch
from core.settings import Settings
from core.study.guessing import guessing

Weights = dict[str, NDArray[np.float32]]


@dataclass
class _Kept:
    """Keeps a run's points, its last weights, and those at this step."""

    middle_step: int
    points: list[Point] = field(default_factory=list)
    weights: Weights = field(default_factory=dict)
    middle: Weights = field(default_factory=dict)

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Take what is new, and let the run go on."""
        self.points += points
        if checkpoint:
            self.weights = checkpoint.weights
            self.middle = checkpoint.weights if checkpoint.step == self.middle_step else self.middle
        return True


class Lab:
    """Trains experiments as a worker does, and remembers how they went."""

    def __init__(self) -> None:
        from core.network import training  # only here: reading the grid needs no TensorFlow
        from core.network.kept import Kept

        training.use_one_thread()
        self._train, self._instruments = training.train, Kept()
        self._runs: dict[Settings, tuple[Seen, Weights, Weights]] = {}

    def __len__(self) -> int:
        """How many experiments were trained."""
        return len(self._runs)

    def run(self, settings: Settings) -> Seen:
        """An experiment, trained to its end."""
        return self._get(settings)[0]

    def network(self, settings: Settings, *, in_the_middle: bool = False) -> TrainedNetwork:
        """The same in NumPy, to ask for itself what a rule claims of it. It must have come so far."""
        _seen, last, middle = self._get(settings)
        weights = middle if in_the_middle else last
        return TrainedNetwork(settings.network, weights, prepare(settings.data).normalization)

    def _get(self, settings: Settings) -> tuple[Seen, Weights, Weights]:
        if settings not in self._runs:
            training = settings.training
            steps = steps_per_epoch(settings.data.train, training.batch_size)
            kept = _Kept(training.epochs // 2 * steps)
            try:
                status = self._train(settings, recorder=kept, kept=self._instruments)
            except Diverged:
                status = "diverged"
            self._runs[settings] = seen(settings, status, kept.points), kept.weights, kept.middle
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
