"""A duel: experiments that differ in one thing, a prediction written down first, and the verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core.errors import N_, LabError
from core.runs.run import Run
from core.settings import PRESETS, Settings
from core.study import comparison

MOST_SIDES = 4
TIE = 0.005
"""Accuracies closer than half a percentage point count as no difference."""

_DEEP = PRESETS["twenty-layer"]
DUELS: Mapping[str, tuple[Settings, ...]] = {
    "depth": (PRESETS["three-layer"], _DEEP),
    "depth-sigmoid": (
        PRESETS["three-layer"].change(activation="sigmoid"),
        _DEEP.change(activation="sigmoid"),
    ),
    "initializer": (_DEEP, _DEEP.change(initializer="he")),
    "activation": (_DEEP, _DEEP.change(activation="elu")),
    "batch-normalization": (_DEEP, _DEEP.change(batch_normalization=True)),
    "skip": (_DEEP, _DEEP.change(residual=True)),
    # Adam's usual rate for both: with two rates, the optimiser would not be the only difference.
    "optimizer": (_DEEP.change(learning_rate=0.001), _DEEP.change(learning_rate=0.001, optimizer="adam")),
    "clipping": (_DEEP.change(learning_rate=0.1), _DEEP.change(learning_rate=0.1, gradient_clipping=1.0)),
    "rescue": (
        _DEEP,
        _DEEP.change(initializer="he"),
        _DEEP.change(batch_normalization=True),
        _DEEP.change(residual=True),
    ),
}
"""Experiments that differ from the first in exactly one setting: what frees, or stops, a deep network?"""


class InvalidPrediction(LabError):
    """A prediction is not one that can be checked."""


@dataclass(frozen=True)
class Prediction:
    """What a learner wrote down before the runs began.

    ``winner`` is the place of a side, from 0, or None for no difference; ``points`` by how many percentage
    points of validation accuracy it is ahead of the next best, 0 to 100.
    """

    winner: int | None
    points: float

    def __post_init__(self) -> None:
        """Check both fields. Raises InvalidPrediction."""
        known = self.winner is None or (type(self.winner) is int and 0 <= self.winner < MOST_SIDES)
        if not known or not isinstance(self.points, int | float) or not 0 <= self.points <= 100:
            raise InvalidPrediction(
                N_(
                    "The prediction is {winner} by {points}. Expected the place of a network, or "
                    "none, and 0 to 100 percentage points."
                ),
                winner=str(self.winner)[:20],
                points=str(self.points)[:20],
            )

    def to_json(self) -> str:
        """The prediction as a JSON object."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Prediction:
        """Read what ``to_json`` wrote. Raises InvalidPrediction."""
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise InvalidPrediction(N_("A prediction cannot be read ({reason})."), reason=error) from error


@dataclass(frozen=True)
class Side:
    """One of the experiments with its runs, one a seed, in the order they were made."""

    settings: Settings
    runs: tuple[Run, ...]

    @property
    def accuracies(self) -> tuple[float, ...]:
        """Validation accuracy of each run that got that far."""
        return tuple(run.val_accuracy for run in self.runs if run.val_accuracy is not None)


@dataclass(frozen=True)
class Verdict:
    """How it came out: who won, and whether luck could have done it.

    ``accuracies`` are means, one a side; ``order`` their places, best first; ``points`` by how many
    percentage points the best is ahead of the next. ``luck`` judges these two; it is None when one of them
    has a single seed, where nothing can be said about luck.
    """

    accuracies: tuple[float, ...]
    order: tuple[int, ...]
    points: float
    luck: comparison.Verdict | None

    @property
    def winner(self) -> int | None:
        """The place of the best side; None when the next is as good."""
        return None if self.points < 100 * TIE else self.order[0]


def sides(runs: Sequence[Run]) -> tuple[Side, ...]:
    """A duel's runs put together by experiment, whatever their seed; the first side was made first."""
    together: dict[Settings, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.created, run.settings.training.seed)):
        together.setdefault(run.settings.change(seed=0), []).append(run)
    return tuple(Side(settings, tuple(found)) for settings, found in together.items())


def verdict(rivals: Sequence[Side]) -> Verdict | None:
    """Compare two sides or more; None as long as one of them has no validation accuracy."""
    if not all(side.accuracies for side in rivals):
        return None
    bands = [comparison.Spread(side.accuracies) for side in rivals]
    order = tuple(sorted(range(len(bands)), key=lambda place: -bands[place].mean))
    best, following = (bands[place] for place in order[:2])
    luck = comparison.judge(following, best) if min(len(best.values), len(following.values)) > 1 else None
    return Verdict(tuple(band.mean for band in bands), order, 100 * (best.mean - following.mean), luck)
