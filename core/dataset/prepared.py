"""From settings to what a run trains and validates with: the parts, and the normalisation fitted on one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.dataset.mnist import load_mnist
from core.dataset.normalization import Normalization, fit
from core.dataset.split import split
from core.settings import DataSettings

PIECE = 1_000

Extra = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""More images to train with: (n, 28, 28) uint8, and their labels (n,) uint8."""


@dataclass(frozen=True)
class Prepared:
    """Images (n, 28, 28) and labels (n,), all uint8, and the normalisation fitted on the training images."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    validation_images: NDArray[np.uint8]
    validation_labels: NDArray[np.uint8]
    normalization: Normalization

    def normalized(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Any images (n, 28, 28), scaled; in pieces, because looking up 43 million pixels takes 345 MB."""
        scaled = np.empty(images.shape, np.float32)
        for first in range(0, len(images), PIECE):
            scaled[first : first + PIECE] = self.normalization.transform(images[first : first + PIECE])
        return scaled


def prepare(data: DataSettings, extra: Extra | None = None) -> Prepared:
    """Split, add ``extra`` to the training part, fit. The last split without extra images is kept."""
    if extra is None:
        return _prepared(data)
    alone = _prepared(data)
    images = np.concatenate([alone.images, extra[0]])
    labels = np.concatenate([alone.labels, extra[1]])
    normalization = fit(data.normalization, images)
    return Prepared(images, labels, alone.validation_images, alone.validation_labels, normalization)


@lru_cache(maxsize=1)
def _prepared(data: DataSettings) -> Prepared:
    parts = split(data, load_mnist())
    images = parts.train.images
    return Prepared(
        images,
        parts.train.labels,
        parts.validation.images,
        parts.validation.labels,
        fit(data.normalization, images),
    )
