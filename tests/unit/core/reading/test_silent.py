"""Units that are 0 for every image before training, against arithmetic by hand."""

import numpy as np
import pytest

from core.architecture.first_weights import draw_weights
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.reading.signal import silent_shares
from core.settings import NetworkSettings

IMAGES = load_mnist().train_images[5_000:5_020]
Z_SCORE = fit("z-score", IMAGES)


def test_a_share_of_each_layer_is_counted() -> None:
    network = NetworkSettings((40, 30), "relu", "glorot", False, False)
    weights = draw_weights(network, 3)
    outputs = Z_SCORE.transform(IMAGES).reshape(len(IMAGES), -1).astype(np.float64)
    expected = []
    for layer in ("dense_1", "dense_2"):
        outputs = np.maximum(outputs @ weights[f"{layer}/kernel"], 0)
        expected.append((outputs.max(axis=0) == 0).mean())
    assert silent_shares(network, Z_SCORE, IMAGES, seed=3) == pytest.approx(expected)


def test_one_image_silences_about_half_and_more_images_fewer() -> None:
    network = NetworkSettings((400,), "relu", "glorot", False, False)
    (one,), (many,) = (silent_shares(network, Z_SCORE, IMAGES[:count]) for count in (1, 20))
    assert one == pytest.approx(0.5, abs=0.1)
    assert many < one / 5


def test_batch_normalisation_leaves_no_unit_silent() -> None:
    """Sums of mean 0 over the images cannot all be below it."""
    network = NetworkSettings((20,) * 5, "relu", "glorot", True, False)
    assert silent_shares(network, Z_SCORE, IMAGES) == [0.0] * 5


def test_without_hidden_layers_there_is_nothing_to_count() -> None:
    assert silent_shares(NetworkSettings((), "relu", "glorot", False, False), Z_SCORE, IMAGES) == []
