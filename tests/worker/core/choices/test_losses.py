"""The losses against scikit-learn, Keras, and finite differences."""

import keras
import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import log_loss, mean_squared_error

from core.choices.losses import LOSSES, Loss

GENERATOR = np.random.default_rng(2)
SCORES = GENERATOR.normal(0, 3, (20, 10))
LABELS = GENERATOR.integers(0, 10, 20)


def ids(row: Loss) -> str:
    return row.code


def test_codes_that_stand_in_links_stay() -> None:
    assert list(LOSSES)[:2] == ["cross-entropy", "squared-error"]


def test_values_are_those_of_scikit_learn() -> None:
    probabilities = softmax(SCORES, axis=1)
    expected = {
        "cross-entropy": log_loss(LABELS, probabilities, labels=range(10)),
        "squared-error": mean_squared_error(np.eye(10)[LABELS], probabilities),
    }
    for code, row in LOSSES.items():
        assert row.values(SCORES, LABELS).mean() == pytest.approx(expected[code])


@pytest.mark.parametrize("row", LOSSES.values(), ids=ids)
def test_values_are_those_of_keras(row: Loss) -> None:
    labels = np.eye(10)[LABELS] if row.wants_one_hot else LABELS
    theirs = keras.losses.get(row.keras_name)(labels, softmax(SCORES, axis=1))
    np.testing.assert_allclose(row.values(SCORES, LABELS), np.asarray(theirs), rtol=1e-5)


@pytest.mark.parametrize("row", LOSSES.values(), ids=ids)
def test_the_gradient_is_the_slope_by_each_score(row: Loss) -> None:
    gradient, step = row.gradient(SCORES, LABELS), 1e-5
    for column in range(10):
        moved = step * np.eye(10)[column]
        slope = (row.values(SCORES + moved, LABELS) - row.values(SCORES - moved, LABELS)) / (2 * step)
        np.testing.assert_allclose(gradient[:, column], slope, atol=1e-8)


def test_the_far_ends() -> None:
    """What no probability of 32 bits can tell, scores can: nothing is cut off, nothing overflows."""
    sure = np.array([[1_000.0] + [0.0] * 9])
    right, wrong = np.array([0]), np.array([1])
    with np.errstate(all="raise", under="ignore"):
        assert LOSSES["cross-entropy"].values(sure, wrong)[0] == pytest.approx(1_000)
        assert LOSSES["cross-entropy"].values(sure, right)[0] == 0
        assert LOSSES["squared-error"].values(sure, wrong)[0] == pytest.approx(
            0.2
        )  # the most, as its help says
        assert LOSSES["squared-error"].values(sure, right)[0] == 0
