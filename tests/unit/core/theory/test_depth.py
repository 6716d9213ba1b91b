"""What is expected of a gradient on its way back, against a network drawn and measured."""

from __future__ import annotations

import numpy as np
import pytest

from core.choices.initializers import INITIALIZERS
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.reading.signal import signal
from core.settings import MAXIMUM_DEPTH
from core.theory.depth import left_at_the_first, network, passed_by_a_layer


def test_he_keeps_a_gradient_and_glorot_loses_three_tenths_a_layer() -> None:
    assert passed_by_a_layer("he") == pytest.approx(1)
    assert passed_by_a_layer("glorot") == pytest.approx(np.sqrt(0.5))
    assert left_at_the_first(20, "glorot") == pytest.approx(1 / 724, rel=1e-3)
    assert left_at_the_first(1, "glorot") == 1


@pytest.mark.parametrize("depth", [20, MAXIMUM_DEPTH])
def test_a_drawn_network_loses_about_as_much(depth: int) -> None:
    images, labels = load_mnist().train_images[:32], load_mnist().train_labels[:32]
    settings = network(depth, "glorot")
    table = signal(settings.network, fit("z-score", images), images, labels)
    for code in INITIALIZERS:
        gradients = table[table["initializer"] == code]["gradient"].to_numpy()
        left = gradients[0] / gradients[-1]
        # Each layer's chance adds up: within a factor of 1.06 a layer.
        assert abs(np.log(left / left_at_the_first(depth, code))) < 0.06 * depth, code
