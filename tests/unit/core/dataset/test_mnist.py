"""The data that travels with the project is MNIST, whole and unharmed."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.dataset.mnist import DATA_FILE, DamagedData, idx_sha256, load_mnist
from core.errors import LabError


def test_counts_per_digit_are_the_published_ones() -> None:
    counts = np.bincount(load_mnist().train_labels)
    assert counts.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(load_mnist().test_labels).tolist() == [
        980,
        1135,
        1032,
        1010,
        982,
        892,
        958,
        1028,
        974,
        1009,
    ]


def test_shapes_and_types() -> None:
    mnist = load_mnist()
    shapes = [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
    arrays = [mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels]
    assert [array.shape for array in arrays] == shapes
    assert {array.dtype for array in arrays} == {np.dtype(np.uint8)}


def test_arrays_cannot_be_written() -> None:
    mnist = load_mnist()
    for array in (mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_read_once_a_process() -> None:
    assert load_mnist() is load_mnist()


def test_idx_checksum_is_that_of_a_hand_written_idx_file() -> None:
    images = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    file = struct.pack(">iiii", 2051, 2, 3, 4) + bytes(range(24))
    assert idx_sha256(images) == hashlib.sha256(file).hexdigest()
    file = struct.pack(">ii", 2049, 3) + b"\x05\x06\x07"
    assert idx_sha256(np.array([5, 6, 7], np.uint8)) == hashlib.sha256(file).hexdigest()


def _save(path: Any, **changes: Any) -> None:
    mnist = load_mnist()
    arrays = {
        "x_train": mnist.train_images,
        "y_train": mnist.train_labels,
        "x_test": mnist.test_images,
        "y_test": mnist.test_labels,
    }
    arrays = {name: array for name, array in {**arrays, **changes}.items() if array is not None}
    np.savez(path, allow_pickle=True, **arrays)


def _one_pixel_changed() -> Any:
    images = load_mnist().test_images.copy()
    images[1234, 14, 14] ^= 1
    return images


def _two_labels_swapped() -> Any:
    labels = load_mnist().test_labels.copy()
    labels[[0, 1]] = labels[[1, 0]]
    return labels


@pytest.mark.parametrize(
    "changes",
    [
        {"x_test": None},
        {"x_test": np.zeros((10, 28, 28), np.uint8)},
        {"y_test": np.zeros(10000, np.int64)},
        {"y_test": np.array([{}, 1], dtype=object)},
    ],
)
def test_another_content_is_refused(tmp_path: Path, changes: Any) -> None:
    path = tmp_path / "mnist.npz"
    _save(path, **changes)
    with pytest.raises(DamagedData, match="git checkout"):
        load_mnist(path)


@pytest.mark.parametrize(
    ("name", "change"), [("x_test", _one_pixel_changed), ("y_test", _two_labels_swapped)]
)
def test_the_smallest_change_is_noticed(tmp_path: Path, name: str, change: Any) -> None:
    path = tmp_path / "mnist.npz"
    _save(path, **{name: change()})
    with pytest.raises(DamagedData, match=name):
        load_mnist(path)


def _one_array(path: Path) -> None:
    np.save(path.with_suffix(".npy"), np.zeros(3))
    shutil.move(path.with_suffix(".npy"), path)


def _truncate(path: Any) -> None:
    path.write_bytes(DATA_FILE.read_bytes()[:1_000_000])


def _flip_a_byte(path: Any) -> None:
    content = bytearray(DATA_FILE.read_bytes())
    content[5_000_000] ^= 0xFF
    path.write_bytes(content)


DAMAGES = {
    "missing": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not digits", encoding="utf-8"),
    "another archive": lambda path: path.write_bytes(gzip.compress(b"digits")),
    "one array": _one_array,
    "truncated": _truncate,
    "one byte": _flip_a_byte,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_says_how_to_mend_it(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "mnist.npz"
    DAMAGES[damage](path)
    with pytest.raises(DamagedData, match=r"core/data/mnist\.npz of this project") as caught:
        load_mnist(path)
    assert isinstance(caught.value, LabError)
    assert str(path) in str(caught.value)
