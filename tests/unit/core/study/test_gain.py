"""What our handwriting is worth, held against SciPy's and hand-made figures."""

import numpy as np
import pytest
from scipy.stats import binomtest

from core.study.gain import gain


def rights(*blocks: tuple[int, bool, bool]) -> tuple[np.ndarray, np.ndarray]:
    """So many drawings read by the taught, by the untaught network."""
    taught = [taught for count, taught, _ in blocks for _ in range(count)]
    untaught = [untaught for count, _, untaught in blocks for _ in range(count)]
    return np.array(taught), np.array(untaught)


def test_the_gain_is_counted_and_its_luck_is_a_fair_coin_s() -> None:
    found = gain(*rights((20, True, True), (9, True, False), (1, False, True), (2, False, False)))
    assert (found.count, found.taught, found.untaught) == (32, 29, 21)
    assert (found.only_taught, found.only_untaught) == (9, 1)
    assert found.points == pytest.approx(25.0)
    assert found.chance == pytest.approx(2 * (1 + 10) / 2**10)  # ten throws: none or one tail, two-sided
    assert found.is_beyond_luck


@pytest.mark.parametrize("taught", [0, 1, 4, 5, 9, 300])
@pytest.mark.parametrize("untaught", [0, 1, 5, 8, 270])
def test_luck_is_that_of_scipy_s_binomial_test(taught: int, untaught: int) -> None:
    found = gain(*rights((3, True, True), (taught, True, False), (untaught, False, True)))
    expected = binomtest(taught, taught + untaught).pvalue if taught + untaught else 1.0
    assert found.chance == pytest.approx(expected)


def test_drawings_that_both_read_say_nothing_about_a_difference() -> None:
    found = gain(*rights((50, True, True)))
    assert (found.points, found.chance, found.is_beyond_luck) == (0.0, 1.0, False)


def test_a_loss_is_no_gain_and_few_drawings_prove_nothing() -> None:
    found = gain(*rights((1, True, False), (3, False, True)))
    assert found.points == pytest.approx(-50.0)
    assert not found.is_beyond_luck
