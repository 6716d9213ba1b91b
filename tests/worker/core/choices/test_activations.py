"""The activations, held against Keras, automatic differentiation, and their own promises."""

import math
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.choices.activations import ACTIVATIONS, LEAKY_SLOPE, Activation, Array
from core.choices.initializers import INITIALIZERS

ORDINARY = [activation for activation in ACTIVATIONS.values() if activation.keras_name]
POINTS = np.concatenate([np.linspace(-12, 12, 2_401), [0.0, -0.0, 1e-7, -1e-7, 50, -50, 1e3, -1e3]])
EDGES = np.array([0.0, 1e-30, 88.8, 104, 710, 1e3, 1e6, 1e18, 1e38])
EDGES = np.concatenate([EDGES, -EDGES])
STRANGE = [activation for activation in ACTIVATIONS.values() if not activation.keras_name]


def ids(activation: Activation) -> str:
    return activation.code


FIRST = (
    *("sigmoid", "tanh", "relu", "leaky-relu", "elu", "maxout"),
    *("gelu", "selu", "swish", "softplus", "linear"),
)
"""Links and kept runs name these, and the colour of each follows from its place: others stand behind them."""


def test_codes_that_stand_in_links_stay() -> None:
    assert tuple(ACTIVATIONS)[: len(FIRST)] == FIRST
    assert [(row.code, row.pieces) for row in STRANGE] == [("maxout", 2)]
    assert all(row.pieces == 1 for row in ORDINARY)


def test_an_unknown_code_has_no_row() -> None:
    with pytest.raises(KeyError):
        ACTIVATIONS["nonsense"]


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ids)
def test_everything_is_said_about_each(activation: Activation) -> None:
    assert activation.initializer in INITIALIZERS
    for sentence in (activation.limits, activation.initializer_reason):
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
def test_nothing_overflows_and_the_dtype_stays(
    activation: Activation, dtype: type[np.float32 | np.float64]
) -> None:
    x: Array = EDGES.astype(dtype)
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
        return float(ACTIVATIONS[code].function(np.array([x]))[0])

    assert at("sigmoid", 0) == 0.5
    assert at("tanh", 1) == pytest.approx(0.7615941559557649)
    assert at("relu", -3) == 0
    assert at("leaky-relu", -3) == pytest.approx(-3 * LEAKY_SLOPE)
    assert at("elu", -1) == pytest.approx(1 / math.e - 1)
    assert at("gelu", 1) == pytest.approx(0.8413447460685429)  # the exact form; the tanh one gives 0.84119
    assert at("softplus", 0) == pytest.approx(math.log(2))
    assert at("swish", 1) == pytest.approx(1 / (1 + math.exp(-1)))


def test_sigmoid_is_never_steeper_than_a_quarter() -> None:
    assert ACTIVATIONS["sigmoid"].derivative(POINTS).max() == 0.25


def test_selu_keeps_mean_zero_and_variance_one() -> None:
    """What its constants are for, by numerical integration over a standard normal input."""
    x = np.linspace(-12, 12, 200_001)
    density = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    y = ACTIVATIONS["selu"].function(x)
    assert np.trapezoid(y * density, x) == pytest.approx(0, abs=1e-7)
    assert np.trapezoid(y**2 * density, x) == pytest.approx(1, abs=1e-7)


def test_maxout_takes_the_largest_piece() -> None:
    maxout = ACTIVATIONS["maxout"]
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
    np.testing.assert_array_equal(ACTIVATIONS["maxout"].function(sums), y.numpy())
    np.testing.assert_array_equal(ACTIVATIONS["maxout"].derivative(sums), tape.gradient(y, x).numpy())


def test_maxout_s_written_slope_is_the_computed_one_even_at_a_tie() -> None:
    maxout = ACTIVATIONS["maxout"]
    written = dict(re.findall(r"([01]|\\frac\{1\}\{2\}) & z_1 ([<>=]) z_2", maxout.derivative_latex))
    for said, sign, second in (("1", ">", -1.0), (r"\frac{1}{2}", "=", 0.0), ("0", "<", 1.0)):
        assert written[said] == sign
        slope = float(maxout.derivative(np.array([[0.0, second]]))[0, 0])
        assert slope == {"1": 1, "0": 0}.get(said, 0.5)


def test_two_random_pieces_keep_the_mean_square() -> None:
    """Why maxout wants weights of variance 1/n: E max(a, b)² = E a² for independent normal a and b around 0.

    Around 1 it is more: the sentence says "symmetrically around 0".
    """
    sums = np.random.default_rng(0).normal(size=(1_000_000, 2))
    maxout = ACTIVATIONS["maxout"]
    assert np.mean(maxout.function(sums) ** 2) == pytest.approx(1, abs=0.005)
    assert np.mean(maxout.function(sums + 1) ** 2) > 1.4 * np.mean((sums + 1) ** 2)
    assert "symmetrically around 0" in maxout.initializer_reason


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_the_picture_shows_the_function_itself(activation: Activation) -> None:
    np.testing.assert_array_equal(activation.curve(POINTS), activation.function(POINTS))
    np.testing.assert_array_equal(activation.slope(POINTS), activation.derivative(POINTS))


