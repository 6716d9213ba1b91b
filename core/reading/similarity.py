"""How far an image lies from MNIST's training images, and how many of them lie as far from their own kind.

Images are compared by their first 50 principal components (Pearson 1901), fitted on the training images: they
hold what digits differ by, and leave out most of the noise at strokes' edges. Each digit is a kind of its
own: a zero with a slash lies far from every zero, though not from every eight.

The file is made by ``python -m benchmarks.ship_detector``.
"""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.dataset.mnist import load_mnist
from core.errors import N_, LabError
from core.settings import DIGITS, PIXELS

SIMILARITY_FILE = Path(__file__).parents[1] / "data" / "similarity.npz"
COMMAND = "python -m benchmarks.ship_detector"
FIRST = 5_000
"""Training images before this one are the validation part of the usual split and are not compared with."""
REFERENCES = 1_000
"""Training images of each digit whose own distance is known."""
CHUNK = 1_000


class DamagedSimilarity(LabError):
    """The file of principal components is missing or is not what was written."""


class Similarity:
    """Compares images with the 55,000 training images after the first 5,000. Never changes.

    Args:
        mean: (784,) float32, of the training images.
        components: (784, k) float32, orthonormal columns.
        references: (10, 1000) float32, sorted in each row: for that many training images of each digit, the
            distance to the nearest other training image of the same digit.
    """

    def __init__(
        self,
        mean: NDArray[np.float32],
        components: NDArray[np.float32],
        references: NDArray[np.float32],
    ) -> None:
        self.mean, self.components, self.references = mean, components, references
        mnist = load_mnist()
        images, labels = mnist.train_images[FIRST:], mnist.train_labels[FIRST:]
        self.kinds = [self.project(images[labels == digit]) for digit in range(DIGITS)]
        self._squares = [np.square(kind).sum(axis=1) for kind in self.kinds]
        self._usual = np.median(references, axis=1)

    def project(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, 28, 28) uint8 → (n, k) float32."""
        projected = np.empty((len(images), self.components.shape[1]), np.float32)
        for start in range(0, len(images), CHUNK):
            pixels = images[start : start + CHUNK].reshape(-1, PIXELS).astype(np.float32)
            projected[start : start + CHUNK] = (pixels - self.mean) @ self.components
        return projected

    def distances(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, 28, 28) uint8 → (n, 10) float32: to the nearest training image of each digit.

        The unit is one of 255 steps of one pixel's ink.
        """
        found = np.empty((len(images), DIGITS), np.float32)
        for start in range(0, len(images), CHUNK // 10):
            points = self.project(images[start : start + CHUNK // 10])
            lengths, doubled = np.square(points).sum(axis=1), 2 * points
            for digit, (kind, squares) in enumerate(zip(self.kinds, self._squares, strict=True)):
                nearest = (squares - doubled @ kind.T).min(axis=1) + lengths
                found[start : start + CHUNK // 10, digit] = nearest
        return np.sqrt(np.maximum(found, 0))

    def least(self, distances: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 10) float32 distances → (n,) float32: the least in units of what is usual for its digit.

        Usual is the median of the references: ones lie closer together than eights.
        """
        return np.asarray((distances / self._usual).min(axis=1), np.float32)

    def as_unusual(self, distance: float, digit: int) -> int:
        """How many of 1,000 training images of ``digit`` lie at least so far from the nearest other one."""
        below = np.searchsorted(self.references[digit], distance, side="left")
        return REFERENCES - int(below)


@cache
def load(path: Path = SIMILARITY_FILE) -> Similarity:
    """Read the components and project the training images, in about a second. Raises DamagedSimilarity."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            mean, components, references = (
                np.asarray(arrays[name], np.float32) for name in ("mean", "components", "references")
            )
        if (
            mean.shape != (PIXELS,)
            or components.shape[0] != PIXELS
            or references.shape != (DIGITS, REFERENCES)
        ):
            raise ValueError("shapes differ")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedSimilarity(
            N_("The file {file} cannot be read ({reason}). Make it again: {command}."),
            file=path.name,
            reason=error,
            command=COMMAND,
        ) from error
    return Similarity(mean, components, references)
