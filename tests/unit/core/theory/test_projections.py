"""Projections against scikit-learn's principal components and nearest means."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.settings import DEFAULT, NetworkSettings
from core.theory.projections import projections

DRAWN = load_mnist().train_images[:3]


def test_every_layer_is_projected_as_scikit_learn_does() -> None:
    loaded = shipped.load()
    network = loaded.network
    data = DEFAULT.change(validation=300, train=1000).data
    found = projections(loaded.settings.network, network.weights, network.normalization, data, DRAWN)
    images, labels = load_mnist().train_images[:300], load_mnist().train_labels[:300]
    np.testing.assert_array_equal(found.labels, labels)
    outputs = list({**network.outputs(images), "output": network.scores(images)}.values())
    for mine, output in zip(found.layers, outputs, strict=True):
        model = PCA(2, svd_solver="full").fit(output)
        theirs = model.transform(output)
        size = np.abs(theirs).max()
        for axis in range(2):
            same = np.abs(mine.points[:, axis]), np.abs(theirs[:, axis])
            np.testing.assert_allclose(*same, atol=1e-2 * size)
        assert mine.share == pytest.approx(model.explained_variance_ratio_.sum(), rel=1e-3)
        means = [output[labels == digit].mean(axis=0) for digit in range(10)]
        nearest = KNeighborsClassifier(1).fit(means, range(10)).predict(output)
        assert mine.sorted_right == pytest.approx((nearest == labels).mean(), abs=0.01)
        # The drawings are the first three images here: they must lie where these do.
        np.testing.assert_allclose(mine.drawings, mine.points[:3], atol=1e-3 * size)
    assert found.layers[-1].sorted_right > found.layers[0].sorted_right


def test_a_layer_of_one_unit_lies_on_a_line() -> None:
    network = NetworkSettings(hidden=(1,))
    weights = {
        "dense_1/kernel": np.zeros((784, 1)),
        "dense_1/bias": np.ones(1),
        "output/kernel": np.ones((1, 10)),
        "output/bias": np.zeros(10),
    }
    data = DEFAULT.change(validation=100, train=100).data
    normalization = shipped.load().network.normalization
    found = projections(network, weights, normalization, data, DRAWN[:0])
    assert found.layers[1].points.shape == (100, 2)
    assert not found.layers[1].points.any()
    assert found.layers[1].drawings.shape == (0, 2)