def test_maxouts_picture_is_the_larger_of_two_lines() -> None:
    maxout = ACTIVATIONS["maxout"]
    x: Array = np.array([-3.0, 3.0])
    np.testing.assert_allclose(maxout.curve(x), [1.0, 3.0])
    np.testing.assert_allclose(maxout.slope(x), [-0.5, 1.0])


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_the_written_slope_is_the_slope_at_0(activation: Activation) -> None:
    """A card writes f'(0) beside the formula: the case that holds at 0 must be the one that is computed."""
    cases = re.findall(r"([0-9.a-z^{}\\,]+) & x (>|\\ge|<|\\le) 0", activation.derivative_latex)
    if not cases:
        return
    (written,) = [value for value, sign in cases if sign in (r"\ge", r"\le")]
    at_0 = written.replace("e^{x}", "1").replace(r"\,", "*")
    factors = [float(factor) for factor in at_0.split("*") if factor]
    assert float(activation.derivative(np.zeros(1))[0]) == pytest.approx(math.prod(factors), abs=1e-4)


@pytest.mark.parametrize("activation", ORDINARY, ids=ids)
def test_flat_where_it_is_said_to_be(activation: Activation) -> None:
    """ "Flat" is less than an eightieth of the slope 1, and not yet so one step before."""
    said = re.search(r"(?:below|beyond) about (±|−)(\d+)", activation.limits)
    x: Array = np.linspace(-100, 100, 200_001)
    flat = np.abs(activation.derivative(x)) < 1 / 80
    if said is None:
        assert activation.can_die or not flat.any()
        return
    edge = float(said[2])
    assert flat[x <= -edge].all()
    assert not flat[np.isclose(x, 1 - edge)].any()
    assert flat[x >= edge].all() == (said[1] == "±") == (activation.ends is not None)


def test_what_can_die_is_exactly_flat_below_0() -> None:
    below = -np.geomspace(1e-6, 50, 200)
    dead = {row.code for row in ORDINARY if not row.derivative(below).any()}
    assert dead == {row.code for row in ACTIVATIONS.values() if row.can_die} == {"relu"}


def test_ends_are_the_limits() -> None:
    far = np.array([-1e3, 1e3])
    ends = {row.code: tuple(row.function(far)) for row in ACTIVATIONS.values() if row.ends}
    assert ends == {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
    assert {row.code: row.ends for row in ACTIVATIONS.values() if row.ends} == ends


def mean_square(activation: Activation, deviation: float = 1.0) -> float:
    """Of the outputs for normal sums of mean 0, by numerical integration."""
    z = np.linspace(-12, 12, 200_001)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return float(np.trapezoid(activation.function(deviation * z) ** 2 * density, z))


def test_reasons_hold() -> None:
    """Each number and each tendency in ``initializer_reason``."""
    row = ACTIVATIONS
    assert row["sigmoid"].derivative(np.zeros(1))[0] == 1 / 4
    assert row["tanh"].derivative(np.zeros(1))[0] == 1
    assert mean_square(row["relu"]) == pytest.approx(1 / 2)
    assert "0.52" in row["leaky-relu"].initializer_reason
    assert "1.04" in row["leaky-relu"].initializer_reason
    assert mean_square(row["leaky-relu"]) == pytest.approx(0.52)
    for code in ("gelu", "swish"):
        assert row[code].derivative(np.zeros(1))[0] == 1 / 2
        for deviation in (0.01, 0.1, 1.0):  # twice the variance is not enough
            assert 2 * mean_square(row[code], deviation) < 0.9 * deviation**2
    for deviation in (0.01, 0.1, 1.0):  # for ELU it is too much
        assert 2 * mean_square(row["elu"], deviation) > 1.2 * deviation**2
    assert row["softplus"].function(np.zeros(1))[0] == pytest.approx(0.69, abs=0.005)
    assert 2 * mean_square(row["softplus"]) > 1.8


def test_false_promises_are_gone() -> None:
    """Half is cut away by ReLU only; a spread is kept by ReLU, and nearly by leaky ReLU and tanh, only."""
    for code in ("elu", "gelu", "swish", "softplus", "sigmoid"):
        reason = ACTIVATIONS[code].initializer_reason
        assert "cut" not in reason
        assert "keep" not in reason


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ids)
def test_a_layer_there_and_back(activation: Activation) -> None:
    """Outputs by unit, and the gradient by finite differences."""
    generator = np.random.default_rng(4)
    sums = generator.normal(size=(3, 4 * activation.pieces))
    weights = generator.normal(size=(3, 4))  # of the outputs, in a number to differentiate
    assert activation.outputs(sums).shape == (3, 4)
    gradient, step = activation.gradient(sums, weights), 1e-6
    assert gradient.shape == sums.shape
    for place in np.ndindex(sums.shape):
        moved = np.zeros_like(sums)
        moved[place] = step
        slope = ((activation.outputs(sums + moved) - activation.outputs(sums - moved)) * weights).sum()
        assert gradient[place] == pytest.approx(slope / (2 * step), abs=1e-6)
