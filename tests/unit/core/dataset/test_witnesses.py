"""Which digits are asked follows from the split alone, and their answers come back as they were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from kept_answers import read_answers
from scipy.spatial.distance import cdist

from core.dataset.mnist import load_mnist
from core.dataset.split import Part, split
from core.dataset.witnesses import COUNT, witnesses, write_answers
from core.settings import DEFAULT


def validation(**changes: Any) -> Part:
    return split(DEFAULT.change(**changes).data, load_mnist()).validation


@pytest.mark.parametrize("changes", [{}, {"split": "random", "split_seed": 3}, {"validation": 100}])
def test_they_are_24_of_all_digits_in_order(changes: Any) -> None:
    part = validation(**changes)
    rows = witnesses(part)
    labels = part.labels[rows]
    assert len(set(rows.tolist())) == len(rows) == COUNT
    assert labels.tolist() == sorted(labels.tolist())
    assert set(labels.tolist()) == set(range(10))
    for digit in range(10):  # the first two of each digit are always asked
        assert set(np.flatnonzero(part.labels == digit)[:2].tolist()) <= set(rows.tolist())


def test_only_the_split_decides() -> None:
    usual = witnesses(validation()).tolist()
    assert (
        witnesses(validation(train=1_000, normalization="none", seed=7, handwriting=True)).tolist() == usual
    )
    assert witnesses(validation(split="random")).tolist() != usual


def test_the_hard_ones_are_those_that_lie_nearest_to_another_digits_average() -> None:
    part = validation(validation=1_000)
    pixels = part.images.reshape(len(part), -1).astype(float)
    centroids = [pixels[part.labels == digit].mean(axis=0) for digit in range(10)]
    distances = cdist(pixels, centroids, "sqeuclidean")
    own = distances[np.arange(len(part)), part.labels]
    distances[np.arange(len(part)), part.labels] = np.inf
    likeness = distances.min(axis=1) - own
    rows = witnesses(part)
    hardest = [min(np.flatnonzero(part.labels == digit), key=likeness.__getitem__) for digit in range(10)]
    assert set(sorted(hardest, key=likeness.__getitem__)[:4]) <= set(rows.tolist())


def test_fewer_than_24_images_are_all_asked_and_a_missing_digit_is_nobodys_nearest() -> None:
    images = np.random.default_rng(0).integers(0, 256, (7, 28, 28)).astype(np.uint8)
    assert sorted(witnesses(Part(images, np.array([3, 1, 3, 3, 1, 8, 3], np.uint8), slice(None)))) == list(
        range(7)
    )
    assert sorted(witnesses(Part(images, np.full(7, 5, np.uint8), slice(None)))) == list(range(7))


def test_answers_take_three_bytes_a_digit_and_come_back() -> None:
    probabilities = np.full((24, 10), 0.02)
    probabilities[:, 7] = 0.82
    labels = np.repeat([7, 3], 12).astype(np.uint8)
    kept = write_answers(probabilities, labels)
    assert kept is not None
    assert len(kept) == 72 <= 300
    digits, sure, truth = read_answers(kept)
    assert set(digits.tolist()) == {7}
    assert set(sure.tolist()) == {82}
    assert truth.tolist() == [82] * 12 + [2] * 12


def test_what_is_no_number_is_no_answer() -> None:
    probabilities = np.full((2, 10), 0.1)
    probabilities[1, 4] = np.nan
    assert write_answers(probabilities, np.array([1, 2], np.uint8)) is None
