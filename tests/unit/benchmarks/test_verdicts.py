"""The simulation of verdicts: its draws, the rule it compares with, and a small run of it."""

import math

import numpy as np
import pytest

from benchmarks import verdicts


def test_runs_with_the_same_seed_go_up_and_down_together() -> None:
    random = np.random.default_rng(0)
    for together in (0.0, 0.5, 0.9):
        first, second = np.array(verdicts.draw(random, 2, 20_000, together))
        assert np.corrcoef(first, second)[0, 1] == pytest.approx(together, abs=0.02)
        assert first.std() == pytest.approx(verdicts.SPREAD, rel=0.03)
    assert set(np.round(5_000 * first) - 5_000 * first) <= {0.0}


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ((0.1, 0.2, 0.3, 0.4), (0.5, 0.6, 0.7, 0.8), True),
        ((0.1, 0.2, 0.3, 0.5), (0.5, 0.6, 0.7, 0.8), False),
        ((0.1, 0.2, 0.3), (0.5, 0.6, 0.7), False),
    ],
)
def test_the_rule_before_was_that_bands_do_not_touch(
    first: tuple[float, ...], second: tuple[float, ...], apart: bool
) -> None:
    assert verdicts.bands_apart(first, second) is apart


def test_a_run_that_diverged_is_one() -> None:
    side = verdicts.contender([0.9, math.nan])
    assert [(one.status, one.reached) for one in side.trials] == [("finished", 1), ("diverged", 0)]


def test_little_is_found_where_nothing_differs_and_all_where_much_does() -> None:
    found = verdicts.power(np.random.default_rng(1), 40, 8, 0.9)
    assert found["lab"][0] < 0.1
    assert min(found["lab"][1:]) > 0.95
    assert found["bands"][1] < 0.1
