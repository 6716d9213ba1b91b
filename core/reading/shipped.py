"""The small trained network that travels with the lab, so that a digit can be drawn in the first minute.

Made by ``python -m benchmarks.ship_network``, which showed it more than MNIST: bent copies, images as read
from pictures, and styles that are rare in MNIST. The file holds numbers and JSON only.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.dataset.normalization import Normalization
from core.errors import N_, LabError
from core.reading.trained_network import TrainedNetwork
from core.settings import Settings

NETWORK_FILE = Path(__file__).parents[1] / "data" / "shipped_network.npz"
COMMAND = "python -m benchmarks.ship_network"
_WEIGHTS = "weights/"


class DamagedNetwork(LabError):
    """The shipped network's file is missing or is not what was written."""


@dataclass(frozen=True)
class Shipped:
    """A trained network and the experiment that made it."""

    settings: Settings
    network: TrainedNetwork


def save(
    path: Path, settings: Settings, normalization: Normalization, weights: Mapping[str, NDArray[Any]]
) -> None:
    """Write an experiment, its fitted normalisation and its trained weights as an .npz file.

    ``benchmarks.ship_network`` calls it; it stands beside ``load``, so that both change together.
    """
    np.savez_compressed(
        path,
        allow_pickle=False,
        settings=np.array(settings.to_json()),
        normalization=np.array(normalization.to_json()),
        **{_WEIGHTS + name: weight for name, weight in weights.items()},
    )


@cache
def load(path: Path = NETWORK_FILE) -> Shipped:
    """Read what ``save`` wrote; once a process. Raises DamagedNetwork."""
    try:
        with path.open("rb") as file:
            arrays = dict(np.load(file, allow_pickle=False))
        settings = Settings.from_json(str(arrays.pop("settings")))
        normalization = Normalization.from_json(str(arrays.pop("normalization")))
        weights = {name.removeprefix(_WEIGHTS): weight for name, weight in arrays.items()}
        return Shipped(settings, TrainedNetwork(settings.network, weights, normalization))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, LabError) as error:
        raise DamagedNetwork(
            N_("The shipped network in {file} cannot be read ({reason}). Make it again: {command}."),
            file=path.name,
            reason=error,
            command=COMMAND,
        ) from error
