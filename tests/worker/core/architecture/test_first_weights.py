"""First weights against Keras' own initialisers and published formulas."""

import numpy as np
import pytest

from core.architecture.first_weights import draw_weights, initial_weights, initializer_for
from core.choices.initializers import INITIALIZERS
from core.network.model import keras_initializer
from core.settings import NetworkSettings


def test_the_reports_network_by_hand() -> None:
    first, second, output = initial_weights(NetworkSettings())
    assert first.arithmetic == "± √(6 / (784 + 300)) = ± 0.0744"
    assert first.limit == pytest.approx((6 / 1084) ** 0.5)
    assert (second.inputs, second.outputs) == (300, 100)
    assert (output.layer, output.inputs, output.outputs) == ("output", 100, 10)


def test_the_activation_decides_when_asked() -> None:
    chosen = initial_weights(NetworkSettings(initializer="activation"))
    assert [plan.initializer for plan in chosen] == ["he", "he", "glorot"]
    assert chosen[0].arithmetic == "√(2 / 784) = 0.0505"


def test_maxout_counts_both_pieces() -> None:
    assert initial_weights(NetworkSettings(activation="maxout"))[0].outputs == 600


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_drawn_weights_are_spread_as_keras_spreads_them(initializer: str) -> None:
    network = NetworkSettings(hidden=(400,), initializer=initializer)
    ours = draw_weights(network, seed=0)["dense_1/kernel"]
    keras = np.asarray(keras_initializer(initializer, seed=0)((784, 400)))
    assert ours.dtype == np.float32
    assert ours.std() == pytest.approx(keras.std(), rel=0.01)
    assert np.abs(ours).max() == pytest.approx(np.abs(keras).max(), rel=0.01)
    assert ours.std() == pytest.approx(initial_weights(network)[0].standard_deviation, rel=0.01)


def test_weights_repeat_with_their_seed() -> None:
    network = NetworkSettings()
    first, again, other = (draw_weights(network, seed)["output/kernel"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("sigmoid", "glorot"), ("tanh", "glorot"), ("linear", "glorot"), ("selu", "lecun"), ("maxout", "lecun")]
    + [(code, "he") for code in ("relu", "leaky-relu", "elu", "gelu", "swish", "softplus")],
)
def test_the_activations_own_initializer(activation: str, expected: str) -> None:
    assert initializer_for(NetworkSettings(activation=activation, initializer="activation")) == expected
    assert initializer_for(NetworkSettings(activation=activation)) == "glorot"
