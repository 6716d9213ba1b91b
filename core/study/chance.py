"""How often chance alone does what was seen: two exact tests, and the correction for several at once.

Accuracies are counts of images, so equal figures are common, and there may be few seeds. Both tests therefore
count every case, equal figures included, by adding up the scores one by one; SciPy's exact forms leave equal
figures out of account. With so many figures that this would take more than ``MOST_ADDITIONS``, their sum is
as good as normal. Nothing but NumPy is needed: ``scipy.stats`` would cost a page's process 45 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

RARE = 0.05
"""What chance alone does less often than this is not put down to chance."""
MOST_ADDITIONS = 10**8
"""For counting every case: a tenth of a second. They do for 463 pairs, and for 63 figures a side."""
_DECIMALS = 9
"""Differences of accuracies that should be equal differ by rounding only beyond these."""


@dataclass(frozen=True)
class Chance:
    """What a test found.

    Attributes:
        share: how often chance alone does as much or more, 0 to 1.
        lean: 1 if the second side ranks higher, −1 if the first does, 0 if neither.
        least: the smallest share that so many figures can give.
    """

    share: float
    lean: int
    least: float


def signed_rank(differences: ArrayLike) -> Chance:
    """Wilcoxon's signed-rank test of paired figures, exact and two-sided.

    If the settings made no difference, each difference could as well have the other sign. The chance is the
    share of all choices of signs whose sum of ranks lies as far from the middle, or farther (F. Wilcoxon,
    Individual comparisons by ranking methods, Biometrics Bulletin 1, 1945). Equal sizes share their ranks;
    pairs without a difference say nothing and are left out.

    Args:
        differences: (n,) second minus first; may be infinite, not NaN.
    """
    pairs = np.size(differences)
    given = np.round(np.asarray(differences, float), _DECIMALS)
    given = given[given != 0]
    ranks = doubled_ranks(np.abs(given))
    total = int(ranks.sum())
    seen = int(2 * ranks[given > 0].sum()) - total
    if len(ranks) * (total + 1) > MOST_ADDITIONS:
        share = _normal_share(seen, float((ranks.astype(float) ** 2).sum()))
    else:
        ways = _sums(ranks)
        share = _share(ways, np.abs(2 * np.arange(len(ways)) - total) >= abs(seen))
    return Chance(share, int(np.sign(seen)), least_of_pairs(pairs))


def rank_sum(first: ArrayLike, second: ArrayLike) -> Chance:
    """The test of Mann and Whitney of figures without pairs, exact and two-sided.

    If the settings made no difference, every way to hand the figures to the two sides would be equally
    likely. The chance is the share of those whose sum of ranks lies as far from its mean, or farther (H. Mann
    and D. Whitney, Annals of Mathematical Statistics 18, 1947). Equal figures share their ranks.

    Args:
        first, second: (n,) and (m,) figures, at least one each; may be infinite.
    """
    count, figures = np.size(first), np.concatenate([np.ravel(first), np.ravel(second)])
    others, both = len(figures) - count, len(figures)
    ranks = doubled_ranks(np.round(figures.astype(float), _DECIMALS))
    seen = int(count * ranks.sum() - both * ranks[:count].sum())
    fewer = min(count, others)  # to hand these out settles who has the rest
    largest = int(np.sort(ranks)[both - fewer :].sum())
    if both * (fewer + 1) * (largest + 1) > MOST_ADDITIONS:
        spread = float(((ranks - ranks.mean()) ** 2).sum())
        share = _normal_share(seen, both * count * others / (both - 1) * spread)
    else:
        ways = _sums_of_so_many(ranks, fewer, largest)
        share = _share(ways, np.abs(both * np.arange(len(ways)) - fewer * ranks.sum()) >= abs(seen))
    return Chance(share, int(np.sign(seen)), least_of_ranks(count, others))


def _share(ways: NDArray[np.float64], far: NDArray[np.bool_]) -> float:
    return float(ways[far].sum() / ways.sum())


def _normal_share(seen: int, variance: float) -> float:
    """How often a normal number of this variance around 0 is as far from it, or farther."""
    return erfc(abs(seen) / sqrt(2 * variance)) if seen else 1.0


def doubled_ranks(figures: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice the rank of each figure (n,), lowest first: whole, though equal ones share the mean of theirs."""
    _found, place, counts = np.unique(figures, return_inverse=True, return_counts=True)
    below = np.cumsum(counts) - counts
    return np.asarray((2 * below + counts + 1)[place], np.int64)


def _sums(scores: NDArray[np.int64]) -> NDArray[np.float64]:
    """(total + 1,): in how many ways some of the scores (n,), any number, add up to so much."""
    ways = np.zeros(int(scores.sum()) + 1)
    ways[0] = 1
    for score in scores.tolist():
        ways[score:] += ways[: len(ways) - score]
    return ways


def _sums_of_so_many(scores: NDArray[np.int64], count: int, largest: int) -> NDArray[np.float64]:
    """(largest + 1,): ways in which ``count`` of the scores (n,) add up to so much, ``largest`` at most."""
    ways = np.zeros((count + 1, largest + 1))
    ways[0, 0] = 1
    for score in scores.tolist():
        ways[1:, score:] += ways[:-1, : largest + 1 - score]
    return np.asarray(ways[count])


def least_of_pairs(pairs: int) -> float:
    """The smallest chance that so many pairs can give: all signs alike, in 2 of 2ⁿ choices of signs."""
    return float(min(1.0, 2 / 2**pairs))


def least_of_ranks(count: int, others: int) -> float:
    """The smallest chance that so many figures can give: all of one side below all of the other."""
    return float(min(1.0, 2 / comb(count + others, count)))


def pairs_needed(comparisons: int = 1) -> int:
    """The fewest pairs with which the smallest chance is rare, in so many comparisons at once."""
    return next(pairs for pairs in range(1, 64) if comparisons * least_of_pairs(pairs) <= RARE)


def holm(chances: Sequence[float]) -> list[float]:
    """Chances corrected for being several, each 0 to 1, in the order given.

    So corrected, ``RARE`` bounds how often chance alone makes *any* of the comparisons look rare (S. Holm,
    A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979): the
    smallest is multiplied by their number, the next by one less, and none may come out below one before it.
    """
    order = np.argsort(chances, kind="stable")
    factors = len(order) - np.arange(len(order))
    raised = np.maximum.accumulate(np.asarray(chances, float)[order] * factors)
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(1.0, raised)
    return [float(chance) for chance in corrected]
