"""A network with a unit switched off, against one whose next layer does not listen to that unit."""

from __future__ import annotations

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.reading.trained_network import TrainedNetwork

IMAGES = load_mnist().train_images[:20]
UNIT = 7


@pytest.fixture(scope="module")
def network() -> TrainedNetwork:
    return shipped.load().network


def deaf(network: TrainedNetwork) -> TrainedNetwork:
    """The same network, whose second layer has no weight for the unit."""
    weights = {name: value.copy() for name, value in network.weights.items()}
    weights["dense_2/kernel"][UNIT] = 0
    return TrainedNetwork(shipped.load().settings.network, weights, network.normalization)


def test_a_unit_that_is_off_is_a_unit_that_nobody_listens_to(network: TrainedNetwork) -> None:
    off, expected = network.without("dense_1", UNIT), deaf(network)
    np.testing.assert_allclose(off.scores(IMAGES), expected.scores(IMAGES), atol=1e-4)
    np.testing.assert_allclose(off.saliency(IMAGES[0], 3), expected.saliency(IMAGES[0], 3), atol=1e-5)
    assert off.outputs(IMAGES)["dense_1"][:, UNIT].tolist() == [0.0] * len(IMAGES)


def test_the_network_itself_stays_as_it_was_and_others_can_follow(network: TrainedNetwork) -> None:
    before = network.scores(IMAGES)
    off = network.without("dense_1", UNIT).without("dense_2", 3)
    assert not np.array_equal(off.scores(IMAGES), before)
    assert off.outputs(IMAGES)["dense_1"][:, UNIT].max() == 0
    np.testing.assert_array_equal(network.scores(IMAGES), before)


@pytest.mark.parametrize(
    ("layer", "unit"), [("dense_1", 300), ("dense_1", -1), ("output", 3), ("nonsense", 0)]
)
def test_only_units_before_the_output_can_be_switched_off(
    network: TrainedNetwork, layer: str, unit: int
) -> None:
    with pytest.raises(ValueError, match="there is no unit"):
        network.without(layer, unit)
