"""What a network reads of images that it learnt from, and of as many that it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from core.dataset.mnist import load_mnist
from core.dataset.normalization import Normalization
from core.dataset.split import split
from core.reading.exam import read_right
from core.reading.trained_network import TrainedNetwork
from core.settings import DataSettings, NetworkSettings

MOST = 5_000
"""Images of each kind, where there are so many."""


def known_and_new(
    network: NetworkSettings,
    weights: Mapping[str, NDArray[Any]],
    normalization: Normalization,
    data: DataSettings,
) -> tuple[float, float]:
    """The shares read right of training images and of as many validation images, up to ``MOST`` each.

    Takes and gives plain values, so that a worker can do it.
    """
    reader, parts = TrainedNetwork(network, weights, normalization), split(data, load_mnist())
    count = min(MOST, len(parts.train), len(parts.validation))
    known, new = (
        read_right(reader, part.stretch(0, count), part.labels[:count])[0] / count
        for part in (parts.train, parts.validation)
    )
    return known, new
