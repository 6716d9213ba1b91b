"""Which setting mattered: shares against sums of squares by hand, chances against Fisher's F, doubts."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import f_oneway

from core.settings import DEFAULT, Settings
from core.study import importance as subject
from core.study.importance import Importance, factors_of, importance

RATES, ACTIVATIONS, SEEDS = (0.001, 0.01, 0.1), ("sigmoid", "tanh", "relu"), (0, 1)


def grid() -> list[Settings]:
    return [
        DEFAULT.change(learning_rate=rate, activation=activation)
        for rate, activation in product(RATES, ACTIVATIONS)
    ]


def found(experiments: list[Settings], accuracies: object) -> Importance:
    told = importance(experiments, accuracies)  # type: ignore[arg-type]
    assert isinstance(told, Importance), told
    return told


def test_the_setting_that_decides_is_first_and_the_other_is_not_called_an_effect() -> None:
    luck = np.random.default_rng(3).normal(0, 0.002, 9)
    told = found(grid(), np.repeat([0.5, 0.9, 0.97], 3) + luck)
    assert [factor.names for factor in told.factors] == [("learning_rate",), ("activation",)]
    first, second = told.factors
    assert first.share > 0.99
    assert first.low <= first.share <= first.high <= 1
    assert told.is_clear
    assert not second.is_more_than_luck
    assert second.share < 0.01


def test_shares_are_those_of_the_sums_of_squares_by_hand() -> None:
    """ε² of a balanced grid, from group means alone."""
    table = np.array([[0.4, 0.5, 0.7], [0.6, 0.8, 0.85], [0.7, 0.95, 0.9]])
    told = {factor.names[0]: factor.share for factor in found(grid(), table.ravel()).factors}
    total = ((table - table.mean()) ** 2).sum()
    rows = 3 * ((table.mean(axis=1) - table.mean()) ** 2).sum()
    columns = 3 * ((table.mean(axis=0) - table.mean()) ** 2).sum()
    by_chance = 2 * (total - rows - columns) / 4
    assert told["learning_rate"] == pytest.approx((rows - by_chance) / total)
    assert told["activation"] == pytest.approx((columns - by_chance) / total)


def test_the_chance_is_near_that_of_fishers_f() -> None:
    random = np.random.default_rng(1)
    experiments = [DEFAULT.change(activation=code, seed=seed) for code in ACTIVATIONS for seed in range(8)]
    scores = random.normal(0.9, 0.01, 24) + np.repeat([0, 0.006, 0.008], 8)
    (factor,) = found(experiments, scores).factors
    assert factor.names == ("activation",)  # a seed is luck
    assert factor.chance == pytest.approx(f_oneway(*scores.reshape(3, 8)).pvalue, abs=0.02)


def test_chance_alone_is_seldom_taken_for_an_effect() -> None:
    random, experiments = np.random.default_rng(0), grid()
    fooled = [
        any(factor.is_more_than_luck for factor in found(experiments, random.normal(size=9)).factors)
        for _sweep in range(100)
    ]
    assert sum(fooled) <= 11  # 5 expected; more in 1 of 100 tries


def test_who_is_first_stays_open_where_two_do_as_much() -> None:
    table = np.add.outer([0.0, 0.1, 0.2], [0.0, 0.1, 0.2]) + 0.5
    told = found(grid(), (table + np.random.default_rng(2).normal(0, 0.01, (3, 3))).ravel())
    assert all(factor.is_more_than_luck for factor in told.factors)
    assert 0.3 < told.lead < 0.95
    assert not told.is_clear


def test_the_same_sweep_is_told_the_same_twice() -> None:
    scores = np.random.default_rng(5).normal(size=9)
    assert importance(grid(), scores) == importance(grid(), scores)


def test_a_rate_that_comes_with_its_optimiser_belongs_to_it() -> None:
    experiments = [
        DEFAULT.change(optimizer=code, learning_rate=rate, train=train)
        for (code, rate) in (("sgd", 0.01), ("adam", 0.001), ("rmsprop", 0.001))
        for train in (1000, 5000, 20000)
    ]
    assert list(factors_of(experiments)) == [("train",), ("optimizer", "learning_rate")]


@pytest.mark.parametrize(
    ("experiments", "scores", "doubt"),
    [
        ([DEFAULT.change(seed=seed) for seed in range(6)], np.linspace(0.5, 0.9, 6), "same"),
        (grid(), np.full(9, 0.9), "equal"),
        ([DEFAULT.change(learning_rate=rate) for rate in RATES], [0.1, 0.5, 0.9], "few"),
        (grid()[:5], [0.1, 0.5, 0.9, 0.2, 0.3], "few"),
        ([DEFAULT.change(validation=size) for size in (1000, 5000)], [0.8, 0.9], "unlike"),
    ],
)
def test_what_cannot_be_told_is_not_told(experiments: list[Settings], scores: object, doubt: str) -> None:
    assert importance(experiments, scores) == doubt  # type: ignore[arg-type]


def test_effects_that_never_part_are_not_parted() -> None:
    changed = [
        {"learning_rate": 0.1, "activation": "tanh"},
        {"learning_rate": 0.1, "activation": "relu", "batch_size": 8},
        {"activation": "tanh", "batch_size": 8},
        {},
    ]
    experiments = [DEFAULT.change(**change, seed=seed) for change in changed for seed in range(3)]
    assert importance(experiments, np.linspace(0.5, 0.9, 12)) != "tangled"  # a half of a 2 × 2 × 2 does
    pairs = [DEFAULT.change(**change, seed=seed) for change in changed[:3] for seed in range(4)]
    assert importance(pairs, np.linspace(0.5, 0.9, 12)) == "tangled"


def test_resamplings_are_as_wide_as_luck() -> None:
    """The mean square of what is dealt out is that of the luck that was put in, about."""
    random = np.random.default_rng(7)
    design = subject._model([subject._dummies(np.repeat(np.arange(3), 30))], 90)
    leaver = subject._leaver(design)
    scores = random.normal(0, 1, 90)
    left = leaver @ scores
    assert np.square(left).sum() / np.trace(leaver) == pytest.approx(1.0, abs=0.3)
    assert np.trace(leaver) == pytest.approx(87)
