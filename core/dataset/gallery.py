"""What there is to see in a split: pictures in some order, the average digits, how unusual a picture is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.dataset.normalization import constant_pixels, pixel_counts
from core.dataset.split import Part, Parts
from core.settings import DIGITS, PIXELS

PART_NAMES = ("train", "validation", "test")
ORDERS = ("mnist", "shuffled", "unusual")
_CHUNK = 1_000


@dataclass(frozen=True)
class Gallery:
    """The pictures of a split; what must be computed is computed when first asked for."""

    parts: Parts

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory once everything is computed, beside MNIST itself; but for a few."""
        parts = [self.part(name) for name in PART_NAMES]
        computed = sum(len(part) for part in parts) * DIGITS * np.dtype(np.float32).itemsize
        return sum(part.nbytes for part in parts) + computed + 2 * DIGITS * PIXELS * 4

    def part(self, name: str) -> Part:
        """The part called "train", "validation" or "test"."""
        return {"train": self.parts.train, "validation": self.parts.validation, "test": self.parts.test}[name]

    @cached_property
    def averages(self) -> NDArray[np.float32]:
        """(10, 28, 28) float32, 0 to 255: the mean of each digit's training images; 0 where there is none."""
        return self._of_each_digit[0]

    @cached_property
    def spreads(self) -> NDArray[np.float32]:
        """(10, 28, 28) float32: the standard deviation of each pixel over each digit's training images."""
        return self._of_each_digit[1]

    @cached_property
    def _of_each_digit(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        averages, spreads = np.zeros((2, DIGITS, 28, 28), np.float32)
        images, labels = self.parts.train.images, self.parts.train.labels
        for digit in np.unique(labels):
            pictures = images[labels == digit].astype(np.float32)
            averages[digit], spreads[digit] = pictures.mean(axis=0), pictures.std(axis=0)
        return averages, spreads

    @cached_property
    def pixel_counts(self) -> dict[str, NDArray[np.int64]]:
        """Part name → (256,) how often each pixel value occurs in its images."""
        return {name: pixel_counts(self.part(name).images) for name in PART_NAMES}

    @cached_property
    def constant_pixels(self) -> int:
        """How many of the 784 pixels have one and the same value in all training images."""
        return int(constant_pixels(self.parts.train.images).sum())

    @cached_property
    def distances(self) -> dict[str, NDArray[np.float32]]:
        """Part name → (n, 10) float32: distance of each image from each average digit, per pixel (RMS)."""
        return {name: distances(self.part(name).images, self.averages) for name in PART_NAMES}

    def nearest_average_accuracy(self, name: str) -> float:
        """Share of a part's images whose nearest average digit is the right one."""
        return float((self.distances[name].argmin(axis=1) == self.part(name).labels).mean())

    def counts(self) -> pd.DataFrame:
        """How often each digit occurs in each part: columns part, digit, count, share of the part."""
        rows = []
        for name in PART_NAMES:
            counts = np.bincount(self.part(name).labels, minlength=DIGITS)
            rows += [(name, digit, int(count), count / counts.sum()) for digit, count in enumerate(counts)]
        return pd.DataFrame(rows, columns=["part", "digit", "count", "share"])

    def order(self, name: str, digit: int | None, by: str, seed: int = 0) -> NDArray[np.intp]:
        """Positions in the part, of one digit or (None) of all, in an order of ``ORDERS``.

        "unusual" begins with the picture that is farthest from the average of its digit.
        """
        labels = self.part(name).labels
        positions = np.arange(len(labels)) if digit is None else np.flatnonzero(labels == digit)
        if by == "shuffled":
            return np.random.default_rng(seed).permutation(positions)
        if by == "unusual":
            own = self.distances[name][positions, labels[positions]]
            return positions[np.argsort(-own, kind="stable")]
        return positions[np.argsort(self.part(name).indices[positions])]


def distances(images: NDArray[np.uint8], averages: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 10) root mean square difference of images (n, 28, 28) from averages (10, 28, 28)."""
    centres = averages.reshape(len(averages), PIXELS)
    squares = np.empty((len(images), len(averages)), np.float32)
    for start in range(0, len(images), _CHUNK):  # in chunks: a float32 copy of all images is 170 MB
        pictures = images[start : start + _CHUNK].reshape(-1, PIXELS).astype(np.float32)
        # |x − m|² = |x|² − 2 x·m + |m|²
        lengths = np.square(pictures).sum(axis=1)[:, None] + np.square(centres).sum(axis=1)
        squares[start : start + _CHUNK] = lengths - 2 * pictures @ centres.T
    return np.sqrt(np.maximum(squares, 0) / PIXELS)
