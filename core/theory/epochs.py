"""What each layer makes of images after each of a run's first epochs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from core.dataset.normalization import Normalization
from core.settings import Settings
from core.theory import own_process
from core.theory.projections import Projections, projections

MOST = 10
"""Epochs done once more, at most."""


@dataclass(frozen=True)
class Replayed:
    """The ``Projections`` after 0, 1, … epochs."""

    epochs: list[Projections]

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory, but for a few."""
        return sum(each.nbytes for each in self.epochs)


def replayed(
    settings: Settings, normalization: Normalization, drawings: NDArray[np.uint8], epochs: int
) -> Replayed:
    """Train so many epochs once more, from the first weights of the run's seed, and project after each.

    Some seconds an epoch; takes and gives plain values, so that a worker can do it. Images that learners
    drew are not part of it.

    Raises MeasurementFailed.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "weights.npz"
        own_process.run("-m", "core.network.replay", str(file), str(epochs), told=settings.to_json())
        with np.load(file) as kept:
            found = []
            for epoch in range(epochs + 1):
                weights = {
                    name.partition("/")[2]: kept[name] for name in kept.files if name.startswith(f"{epoch}/")
                }
                found.append(projections(settings.network, weights, normalization, settings.data, drawings))
    return Replayed(found)
