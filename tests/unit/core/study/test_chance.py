"""The exact tests against SciPy and against counting, and the correction for several."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import PermutationMethod, mannwhitneyu, wilcoxon

from core.study import chance
from core.study.chance import RARE, holm, least_of_pairs, pairs_needed, rank_sum, signed_rank

EVERY_CASE = PermutationMethod(n_resamples=10**6)


def dice(count: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=count)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 8, 12, 20, 30])
def test_paired_chance_is_that_of_wilcoxon(count: int) -> None:
    for shift in (0.0, 0.5, 3.0):
        found = signed_rank(dice(count) + shift)
        assert found.share == pytest.approx(wilcoxon(dice(count) + shift, method="exact").pvalue)


@pytest.mark.parametrize(("count", "others"), [(1, 1), (3, 3), (5, 5), (8, 8), (5, 12), (1, 6), (20, 20)])
def test_unpaired_chance_is_that_of_mann_and_whitney(count: int, others: int) -> None:
    for shift in (0.0, 1.0, 9.0):
        first, second = dice(count), dice(others, 1) + shift
        found = rank_sum(first, second)
        assert found.share == pytest.approx(mannwhitneyu(first, second, method="exact").pvalue)
        assert found.least <= found.share + 1e-12


def test_equal_differences_are_counted_in_every_case() -> None:
    """SciPy's exact form leaves ties out of account; its permutations do not."""
    differences = np.array([3, -1, 0, 2, 2, -2, 5, 0, 1, 1, 4]) / 5_000
    differed = differences[differences != 0]
    assert len(set(np.abs(differed))) < len(differed) < 11
    assert signed_rank(differences).share == pytest.approx(wilcoxon(differed, method=EVERY_CASE).pvalue)


def test_equal_figures_are_counted_in_every_case() -> None:
    """By brute force: every way to hand nine figures, four of them equal, to two sides."""
    figures = [1.0, 2.0, 2.0, 2.0, 2.0, 5.0, 6.0, 7.0, 9.0]
    ranks = [1.0, 3.5, 3.5, 3.5, 3.5, 6.0, 7.0, 8.0, 9.0]
    chosen, expected = [0, 1, 2, 5], 4 * sum(ranks) / 9
    seen = abs(sum(ranks[place] for place in chosen) - expected)
    ways = [
        abs(sum(ranks[p] for p in some) - expected) >= seen - 1e-9
        for some in itertools.combinations(range(9), 4)
    ]
    rest = [figure for place, figure in enumerate(figures) if place not in chosen]
    assert rank_sum([figures[place] for place in chosen], rest).share == pytest.approx(np.mean(ways))


@pytest.mark.parametrize("count", [500, 1_200])
def test_a_thousand_pairs_are_judged_in_little_room_by_the_normal_distribution(count: int) -> None:
    differences = np.round(dice(count) + 0.1, 2)
    expected = wilcoxon(differences[differences != 0], method="asymptotic")
    tracemalloc.start()
    assert signed_rank(differences).share == pytest.approx(expected.pvalue)
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()
    assert signed_rank([1, -1] * count).share == 1


@pytest.mark.parametrize(("count", "others"), [(100, 120), (700, 700), (2, 30_000)])
def test_a_thousand_figures_are_judged_in_little_room_by_the_normal_distribution(
    count: int, others: int
) -> None:
    first, second = np.round(dice(count), 2), np.round(dice(others, 1) + 0.2, 2)
    expected = mannwhitneyu(first, second, method="asymptotic", use_continuity=False)
    assert rank_sum(first, second).share == pytest.approx(expected.pvalue)
    assert rank_sum([1.0] * count, [1.0] * others).share == 1


def test_counting_and_the_normal_distribution_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = np.round(dice(40), 1), np.round(dice(60, 1) + 0.4, 1)
    counted = signed_rank(few + 0.3), rank_sum(few, many), rank_sum(many, few)
    monkeypatch.setattr(chance, "MOST_ADDITIONS", 0)
    estimated = signed_rank(few + 0.3), rank_sum(few, many), rank_sum(many, few)
    for exact, normal in zip(counted, estimated, strict=True):
        assert exact.share == pytest.approx(normal.share, abs=0.002)
        assert exact.share != normal.share
        assert (exact.lean, exact.least) == (normal.lean, normal.least)


@pytest.mark.parametrize("count", [1, 5, 20])
def test_as_many_figures_as_are_counted_are_counted_quickly(count: int) -> None:
    """A few against many, and the other way round: the sums of the fewer are enough."""
    few, many = dice(count) + 0.5, dice(200, 1)
    expected = mannwhitneyu(few, many, method="exact").pvalue
    assert rank_sum(few, many).share == pytest.approx(expected)
    assert rank_sum(many, few).share == pytest.approx(expected)


def test_rounding_makes_no_difference_and_parts_no_ties() -> None:
    assert signed_rank([0.3 - 0.2 - 0.1, 0.0]).share == 1
    one, other = 0.3 - 0.1, 0.2
    assert one != other
    assert signed_rank([one, -other]) == signed_rank([1, -1])


def test_a_diverged_run_ranks_below_every_accuracy() -> None:
    assert rank_sum([0.1, 0.2], [-math.inf, -math.inf]) == rank_sum([3, 4], [1, 1])
    assert signed_rank([math.inf] * 6) == signed_rank([1] * 6)


def test_it_is_said_which_side_is_higher() -> None:
    assert signed_rank([1, 2, -0.5]).lean == 1
    assert rank_sum([0.9, 0.8], [0.1]).lean == -1
    assert signed_rank([]).lean == signed_rank([0, 0]).lean == rank_sum([1], [1]).lean == 0
    assert signed_rank([]).share == 1


def test_six_pairs_are_the_fewest_that_can_tell_and_eight_do_for_six_comparisons() -> None:
    assert [pairs_needed(comparisons) for comparisons in (1, 2, 3, 6, 7)] == [6, 7, 7, 8, 9]
    assert least_of_pairs(5) > RARE > least_of_pairs(6)
    assert signed_rank([1] * 6).share == least_of_pairs(6) == 2 / 64


def test_several_chances_are_raised_as_holm_does() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.03]) == [0.03]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
