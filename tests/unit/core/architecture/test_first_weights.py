"""First weights against Keras' own initialisers and published formulas."""

import numpy as np
import pytest

from core.architecture.first_weights import draw_weights, initial_weights
from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.network.model import INITIALIZERS
from core.reading.signal import signal
from core.settings import NetworkSettings

IMAGES = load_mnist().train_images[5_000:5_032]
Z_SCORE = fit("z-score", load_mnist().train_images[5_000:7_000])


def test_the_reports_network_by_hand():
    first, second, output = initial_weights(NetworkSettings())
    assert first.arithmetic == "± √(6 / (784 + 300)) = ± 0.0744"
    assert first.limit == pytest.approx((6 / 1084) ** 0.5)
    assert (second.inputs, second.outputs) == (300, 100)
    assert (output.layer, output.inputs, output.outputs) == ("output", 100, 10)


def test_the_activation_decides_when_asked():
    chosen = initial_weights(NetworkSettings(initializer="activation"))
    assert [plan.initializer for plan in chosen] == ["he", "he", "glorot"]
    assert chosen[0].arithmetic == "√(2 / 784) = 0.0505"


def test_maxout_counts_both_pieces():
    assert initial_weights(NetworkSettings(activation="maxout"))[0].outputs == 600


@pytest.mark.parametrize("initializer", ["glorot", "he", "lecun"])
def test_drawn_weights_are_spread_as_keras_spreads_them(initializer):
    network = NetworkSettings(hidden=(400,), initializer=initializer)
    ours = draw_weights(network, seed=0)["dense_1/kernel"]
    keras = np.asarray(INITIALIZERS[initializer](seed=0)((784, 400)))
    assert ours.dtype == np.float32
    assert ours.std() == pytest.approx(keras.std(), rel=0.01)
    assert np.abs(ours).max() == pytest.approx(np.abs(keras).max(), rel=0.01)
    assert ours.std() == pytest.approx(initial_weights(network)[0].standard_deviation, rel=0.01)


def test_weights_repeat_with_their_seed():
    network = NetworkSettings()
    first, again, other = (draw_weights(network, seed)["output/kernel"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_twenty_relu_layers_lose_a_thousandfold_with_glorot_and_nothing_with_he():
    table = signal(NetworkSettings(hidden=(100,) * 20), Z_SCORE, IMAGES)
    strengths = {name: rows["strength"].to_numpy() for name, rows in table.groupby("initializer")}
    # Each layer halves the mean square: 2 ** 9.5 = 724 from the first to the twentieth.
    assert 200 < strengths["glorot"][0] / strengths["glorot"][-1] < 3_000
    assert 0.2 < strengths["he"][0] / strengths["he"][-1] < 5


def test_sigmoids_keep_their_strength_but_images_become_alike():
    table = signal(NetworkSettings(hidden=(100,) * 8, activation="sigmoid"), Z_SCORE, IMAGES)
    glorot = table[table["initializer"] == "glorot"]
    assert glorot["strength"].between(0.4, 0.7).all()
    shrinkage = glorot["difference"].to_numpy()[1:] / glorot["difference"].to_numpy()[:-1]
    assert (shrinkage < 0.35).all()  # the slope is at most 1/4, and the weights add next to nothing


def test_strength_and_difference_of_one_image_by_hand():
    network = NetworkSettings(hidden=(5,), activation="linear")
    table = signal(network, Z_SCORE, IMAGES[:1])
    weights = draw_weights(network, 0)["dense_1/kernel"]
    expected = np.sqrt(np.mean((Z_SCORE.transform(IMAGES[0]).ravel() @ weights) ** 2))
    assert table.loc[0, "strength"] == pytest.approx(expected, rel=1e-5)
    assert table.loc[0, "difference"] == 0


@pytest.mark.parametrize("activation", ["sigmoid", "maxout", "selu", "linear"])
@pytest.mark.parametrize("options", [{}, {"batch_normalization": True}, {"residual": True}])
def test_one_strength_a_hidden_layer_and_initialiser(activation, options):
    network = NetworkSettings(hidden=(20, 20, 30), activation=activation, **options)
    table = signal(network, Z_SCORE, IMAGES[:2])
    assert len(table) == 9
    assert (table["strength"] > 0).all()


def test_no_hidden_layer_no_signal_to_follow():
    assert signal(NetworkSettings(hidden=()), Z_SCORE, IMAGES[:2]).empty
