"""What may be concluded from experiments side by side: all verdicts of the lab are made here.

Sides are compared after the same epoch. What broke off is told first and decides what may be concluded: a
diverged run is a result, worse than any accuracy; one that was stopped, failed or is not that far gives no
figure. Whether luck could do it is then judged by exact tests, and a difference is called one only if luck
does not explain it. Pages put these verdicts into words and add nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from statistics import fmean
from typing import Literal

from core.reading.evaluation import Z_95
from core.study import chance
from core.study.chance import Chance
from core.study.comparison import is_measured_alike
from core.study.standing import Contender, Standing, common_epoch, standing

TIE = 0.005
"""Accuracies closer than half a percentage point are no difference to speak of."""
ENOUGH_PAIRS = chance.pairs_needed()
"""With fewer shared seeds than these, signs alone can never be rare; then ranks are compared, which, with
seeds that go up and down together, find less than they could, but not more."""

Kind = Literal["clear", "slight", "unsure", "few", "equal"]


@dataclass(frozen=True)
class Pair:
    """What may be concluded about two sides.

    Attributes:
        first, second: their places.
        kind: "clear": more than luck. "slight": more than luck, but less than ``TIE``. "unsure": luck could
            do it. "few": so few runs cannot tell, whatever they show. "equal": nothing differs.
        ahead: the place of the better one, by mean or, where a run diverged, by ranks; None if equal.
        means: of the accuracies that were judged; None where a run diverged: the rest would flatter.
        test: "pairs" (signed ranks of the seeds that both have) or "ranks" (Mann and Whitney).
        counts: how many runs of each were judged.
        wins, shared: in how many of the seeds that both have the one that is ahead did better.
        luck: what the test found, not corrected. corrected: its share, for all comparisons at once.
        image_error: largest possible standard error of the difference over other validation images.
    """

    first: int
    second: int
    kind: Kind
    ahead: int | None
    means: tuple[float, float] | None
    test: Literal["pairs", "ranks"]
    counts: tuple[int, int]
    wins: int
    shared: int
    luck: Chance
    corrected: float
    image_error: float | None

    @property
    def behind(self) -> int | None:
        """The place of the other one; None if equal."""
        return None if self.ahead is None else self.first + self.second - self.ahead

    @property
    def difference(self) -> float | None:
        """Mean accuracy of the second minus that of the first; None where a run diverged."""
        # What is equal but for rounding is equal.
        return None if self.means is None else round(self.means[1] - self.means[0], 12)

    @property
    def is_small(self) -> bool:
        """Whether the difference is nothing to speak of."""
        return self.difference is not None and abs(self.difference) < TIE

    @property
    def could_be_images(self) -> bool:
        """Whether other validation images might turn it round: the 95 % margin reaches zero."""
        if self.difference is None or self.image_error is None:
            return False
        return abs(self.difference) <= Z_95 * self.image_error


@dataclass(frozen=True)
class Verdict:
    """How experiments compare.

    Attributes:
        epoch: after which all are compared; 0 when none has a figure.
        wanted: the most epochs that were asked for.
        standings: one a side.
        is_alike: whether all are validated on the same images; without that there are no pairs.
        pairs: the comparisons made; their chances are corrected for being so many.
    """

    epoch: int
    wanted: int
    standings: tuple[Standing, ...]
    is_alike: bool
    pairs: tuple[Pair, ...]

    @property
    def seeds_needed(self) -> int:
        """With how many seeds each the tests can tell, in so many comparisons."""
        return chance.pairs_needed(max(1, len(self.pairs)))

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The places of all sides, best first: by how many others they are ahead of, then by mean."""
        ahead = [pair.ahead for pair in self.pairs]

        def rank(place: int) -> tuple[bool, int, float]:
            side = self.standings[place]
            return bool(side.results), ahead.count(place), side.mean or 0.0

        return tuple(sorted(range(len(self.standings)), key=rank, reverse=True))

    @cached_property
    def top(self) -> Pair | None:
        """The best against the next best; None when these two cannot be compared."""
        best = set(self.order[:2])
        return next((pair for pair in self.pairs if {pair.first, pair.second} == best), None)

    @property
    def winner(self) -> int | None:
        """The place of the best side; None for no difference to speak of, or none that is known.

        With too few runs to speak of luck it is the one that came out ahead.
        """
        if self.top is None or self.top.is_small or self.top.kind in ("unsure", "equal"):
            return None
        return self.top.ahead

    @property
    def is_open(self) -> bool:
        """Whether nothing can be said for or against a difference."""
        return self.top is None or (self.top.kind == "unsure" and not self.top.is_small)


