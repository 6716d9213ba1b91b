"""The activations, held against Keras, automatic differentiation, and their own promises."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.choices.activations import (
    ACTIVATIONS_TABLE,
    INITIALIZER_LABELS,
    INITIALIZER_VARIANCES,
    LEAKY_SLOPE,
    Activation,
    Array,
    initializer_for,
    pieces,
)
from core.settings import ACTIVATIONS, INITIALIZERS, NetworkSettings

ORDINARY = [activation for activation in ACTIVATIONS_TABLE.values() if activation.keras_name]
POINTS = np.concatenate([np.linspace(-12, 12, 2_401), [0.0, -0.0, 1e-7, -1e-7, 50, -50, 1e3, -1e3]])
EDGES = np.array([0.0, 1e-30, 88.8, 104, 710, 1e3, 1e6, 1e18, 1e38])
EDGES = np.concatenate([EDGES, -EDGES])
FAMILIES = {"saturating", "rectifier", "smooth", "linear", "maxout"}


def ids(activation: Activation) -> str:
    return activation.code


def test_the_table_holds_every_choice_in_its_order() -> None:
    assert tuple(ACTIVATIONS_TABLE) == ACTIVATIONS
    assert {activation.code for activation in ACTIVATIONS_TABLE.values() if not activation.keras_name} == {
        "maxout"
    }


@pytest.mark.parametrize("activation", ACTIVATIONS_TABLE.values(), ids=ids)
def test_everything_is_said_about_each(activation: Activation) -> None:
    assert activation.family in FAMILIES
    assert activation.initializer in set(INITIALIZERS) & set(INITIALIZER_LABELS) & set(INITIALIZER_VARIANCES)
    for sentence in (activation.shape, activation.limits, activation.initializer_reason):
        assert sentence[0].isupper()
        assert sentence.endswith((".", ")"))
    latex = (activation.formula_latex, activation.derivative_latex, activation.value_range)
    for formula in latex:
        assert formula.count("{") == formula.count("}")
        assert formula.count(r"\begin") == formula.count(r"\end")


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_function_and_derivative_agree_with_keras_and_autodiff(activation: Activation) -> None:
    """To TensorFlow's own rounding, at many points, at the kink itself and far out.

    It keeps leaky ReLU's slope and GELU's √2 in float32, and takes tanh's tails as differences of near ones.
    """
    x = tf.constant(POINTS, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.activations.get(activation.keras_name)(x)
    rtol = {"leaky-relu": 2e-8, "gelu": 1e-6}.get(activation.code, 1e-9)
    atol = {"gelu": 1e-8}.get(activation.code, 1e-14)
    np.testing.assert_allclose(activation.function(POINTS), y.numpy(), rtol=rtol, atol=atol)
    np.testing.assert_allclose(
        activation.derivative(POINTS), tape.gradient(y, x).numpy(), rtol=rtol, atol=atol
    )


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_the_derivative_is_the_slope_of_the_function(activation: Activation) -> None:
    """Independent of TensorFlow: central differences, away from the kink."""
    x, step = np.linspace(-6, 6, 101) + 0.013, 1e-6
    slope = (activation.function(x + step) - activation.function(x - step)) / (2 * step)
    np.testing.assert_allclose(activation.derivative(x), slope, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_nothing_overflows_and_the_dtype_stays(activation: Activation, dtype: type) -> None:
    x = EDGES.astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, slopes = activation.function(x), activation.derivative(x)
    for result in (values, slopes):
        assert result.dtype == dtype
        assert result.shape == x.shape
        assert np.isfinite(result).all()
    exact = activation.function(x.astype(np.float64))
    np.testing.assert_allclose(values, exact, rtol=1e-5, atol=1e-36)


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_values_lie_in_the_written_range(activation: Activation) -> None:
    low, high = activation.value_range[1:-1].replace(r"\infty", "inf").replace(r"\ ", "").split(",")
    values = activation.function(np.linspace(-30, 30, 6_001))
    assert values.min() >= float(low) - 0.01
    assert values.max() <= float(high)
    if math.isfinite(float(low)):
        assert values.min() == pytest.approx(float(low), abs=0.01)


def test_known_values() -> None:
    def at(code: str, x: float) -> float:
        return float(ACTIVATIONS_TABLE[code].function(np.array([x]))[0])

    assert at("sigmoid", 0) == 0.5
    assert at("tanh", 1) == pytest.approx(0.7615941559557649)
    assert at("relu", -3) == 0
    assert at("leaky-relu", -3) == pytest.approx(-3 * LEAKY_SLOPE)
    assert at("elu", -1) == pytest.approx(1 / math.e - 1)
    assert at("gelu", 1) == pytest.approx(0.8413447460685429)  # the exact form; the tanh one gives 0.84119
    assert at("softplus", 0) == pytest.approx(math.log(2))
    assert at("swish", 1) == pytest.approx(1 / (1 + math.exp(-1)))


def test_sigmoid_is_never_steeper_than_a_quarter() -> None:
    assert ACTIVATIONS_TABLE["sigmoid"].derivative(POINTS).max() == 0.25


def test_selu_keeps_mean_zero_and_variance_one() -> None:
    """What its constants are for, by numerical integration over a standard normal input."""
    x = np.linspace(-12, 12, 200_001)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    y = ACTIVATIONS_TABLE["selu"].function(x)
    assert np.trapezoid(y * density, x) == pytest.approx(0, abs=1e-7)
    assert np.trapezoid(y**2 * density, x) == pytest.approx(1, abs=1e-7)


def test_maxout_takes_the_largest_piece() -> None:
    maxout = ACTIVATIONS_TABLE["maxout"]
    sums = np.array([[[1.0, 3.0], [-2.0, -5.0]], [[0.0, 0.0], [7.0, -7.0]]], np.float32)
    np.testing.assert_array_equal(maxout.function(sums), [[3, -2], [0, 7]])
    np.testing.assert_array_equal(maxout.derivative(sums), [[[0, 1], [1, 0]], [[0.5, 0.5], [1, 0]]])
    assert maxout.function(sums).dtype == maxout.derivative(sums).dtype == np.float32


def test_maxout_agrees_with_autodiff_even_at_a_tie() -> None:
    sums = np.random.default_rng(0).normal(size=(50, 4, 2))
    sums[0, 0] = 1.25
    x = tf.constant(sums)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.ops.max(x, axis=-1)
    np.testing.assert_array_equal(ACTIVATIONS_TABLE["maxout"].function(sums), y.numpy())
    np.testing.assert_array_equal(ACTIVATIONS_TABLE["maxout"].derivative(sums), tape.gradient(y, x).numpy())


def test_two_random_pieces_keep_the_mean_square() -> None:
    """Why maxout wants weights of variance 1/n: E max(a, b)² = E a² for independent normal a and b."""
    sums = np.random.default_rng(0).normal(size=(1_000_000, 2))
    assert np.mean(ACTIVATIONS_TABLE["maxout"].function(sums) ** 2) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_the_picture_shows_the_function_itself(activation: Activation) -> None:
    np.testing.assert_array_equal(activation.curve(POINTS), activation.function(POINTS))
    np.testing.assert_array_equal(activation.slope(POINTS), activation.derivative(POINTS))


def test_maxouts_picture_is_the_larger_of_two_lines() -> None:
    maxout = ACTIVATIONS_TABLE["maxout"]
    x: Array = np.array([-3.0, 3.0])
    np.testing.assert_allclose(maxout.curve(x), [1.0, 3.0])
    np.testing.assert_allclose(maxout.slope(x), [-0.5, 1.0])


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("sigmoid", "glorot"), ("tanh", "glorot"), ("linear", "glorot"), ("selu", "lecun"), ("maxout", "lecun")]
    + [(code, "he") for code in ("relu", "leaky-relu", "elu", "gelu", "swish", "softplus")],
)
def test_the_activations_own_initializer(activation: str, expected: str) -> None:
    assert initializer_for(NetworkSettings(activation=activation, initializer="activation")) == expected
    assert initializer_for(NetworkSettings(activation=activation)) == "glorot"


def test_only_maxout_has_two_weighted_sums_a_unit() -> None:
    counts = {code: pieces(NetworkSettings(activation=code)) for code in ACTIVATIONS}
    assert counts == {**dict.fromkeys(ACTIVATIONS, 1), "maxout": 2}
