"""Curves against one weight, compared with networks that were made anew with another weight."""

from __future__ import annotations

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.reading.trained_network import TrainedNetwork
from core.theory.one_weight import PLACES, Curve, OneWeight

IMAGES, LABELS = load_mnist().train_images[5_000:5_100], load_mnist().train_labels[5_000:5_100]


@pytest.mark.parametrize("by", [-3.0, 0.0, 0.5])
def test_loss_and_accuracy_are_those_of_a_network_with_that_weight(by: float) -> None:
    loaded = shipped.load()
    network = loaded.network
    one = OneWeight(network, IMAGES, LABELS, "cross-entropy")
    kernel = network.weights["output/kernel"].copy()
    assert kernel[one.source, one.target] == pytest.approx(one.value)
    kernel[one.source, one.target] += by
    other = TrainedNetwork(
        loaded.settings.network, {**network.weights, "output/kernel": kernel}, network.normalization
    )
    p = other.probabilities(IMAGES)
    loss, accuracy, slope = one.at(one.value + by)
    assert accuracy == float((p.argmax(axis=1) == LABELS).mean())
    mean = -np.log(np.maximum(p[np.arange(len(LABELS)), LABELS], 1e-30)).mean()
    assert loss == pytest.approx(float(mean), rel=1e-3, abs=1e-5)
    nudge = 1e-5
    higher, lower = one.at(one.value + by + nudge)[0], one.at(one.value + by - nudge)[0]
    assert slope == pytest.approx((higher - lower) / (2 * nudge), rel=1e-4, abs=1e-9)


def test_accuracy_comes_in_whole_images_and_the_loss_at_every_place_anew() -> None:
    curve = OneWeight(shipped.load().network, IMAGES, LABELS, "cross-entropy").curve()
    assert curve.values.shape == (PLACES,)
    whole = curve.accuracies * len(LABELS)
    np.testing.assert_allclose(whole, np.rint(whole), atol=1e-9)
    assert 2 <= len(np.unique(curve.accuracies)) < PLACES / 2
    assert len(np.unique(curve.losses)) == PLACES


def test_a_plateau_ends_where_the_accuracy_changes() -> None:
    values = np.arange(6.0)
    curve = Curve(values, values, np.array([0.5, 0.7, 0.7, 0.7, 0.9, 0.7]))
    assert curve.plateau(2.2) == (1, 3)
    assert curve.plateau(0) == (0, 0)
    assert curve.plateau(5) == (5, 5)
    flat = Curve(values, values, np.ones(6))
    assert flat.plateau(3) == (0, 5)
