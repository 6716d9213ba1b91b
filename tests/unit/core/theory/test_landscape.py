"""The slice against networks whose weights were really moved; minima and saddles against known surfaces."""

from __future__ import annotations

import numpy as np
import pytest

from core.choices.activations import Array
from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.reading.trained_network import TrainedNetwork
from core.settings import DEFAULT, NetworkSettings
from core.theory import landscape
from core.theory.landscape import IMAGES, REACH, SIDE, Landscape, axis, directions, measure
from core.theory.walks import WALKS, walk

NETWORK = NetworkSettings(hidden=(6,))
RANDOM = np.random.default_rng(3)
WEIGHTS: dict[str, Array] = {
    "dense_1/kernel": RANDOM.normal(size=(784, 6)).astype(np.float32) / 20,
    "dense_1/bias": RANDOM.normal(size=6).astype(np.float32),
    "output/kernel": RANDOM.normal(size=(6, 10)).astype(np.float32),
    "output/bias": np.zeros(10, np.float32),
}
NORMALIZATION = shipped.load().network.normalization
A, B = np.meshgrid(axis(), axis())


def test_the_slice_is_the_loss_of_networks_that_were_really_moved() -> None:
    found = np.array(measure(NETWORK, WEIGHTS, NORMALIZATION, DEFAULT.data, "cross-entropy", 5))
    assert found.shape == (SIDE, SIDE)
    first, second = directions(WEIGHTS, 5)
    images = load_mnist().train_images[5_000 : 5_000 + IMAGES]
    labels = load_mnist().train_labels[5_000 : 5_000 + IMAGES]
    for row, column in ((SIDE // 2, SIDE // 2), (3, 17), (20, 0)):
        moved = dict(WEIGHTS)
        for name in first:
            moved[name] = WEIGHTS[name] + axis()[column] * first[name] + axis()[row] * second[name]
        p = TrainedNetwork(NETWORK, moved, NORMALIZATION).probabilities(images)
        mean = -np.log(p[np.arange(IMAGES), labels]).mean()
        assert found[row, column] == pytest.approx(float(mean), rel=1e-4)


def test_each_column_of_a_direction_is_as_long_as_that_of_the_weights_and_biases_stay() -> None:
    for direction in directions(WEIGHTS, 1):
        assert set(direction) == {"dense_1/kernel", "output/kernel"}
        for name, value in direction.items():
            lengths = np.linalg.norm(value, axis=0), np.linalg.norm(WEIGHTS[name], axis=0)
            np.testing.assert_allclose(*lengths, rtol=1e-5)
    first, second = directions(WEIGHTS, 1)
    assert not np.allclose(first["output/kernel"], second["output/kernel"])


def test_a_broken_network_s_loss_is_the_highest_there_is() -> None:
    broken = {**WEIGHTS, "output/bias": np.full(10, np.nan, np.float32)}
    found = measure(NETWORK, broken, NORMALIZATION, DEFAULT.data, "cross-entropy", 1)
    assert set(np.ravel(found)) == {landscape.HIGHEST}


@pytest.mark.parametrize(
    ("losses", "kinds"),
    [
        (A**2 + 2 * B**2, {"minimum"}),
        (-(A**2) - B**2, {"maximum"}),
        (A**2 - 2 * B**2, {"saddle"}),
        (A + 2 * B, set()),
        (np.ones_like(A), set()),
    ],
)
def test_minima_and_saddles_are_found_where_they_are(losses: Array, kinds: set[str]) -> None:
    found = Landscape(losses).critical
    assert {place.kind for place in found} == kinds
    assert all(np.allclose(place.place, (0, 0)) for place in found)


def test_loss_and_slope_are_those_of_the_surface_and_end_at_the_border() -> None:
    surface = Landscape(A**2 + 3 * A * B)
    assert surface.loss(0.33, -0.71) == pytest.approx(0.33**2 - 3 * 0.33 * 0.71)
    np.testing.assert_allclose(surface.slope(0.33, -0.71), (0.66 - 2.13, 0.99), atol=1e-9)
    assert surface.slope(REACH + 0.5, 0)[0] == 0


@pytest.mark.parametrize("code", WALKS)
def test_a_walk_goes_down(code: str) -> None:
    surface = Landscape(A**2 + 2 * B**2)
    places = walk(code, surface.slope, (0.8, 0.6), 200)
    assert places.shape == (201, 2)
    assert surface.loss(*places[-1]) < surface.loss(*places[0])
