"""Walks on a surface against Keras' own optimisers, step by step."""

import keras
import numpy as np
import pytest

from core.choices.activations import Array
from core.choices.optimizers import OPTIMIZERS
from core.network.optimizers import make_optimizer
from core.settings import TrainingSettings
from core.theory.walks import WALKS, walk


def slope(a: float, b: float) -> Array:
    """Of a² + 5b² + ab."""
    return np.array([2 * a + b, 10 * b + a])


@pytest.mark.parametrize("code", WALKS)
def test_an_optimiser_walks_as_keras_does(code: str) -> None:
    training = TrainingSettings(optimizer=code, learning_rate=OPTIMIZERS[code].usual_rate)
    optimizer, place = make_optimizer(training), keras.Variable([0.8, -0.6])
    mine = walk(code, slope, (0.8, -0.6), 20)
    for expected in mine[1:]:
        a, b = keras.ops.convert_to_numpy(place)
        optimizer.apply([keras.ops.convert_to_tensor(slope(float(a), float(b)), "float32")], [place])
        np.testing.assert_allclose(keras.ops.convert_to_numpy(place), expected, atol=2e-5)
