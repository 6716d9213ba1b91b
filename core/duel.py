"""A duel: two experiments that differ in one thing, a prediction written down first, and the verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import mean

from core.errors import LabError
from core.run import Run
from core.settings import PRESETS, Settings

FIRST, SECOND, NEITHER = "first", "second", "neither"
TIE = 0.005
"""Accuracies closer than half a percentage point count as no difference."""
GROUP = "duel-"

_DEEP = PRESETS["twenty-layer"]
DUELS: Mapping[str, tuple[Settings, Settings]] = {
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
}
"""Pairs that differ in exactly one setting: each asks what frees, or stops, a deep network."""


class InvalidPrediction(LabError):
    """A prediction is not one that can be checked."""


@dataclass(frozen=True)
class Prediction:
    """What a learner wrote down before the runs began.

    ``winner`` is "first", "second" or "neither"; ``points`` by how many percentage points of validation
    accuracy, 0 to 100.
    """

    winner: str
    points: float

    def __post_init__(self) -> None:
        """Check both fields. Raises InvalidPrediction."""
        known = self.winner in (FIRST, SECOND, NEITHER)
        if not known or not isinstance(self.points, int | float) or not 0 <= self.points <= 100:
            raise InvalidPrediction(
                "The prediction is {winner} by {points}. Expected first, second or neither, and 0 to 100 "
                "percentage points.",
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
            raise InvalidPrediction("A prediction cannot be read ({reason}).", reason=error) from error


@dataclass(frozen=True)
class Side:
    """One of the two experiments with its runs, one a seed, in the order they were made."""

    settings: Settings
    runs: tuple[Run, ...]

    @property
    def accuracies(self) -> tuple[float, ...]:
        """Validation accuracy of each run that got that far."""
        return tuple(run.val_accuracy for run in self.runs if run.val_accuracy is not None)


@dataclass(frozen=True)
class Verdict:
    """How it came out: mean accuracies, who won, and whether luck could have done it.

    ``points`` is first minus second in percentage points. ``apart``: with several seeds, whether the two
    ranges of accuracies do not touch; None with one seed each, where nothing can be said about luck.
    """

    first: float
    second: float
    winner: str
    points: float
    apart: bool | None


def sides(runs: Sequence[Run]) -> tuple[Side, ...]:
    """A duel's runs put together by experiment, whatever their seed; the first side was made first."""
    together: dict[Settings, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.created, run.settings.training.seed)):
        together.setdefault(run.settings.change(seed=0), []).append(run)
    return tuple(Side(settings, tuple(found)) for settings, found in together.items())


def verdict(first: Side, second: Side) -> Verdict | None:
    """Compare two sides; None as long as one of them has no validation accuracy."""
    if not first.accuracies or not second.accuracies:
        return None
    difference = mean(first.accuracies) - mean(second.accuracies)
    winner = NEITHER if abs(difference) < TIE else FIRST if difference > 0 else SECOND
    apart = None
    if min(len(first.accuracies), len(second.accuracies)) > 1:
        apart = min(first.accuracies) > max(second.accuracies) or min(second.accuracies) > max(
            first.accuracies
        )
    return Verdict(mean(first.accuracies), mean(second.accuracies), winner, 100 * difference, apart)
