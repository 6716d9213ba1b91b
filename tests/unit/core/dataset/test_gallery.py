"""Average digits, distances and orders, against scikit-learn and plain NumPy."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from core.dataset.gallery import ORDERS, PART_NAMES, Gallery, distances
from core.dataset.mnist import load_mnist
from core.dataset.split import split
from core.settings import DataSettings


def _gallery(**changes: Any) -> Any:
    return Gallery(split(DataSettings(**changes), load_mnist()))


@pytest.fixture(scope="module")
def gallery() -> Any:
    return _gallery(split="random", train=3_000, validation=500, split_seed=4)


@pytest.fixture(scope="module")
def centroids(gallery: Any) -> Any:
    train = gallery.parts.train
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "self.within_class_std_dev_")  # of pixels that are always 0
        return NearestCentroid().fit(train.images.reshape(-1, 784).astype(np.float64), train.labels)


def test_averages_are_the_centroids(gallery: Any, centroids: Any) -> None:
    np.testing.assert_allclose(gallery.averages.reshape(10, 784), centroids.centroids_, atol=1e-3)


@pytest.mark.parametrize("name", PART_NAMES)
def test_nearest_average_answers_as_nearest_centroid(gallery: Any, centroids: Any, name: Any) -> None:
    part = gallery.part(name)
    score = centroids.score(part.images.reshape(-1, 784), part.labels)
    assert gallery.nearest_average_accuracy(name) == pytest.approx(score, abs=1e-9)


def test_spreads_are_the_standard_deviations(gallery: Any) -> None:
    sevens = gallery.parts.train.images[gallery.parts.train.labels == 7]
    np.testing.assert_allclose(gallery.spreads[7], sevens.std(axis=0), atol=1e-3)


def test_distance_of_a_case_by_hand() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 0, :4] = 100  # four of 784 pixels: root mean square 100 · sqrt(4 / 784)
    result = distances(images, np.zeros((10, 28, 28), np.float32))
    np.testing.assert_allclose(result[0], 0)
    np.testing.assert_allclose(result[1], 100 * (4 / 784) ** 0.5, rtol=1e-6)


@pytest.mark.parametrize("by", ORDERS)
@pytest.mark.parametrize("name", PART_NAMES)
def test_every_order_holds_each_picture_of_the_digit_once(gallery: Any, name: Any, by: Any) -> None:
    labels = gallery.part(name).labels
    np.testing.assert_array_equal(np.sort(gallery.order(name, 3, by)), np.flatnonzero(labels == 3))
    np.testing.assert_array_equal(np.sort(gallery.order(name, None, by)), np.arange(len(labels)))


def test_mnist_order_is_that_of_the_indices(gallery: Any) -> None:
    assert (np.diff(gallery.parts.train.indices[gallery.order("train", None, "mnist")]) > 0).all()


def test_shuffling_repeats_with_its_seed(gallery: Any) -> None:
    first = gallery.order("train", None, "shuffled", seed=1)
    np.testing.assert_array_equal(first, gallery.order("train", None, "shuffled", seed=1))
    assert not np.array_equal(first, gallery.order("train", None, "shuffled", seed=2))


def test_unusual_begins_with_the_farthest_from_its_own_average(gallery: Any) -> None:
    part = gallery.parts.train
    differences = part.images.astype(np.float64) - gallery.averages[part.labels]
    expected = np.sqrt(np.square(differences).mean(axis=(1, 2)))
    in_order = expected[gallery.order("train", None, "unusual")]
    assert in_order[0] == pytest.approx(expected.max())
    assert (np.diff(in_order) < 1e-3).all()


def test_counts_are_those_of_the_labels() -> None:
    table = _gallery(split="first").counts().set_index(["part", "digit"])
    assert table.loc[("test", 1), "count"] == 1135
    assert table.loc["train", "count"].sum() == 55_000
    assert table.groupby("part")["share"].sum().to_dict() == pytest.approx(dict.fromkeys(PART_NAMES, 1.0))
    both = table.loc["train", "count"] + table.loc["validation", "count"]
    assert both.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_a_digit_without_training_images_has_an_empty_average() -> None:
    mnist = load_mnist()
    rows = np.flatnonzero(mnist.train_labels != 8)[:200]
    fewer = type(mnist)(
        mnist.train_images[rows], mnist.train_labels[rows], mnist.test_images[:50], mnist.test_labels[:50]
    )
    gallery = Gallery(split(DataSettings(train=100, validation=100), fewer))
    assert not gallery.averages[8].any()
    assert np.isfinite(gallery.distances["train"]).all()
    assert gallery.order("train", 8, "unusual").size == 0
