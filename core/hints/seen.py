"""What hints are read from: one run with its curve and the microscope's record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.runs.run import UNFINISHED, Run
from core.settings import Settings

ERRORS = 2.0
"""Standard errors within which two shares are not told apart: luck exceeds them in 1 of 22 cases."""


def error_of_difference(first: float, second: float, count: int) -> float:
    """Standard error of the difference of two accuracies, each of so many images.

    Each is a share of images, with variance p (1 - p) / n. The same images make the difference of two
    networks vary less than this where one mostly reads what the other reads.
    """
    return math.sqrt((first * (1 - first) + second * (1 - second)) / count)


@dataclass(frozen=True, eq=False)
class Seen:
    """One run.

    Attributes:
        settings: the experiment.
        status: as in ``Run``.
        points: its curve; layers: the microscope's record, both as ``Curves`` gives them.
        guess_accuracy, guess_loss: of guessing on its validation images.
    """

    settings: Settings
    status: str
    points: pd.DataFrame
    layers: pd.DataFrame
    guess_accuracy: float
    guess_loss: float

    @classmethod
    def of(
        cls,
        run: Run,
        points: pd.DataFrame,
        layers: pd.DataFrame,
        *,
        guess_accuracy: float,
        guess_loss: float,
    ) -> Seen:
        """A run as the record has it."""
        return cls(run.settings, run.status, points, layers, guess_accuracy, guess_loss)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self.status not in UNFINISHED

    @property
    def images(self) -> int:
        """How many images validate."""
        return self.settings.data.validation

    @property
    def steps(self) -> int:
        """Optimiser steps recorded."""
        return int(self.points["step"].max()) if len(self.points) else 0

    @cached_property
    def _ends(self) -> pd.DataFrame:
        ends: pd.DataFrame = self.points.dropna(subset=["val_loss", "val_accuracy"]).query("step > 0")
        return ends

    @property
    def epochs(self) -> int:
        """Whole epochs recorded."""
        return len(self._ends)

    @property
    def accuracy(self) -> float:
        """Of validation after the last whole epoch; there must be one."""
        return float(self.accuracies[-1])

    @property
    def training_accuracy(self) -> float:
        """The mean over the images of the last whole epoch; there must be one."""
        return float(self._column("epoch_accuracy")[-1])

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """(epochs,) of validation after each whole epoch."""
        return self._column("val_accuracy")

    @property
    def losses(self) -> NDArray[np.float64]:
        """(epochs,) of validation after each whole epoch."""
        return self._column("val_loss")

    @property
    def training_losses(self) -> NDArray[np.float64]:
        """(epochs,) means over the images of each whole epoch."""
        return self._column("epoch_loss")

    @cached_property
    def first_layers(self) -> pd.DataFrame:
        """The record at step 0, by layer."""
        return self._layers_at(0)

    @cached_property
    def newest_layers(self) -> pd.DataFrame:
        """The newest record, by layer."""
        return self._layers_at(-1 if self.layers.empty else int(self.layers["step"].max()))

    def _column(self, name: str) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self._ends[name].to_numpy(float)
        return found

    def _layers_at(self, step: int) -> pd.DataFrame:
        if self.layers.empty:
            return self.layers
        found: pd.DataFrame = self.layers[self.layers["step"] == step].sort_values("layer")
        return found
