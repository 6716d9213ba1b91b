"""Three parts that never share an image."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.dataset.split import split
from core.settings import SPLITS, DataSettings

SIZES = [(55_000, 5_000), (100, 100), (30_000, 30_000), (59_900, 100), (1_000, 5_000), (12_345, 678)]
CASES = list(itertools.product(SPLITS, SIZES, (0, 1, 2**31 - 1)))


def _split(**changes: Any) -> Any:
    return split(DataSettings(**changes), load_mnist())


@pytest.mark.parametrize(("kind", "sizes", "seed"), CASES)
def test_parts_are_disjoint_and_as_large_as_asked(kind: Any, sizes: Any, seed: Any) -> None:
    train, validation = sizes
    parts = _split(split=kind, train=train, validation=validation, split_seed=seed)
    both = np.concatenate([parts.train.indices, parts.validation.indices])
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (train, validation, 10_000)
    assert len(np.unique(both)) == train + validation
    assert both.min() >= 0
    assert both.max() < 60_000


@pytest.mark.parametrize("kind", SPLITS)
def test_images_and_labels_are_those_of_the_indices(kind: Any) -> None:
    mnist = load_mnist()
    parts = _split(split=kind, train=500, validation=300, split_seed=3)
    for part in (parts.train, parts.validation):
        np.testing.assert_array_equal(part.images, mnist.train_images[part.indices])
        np.testing.assert_array_equal(part.labels, mnist.train_labels[part.indices])
        np.testing.assert_array_equal(part.pick(np.array([5, 0])), part.images[[5, 0]])


@pytest.mark.parametrize("kind", SPLITS)
def test_the_test_part_is_the_ten_thousand_test_images(kind: Any) -> None:
    part = _split(split=kind).test
    assert np.shares_memory(part.images, load_mnist().test_images)
    np.testing.assert_array_equal(part.labels, load_mnist().test_labels)


def test_the_default_is_the_reports_split() -> None:
    parts = _split()
    mnist = load_mnist()
    np.testing.assert_array_equal(parts.validation.images, mnist.train_images[:5000])
    np.testing.assert_array_equal(parts.train.images, mnist.train_images[5000:])
    np.testing.assert_array_equal(parts.train.labels, mnist.train_labels[5000:])


def test_the_default_copies_nothing() -> None:
    parts = _split()
    assert np.shares_memory(parts.train.images, load_mnist().train_images)
    assert not parts.train.images.flags.writeable


@pytest.mark.parametrize("kind", ["random", "stratified"])
def test_the_seed_decides_and_repeats(kind: str) -> None:
    first = _split(split=kind, split_seed=1)
    again = _split(split=kind, split_seed=1)
    other = _split(split=kind, split_seed=2)
    np.testing.assert_array_equal(first.train.indices, again.train.indices)
    np.testing.assert_array_equal(first.validation.indices, again.validation.indices)
    assert not np.array_equal(np.sort(first.validation.indices), np.sort(other.validation.indices))


def test_the_seed_changes_nothing_when_nothing_is_drawn() -> None:
    np.testing.assert_array_equal(_split(split_seed=0).train.indices, _split(split_seed=9).train.indices)


@pytest.mark.parametrize(("train", "validation"), SIZES)
def test_stratified_keeps_every_digits_share(train: Any, validation: Any) -> None:
    share = np.bincount(load_mnist().train_labels) / 60_000
    parts = _split(split="stratified", train=train, validation=validation, split_seed=5)
    for part in (parts.train, parts.validation):
        # No whole number of images can be nearer to the exact share than this.
        assert np.abs(np.bincount(part.labels, minlength=10) - share * len(part)).max() <= 1


def test_random_does_not_keep_the_share() -> None:
    share = np.bincount(load_mnist().train_labels) / 60_000
    labels = _split(split="random", validation=5_000).validation.labels
    assert np.abs(np.bincount(labels) - share * 5_000).max() > 1
