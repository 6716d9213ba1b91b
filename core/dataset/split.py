"""Which images train, which validate, which test: three disjoint parts, the same for the same settings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.dataset.mnist import Mnist
from core.settings import DataSettings


@dataclass(frozen=True)
class Part:
    """Some rows of a larger set of images. A slice is kept as a view; chosen rows are copied when asked for.

    ``all_images`` (N, 28, 28) uint8 and ``all_labels`` (N,) uint8 are shared by all parts; ``rows`` picks
    n of them.
    """

    all_images: NDArray[np.uint8]
    all_labels: NDArray[np.uint8]
    rows: slice | NDArray[np.intp]

    def __len__(self) -> int:
        """How many images there are."""
        return len(self.labels)

    @property
    def images(self) -> NDArray[np.uint8]:
        """(n, 28, 28) uint8. A new copy of up to 47 MB when the rows are not one slice: ask once."""
        return self.all_images[self.rows]

    @property
    def labels(self) -> NDArray[np.uint8]:
        """(n,) uint8, 0 to 9."""
        return self.all_labels[self.rows]

    @property
    def indices(self) -> NDArray[np.intp]:
        """(n,) the place of each image in MNIST's own order, counted from 0."""
        return np.arange(len(self.all_labels))[self.rows]

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory beside the shared images: its rows."""
        return 0 if isinstance(self.rows, slice) else self.rows.nbytes

    def stretch(self, start: int, stop: int) -> NDArray[np.uint8]:
        """(k, 28, 28) uint8: the images at the positions from start to before stop, without a copy of all."""
        if isinstance(self.rows, slice):
            return self.images[start:stop]
        return self.all_images[self.rows[start:stop]]

    def pick(self, positions: NDArray[np.intp]) -> NDArray[np.uint8]:
        """(k, 28, 28) uint8: the images at these positions in the part, 0 to n − 1."""
        return self.all_images[self.indices[positions]]


@dataclass(frozen=True)
class Parts:
    """``train`` and ``validation`` come from the 60,000 training images, ``test`` is all 10,000 others."""

    train: Part
    validation: Part
    test: Part


def split(data: DataSettings, mnist: Mnist) -> Parts:
    """Divide MNIST as the settings say.

    "first": the first ``validation`` images validate and the following ``train`` images train, as in the
    report (5,000 and 55,000). "random" draws both without replacement. "stratified" draws them so that
    every digit keeps its share in both (scikit-learn's ``train_test_split``).
    """
    train, validation = _rows(data, mnist.train_labels)
    return Parts(
        train=Part(mnist.train_images, mnist.train_labels, train),
        validation=Part(mnist.train_images, mnist.train_labels, validation),
        test=Part(mnist.test_images, mnist.test_labels, slice(None)),
    )


def _rows(
    data: DataSettings, labels: NDArray[np.uint8]
) -> tuple[slice | NDArray[np.intp], slice | NDArray[np.intp]]:
    end = data.validation + data.train
    if data.split == "first":
        return slice(data.validation, end), slice(data.validation)
    if data.split == "random":
        order = np.random.default_rng(data.split_seed).permutation(len(labels))
        return order[data.validation : end], order[: data.validation]
    return _stratified(data, labels)


def _stratified(data: DataSettings, labels: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    from sklearn.model_selection import train_test_split  # takes a second: not at every start

    train, validation = train_test_split(
        np.arange(len(labels)),
        train_size=data.train,
        test_size=data.validation,
        stratify=labels,
        random_state=data.split_seed,
    )
    return train, validation
