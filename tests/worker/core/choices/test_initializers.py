"""The initialisers against Keras' own."""

import re

import keras
import numpy as np
import pytest

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, INITIALIZERS, KERAS_DEFAULT, Initializer


def test_codes_that_stand_in_links_stay() -> None:
    assert list(INITIALIZERS)[:3] == ["glorot", "he", "lecun"]
    assert FITTING == "activation"
    assert {row.initializer for row in ACTIVATIONS.values()} <= set(INITIALIZERS)


@pytest.mark.parametrize("row", INITIALIZERS.values(), ids=lambda row: row.code)
def test_weights_are_spread_as_keras_spreads_them(row: Initializer) -> None:
    drawn = np.asarray(getattr(keras.initializers, row.keras_class)(seed=1)((300, 500)))
    assert drawn.std() == pytest.approx(row.deviation(300, 500), rel=0.01)
    limit = row.limit(300, 500)
    assert (limit is not None) == row.is_uniform
    assert np.abs(drawn).max() == pytest.approx(limit or 2 / 0.8796 * row.deviation(300, 500), rel=0.01)


@pytest.mark.parametrize("row", INITIALIZERS.values(), ids=lambda row: row.code)
def test_keras_knows_both_names(row: Initializer) -> None:
    assert type(keras.initializers.get(row.keras_name)).__name__ == row.keras_class


def test_the_default_is_that_of_a_dense_layer() -> None:
    default = type(keras.layers.Dense(1).kernel_initializer).__name__
    assert default == INITIALIZERS[KERAS_DEFAULT].keras_class


@pytest.mark.parametrize("row", INITIALIZERS.values(), ids=lambda row: row.code)
def test_the_formula_that_is_shown_is_the_one_that_is_used(row: Initializer) -> None:
    n_in, n_out = 784, 300
    names = {r"n_\text{in}": f"{n_in}", r"n_\text{out}": f"{n_out}"}
    plain = row.variance_latex
    for name, number in names.items():
        plain = plain.replace(name, number)
    fraction = re.search(r"= \\frac\{(\d+)\}\{([\d +]+)\}$", plain)
    assert fraction is not None
    below = sum(int(term) for term in fraction[2].split("+"))
    assert int(fraction[1]) / below == pytest.approx(row.deviation(n_in, n_out) ** 2, rel=1e-12)


def test_arithmetic_shows_the_numbers_it_uses() -> None:
    told = {
        code: row.arithmetic.format(
            n_in=784, n_out=300, spread=row.limit(784, 300) or row.deviation(784, 300)
        )
        for code, row in INITIALIZERS.items()
    }
    assert told == {
        "glorot": "± √(6 / (784 + 300)) = ± 0.0744",
        "he": "√(2 / 784) = 0.0505",
        "lecun": "√(1 / 784) = 0.0357",
    }
