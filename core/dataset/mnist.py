"""MNIST: 70,000 handwritten digits by Y. LeCun, C. Cortes and C. J. C. Burges (CC BY-SA 3.0).

The file that travels with the project is checked byte for byte against the four original IDX files.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, LabError

DATA_FILE = Path(__file__).parents[1] / "data" / "mnist.npz"
IDX_SHA256 = {
    "x_train": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "y_train": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "x_test": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "y_test": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""SHA-256 of the uncompressed originals train-images, train-labels, t10k-images and t10k-labels."""


class DamagedData(LabError):
    """The data file is missing, unreadable, or not the published MNIST."""


@dataclass(frozen=True)
class Mnist:
    """The whole data set as read-only uint8 arrays.

    ``train_images`` (60000, 28, 28) and ``test_images`` (10000, 28, 28) hold ink from 0 (ground) to 255
    (stroke); ``train_labels`` (60000,) and ``test_labels`` (10000,) hold the digits 0 to 9.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


@cache
def load_mnist(path: Path = DATA_FILE) -> Mnist:
    """Read and check the data set; once a process. Raises DamagedData."""
    arrays = _read(path)
    for name, expected in IDX_SHA256.items():
        if idx_sha256(arrays[name]) != expected:
            raise _damaged(path, f"{name} differs from the published MNIST")
        arrays[name].setflags(write=False)
    return Mnist(arrays["x_train"], arrays["y_train"], arrays["x_test"], arrays["y_test"])


def idx_sha256(array: NDArray[np.uint8]) -> str:
    """SHA-256 of the IDX file that holds this array: images (n, rows, columns) or labels (n,)."""
    # An IDX header is the magic number 0x0800 + number of dimensions, then each size, big-endian.
    header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
    digest = hashlib.sha256(header)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, NDArray[np.uint8]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in IDX_SHA256}
    except FileNotFoundError:
        raise _damaged(path, "it is missing") from None
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, reason: str) -> DamagedData:
    return DamagedData(
        N_(
            "The digits in {path} cannot be used: {reason}. Get the file core/data/mnist.npz of this project "
            "again, for example with: git checkout -- core/data/mnist.npz"
        ),
        path=path,
        reason=reason,
    )