def judge(sides: Sequence[Contender], *, against_first: bool = False) -> Verdict:
    """Compare sides: every two of them, or each with the first only.

    The epoch is the last that every side reached with at least one run. Chances are corrected for the number
    of comparisons (Holm).
    """
    epoch = common_epoch(sides)
    standings = tuple(standing(side, epoch) for side in sides)
    is_alike = is_measured_alike([side.settings for side in sides])
    places = [pair for pair in combinations(range(len(sides)), 2) if pair[0] == 0 or not against_first]
    pairs = [
        _compare(standings, pair, sides[0].settings.data.validation)
        for pair in places
        if is_alike and all(standings[place].results for place in pair)
    ]
    wanted = max((one.epochs for side in sides for one in side.trials), default=0)
    return Verdict(epoch, wanted, standings, is_alike, tuple(_corrected(pairs)))


def _compare(standings: Sequence[Standing], places: tuple[int, int], images: int) -> Pair:
    """Two sides by themselves; the kind is settled when all comparisons are known."""
    results = [standings[place].results for place in places]
    shared = sorted(results[0].keys() & results[1].keys())
    differences = [_minus(results[1][seed], results[0][seed]) for seed in shared]
    is_paired = len(shared) >= ENOUGH_PAIRS
    judged = [[result[seed] for seed in (shared if is_paired else result)] for result in results]
    luck = chance.signed_rank(differences) if is_paired else chance.rank_sum(*judged)
    is_broken = any(standings[place].diverged for place in places)
    means = None if is_broken else (fmean(judged[0]), fmean(judged[1]))
    pair = Pair(
        *places,
        kind="unsure",
        ahead=None,
        means=means,
        test="pairs" if is_paired else "ranks",
        counts=(len(judged[0]), len(judged[1])),
        wins=0,
        shared=len(shared),
        luck=luck,
        corrected=1.0,
        image_error=_image_error(means, images),
    )
    lean = luck.lean if means is None else _sign(pair.difference)
    ahead = places[lean > 0] if lean else None
    return replace(pair, ahead=ahead, wins=sum(lean * one > 0 for one in differences))


def _sign(number: float | None) -> int:
    return int(number > 0) - int(number < 0) if number else 0


def _minus(one: float, other: float) -> float:
    return 0.0 if one == other else one - other  # two that diverged are equal


def _image_error(means: tuple[float, float] | None, images: int) -> float | None:
    """The largest standard error that the difference of two accuracies can have over other images, 0 to 1.

    Both sides read the same n images. On each, let D be the share of seeds with which the second is right
    minus that of the first: its mean is the difference d, its variance E[D²] − d². No D² is larger than |D|,
    and E|D|, which is not recorded, is at most the sum of both shares of mistakes, and of right answers.
    """
    if means is None:
        return None
    total = sum(means)
    variance = min(total, 2 - total) - (means[1] - means[0]) ** 2
    return math.sqrt(max(0.0, variance) / images)


def _corrected(pairs: Sequence[Pair]) -> list[Pair]:
    shares = chance.holm([pair.luck.share for pair in pairs])
    return [
        replace(pair, corrected=share, kind=_kind(pair, share, len(pairs)))
        for pair, share in zip(pairs, shares, strict=True)
    ]


def _kind(pair: Pair, corrected: float, comparisons: int) -> Kind:
    if pair.ahead is None:
        return "equal"
    # Ranks and means may point to different sides, as when one seed alone fell far behind.
    agree = pair.ahead == (pair.first, pair.second)[pair.luck.lean > 0]
    if agree and corrected < chance.RARE:
        return "slight" if pair.is_small else "clear"
    return "few" if comparisons * pair.luck.least > chance.RARE else "unsure"
