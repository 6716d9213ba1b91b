"""Which setting mattered most in a sweep: how much of what differs between its runs each setting explains.

An additive model is fitted by least squares: each value of each setting adds something of its own. The share
of a setting is what the model loses without it, of the variance of the accuracies: its main effect, as
functional ANOVA has it (F. Hutter, H. Hoos and K. Leyton-Brown, An efficient approach for assessing
hyperparameter importance, ICML 2014), but of the runs themselves. With so few of them any setting explains
something by chance; that much is taken off (ε², T. Kelley, An unbiased correlation ratio measure, PNAS 21,
1935).

Whether chance alone does as much is told by permuting what a model without the setting leaves over (D.
Freedman and D. Lane, A nonstochastic interpretation of reported significance levels, Journal of Business and
Economic Statistics 1, 1983), corrected for several settings. How far a share can be trusted, and whether
another setting may be first, is told by resampling what the whole model leaves over (B. Efron, Bootstrap
methods: another look at the jackknife, Annals of Statistics 7, 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.settings import Settings
from core.study.chance import RARE, holm
from core.study.comparison import differing, family, is_measured_alike

FEWEST_LEFT = 2
"""Runs more than the model has numbers of its own; with fewer, nothing tells an effect from luck."""
PERMUTATIONS, RESAMPLINGS = 999, 1_999
"""With so many, a share of 5 % is known to about 1 %."""
SURE = 0.95
"""Share of resamplings in which a setting must be first to be called so."""
NOTHING = 1e-12

Numbers = NDArray[np.float64]
Doubt = Literal["unlike", "same", "equal", "tangled", "few"]


@dataclass(frozen=True)
class Factor:
    """One setting, or several that change together.

    Attributes:
        names: of the settings; those after the first are decided by it.
        share: of the variance of the accuracies, 0 to 1. low, high: 95 % of the resamplings lie between.
        chance: how often chance alone does as much, corrected for all settings (Holm).
    """

    names: tuple[str, ...]
    share: float
    low: float
    high: float
    chance: float

    @property
    def is_more_than_luck(self) -> bool:
        """Whether chance alone seldom does as much."""
        return self.chance < RARE


@dataclass(frozen=True)
class Importance:
    """How much each setting mattered.

    Attributes:
        factors: the largest share first; at least one.
        rest: share of the variance that no setting explains by itself: settings together, or luck.
        lead: share of the resamplings in which the first one is first; 1 where there is one only.
        runs: how many runs it is told from.
    """

    factors: tuple[Factor, ...]
    rest: float
    lead: float
    runs: int

    @property
    def is_clear(self) -> bool:
        """Whether it can be told which setting mattered most."""
        return self.factors[0].is_more_than_luck and self.lead >= SURE


def importance(experiments: Sequence[Settings], accuracies: ArrayLike) -> Importance | Doubt:
    """Which of the settings in which experiments differ explains how much of their accuracies.

    Seeds are luck, and no setting.

    Args:
        accuracies: (n,) one an experiment, 0 to 1.

    Returns:
        What was found, or why nothing can be told: "unlike": not validated on the same images. "same": no
        setting differs. "equal": all accuracies are the same. "tangled": settings change together in such a
        way that their effects cannot be parted. "few": too few runs for so many values.
    """
    scores = np.asarray(accuracies, float)
    if not is_measured_alike(experiments):
        return "unlike"
    factors = factors_of(experiments)
    if not factors:
        return "same"
    if np.ptp(scores) < NOTHING:
        return "equal"
    designs = [_dummies(places) for places in factors.values()]
    whole = _model(designs, len(scores))
    if np.linalg.matrix_rank(whole) < whole.shape[1]:
        return "tangled" if whole.shape[1] <= len(scores) else "few"
    if len(scores) - whole.shape[1] < FEWEST_LEFT:
        return "few"
    return _found(list(factors), designs, scores)


def factors_of(experiments: Sequence[Settings]) -> dict[tuple[str, ...], NDArray[np.intp]]:
    """Settings → (n,) the number of the value that each experiment has.

    A setting that is decided by another one, such as an optimiser's usual rate, belongs to that one.
    """
    differs = differing([family(settings) for settings in experiments])
    places = {name: _numbered(values) for name, values in differs.items()}
    order = sorted(places, key=lambda name: -places[name].max())  # stable: who has most values decides
    found: dict[str, list[str]] = {}
    for name in order:
        owner = next((first for first in found if _decides(places[first], places[name])), None)
        found.setdefault(owner or name, []).append(name)
    return {tuple(found[name]): places[name] for name in places if name in found}


def _numbered(values: Sequence[object]) -> NDArray[np.intp]:
    known = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return np.array([known[value] for value in values], np.intp)


def _decides(owner: NDArray[np.intp], other: NDArray[np.intp]) -> bool:
    pairs = set(zip(owner.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(owner.tolist()))


def _dummies(places: NDArray[np.intp]) -> Numbers:
    """(n, values − 1): 1 where an experiment has the value; the first value needs no column."""
    return np.eye(places.max() + 1)[places][:, 1:]


def _model(designs: Sequence[Numbers], count: int) -> Numbers:
    return np.concatenate([np.ones((count, 1)), *designs], axis=1)


def _found(names: Sequence[tuple[str, ...]], designs: Sequence[Numbers], scores: Numbers) -> Importance:
    count, whole = len(scores), _leaver(_model(designs, len(scores)))
    without = [
        _leaver(_model([*designs[:place], *designs[place + 1 :]], count)) for place in range(len(designs))
    ]
    values = np.array([design.shape[1] for design in designs])
    random = np.random.default_rng(0)
    shares = _shares(whole, without, values, scores[:, None])[:, 0]
    resampled = _resampled(whole, without, values, scores, random)
    chances = holm([_chance(whole, part, scores, random) for part in without])
    order = np.argsort(-shares, kind="stable")
    low, high = np.quantile(resampled, [0.025, 0.975], axis=1)
    found = [
        Factor(names[place], float(shares[place]), float(low[place]), float(high[place]), chances[place])
        for place in order
    ]
    lead = float((resampled.argmax(axis=0) == order[0]).mean())
    return Importance(tuple(found), max(0.0, 1.0 - float(shares.sum())), lead, count)


def _leaver(model: Numbers) -> Numbers:
    """(n, n): takes from accuracies what the model explains."""
    count = len(model)
    return np.asarray(np.eye(count) - model @ np.linalg.pinv(model), np.float64)


def _left(leaver: Numbers, scores: Numbers) -> Numbers:
    """(m,): sum of squares that a model leaves over, for each column of (n, m)."""
    return np.asarray(np.square(leaver @ scores).sum(axis=0), np.float64)


def _shares(whole: Numbers, without: Sequence[Numbers], values: NDArray[np.intp], scores: Numbers) -> Numbers:
    """(factors, m): ε² of each factor, from 0, for each column of scores (n, m)."""
    free = np.trace(whole)  # runs more than the model has numbers
    left = _left(whole, scores)
    total = np.square(scores - scores.mean(axis=0)).sum(axis=0)
    lost = np.stack([_left(part, scores) for part in without]) - left
    shares = (lost - values[:, None] * left / free) / np.maximum(total, NOTHING**2)
    return np.asarray(np.clip(shares, 0.0, 1.0), np.float64)


def _resampled(
    whole: Numbers,
    without: Sequence[Numbers],
    values: NDArray[np.intp],
    scores: Numbers,
    random: np.random.Generator,
) -> Numbers:
    """(factors, RESAMPLINGS): the shares with what the model leaves over dealt out anew, with repetition."""
    count, left = len(scores), whole @ scores
    spread = left * np.sqrt(count / np.trace(whole))  # as wide as luck is: the model has taken some of it
    dealt = spread[random.integers(count, size=(count, RESAMPLINGS))]
    return _shares(whole, without, values, (scores - left)[:, None] + dealt)


def _chance(whole: Numbers, without: Numbers, scores: Numbers, random: np.random.Generator) -> float:
    """How often chance makes a setting explain as much of what the others leave over."""
    left = without @ scores
    shuffled = random.permuted(np.tile(left[:, None], PERMUTATIONS), axis=0)
    columns = (scores - left)[:, None] + np.concatenate([left[:, None], shuffled], axis=1)
    kept = _left(whole, columns) / np.maximum(_left(without, columns), NOTHING**2)
    return float((kept[1:] <= kept[0] + NOTHING).sum() + 1) / (PERMUTATIONS + 1)
