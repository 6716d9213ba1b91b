"""A run's first epochs done once more, for the weights at the end of each: the record keeps the last only.

``python -m core.network.replay FILE EPOCHS`` reads settings as JSON from standard input and writes the
weights after 0, 1, … EPOCHS epochs into FILE, an .npz of arrays named "epoch/layer/variable". In a process
of its own it disturbs no run; with one thread it comes to the same weights bit for bit.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.network import training
from core.network.compiled_steps import beginning
from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import Settings


class _Keeper:
    """Writes each epoch's weights into an open archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._epoch = 0

    def keep(self, weights: Mapping[str, NDArray[Any]]) -> None:
        for name, value in weights.items():
            with self._archive.open(f"{self._epoch}/{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, value, allow_pickle=False)
        self._epoch += 1

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        if checkpoint is not None:
            self.keep(checkpoint.weights)
        return True


def replay(settings: Settings, epochs: int, file: str) -> None:
    """Train so many epochs and keep what each came to. Raises Diverged."""
    with zipfile.ZipFile(file, "w") as archive:
        keeper = _Keeper(archive)
        keeper.keep(beginning(settings).weights)
        training.train(settings, recorder=keeper, epochs=epochs, microscope=False)


if __name__ == "__main__":
    training.use_one_thread()
    replay(Settings.from_json(sys.stdin.read()), int(sys.argv[2]), sys.argv[1])
