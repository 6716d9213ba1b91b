"""A duel: experiments that differ in one thing, and a prediction written down first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core.errors import N_, LabError, shown
from core.runs.rates import at_usual_rate
from core.runs.run import Run
from core.settings import PRESETS, Settings
from core.study.comparison import differing

MOST_SIDES = 4

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
    "optimizer": tuple(at_usual_rate(_DEEP.change(optimizer=code)) for code in ("sgd", "adam")),
    "clipping": (_DEEP.change(learning_rate=0.1), _DEEP.change(learning_rate=0.1, gradient_clipping=1.0)),
    "rescue": (
        _DEEP,
        _DEEP.change(initializer="he"),
        _DEEP.change(batch_normalization=True),
        _DEEP.change(residual=True),
    ),
}
"""Experiments that differ from the first in one thing: what frees, or stops, a deep network?

The thing is one setting, but for the optimiser, which brings its usual rate: at one rate for both, the rate
would decide more than the optimiser does.
"""


def freeing(settings: Settings) -> tuple[Settings, ...]:
    """The experiment with one thing changed that may free a deep network; what changes nothing is left out.

    In turn: He's first weights, ELU, batch normalisation, skip connections, Adam at its usual rate.
    """
    found = (
        settings.change(initializer="he"),
        settings.change(activation="elu"),
        settings.change(batch_normalization=True),
        settings.change(residual=True),
        at_usual_rate(settings.change(optimizer="adam")),
    )
    return tuple(other for other in found if differing([settings, other]))


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
                winner=shown(self.winner),
                points=shown(self.points),
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


def sides(runs: Sequence[Run]) -> tuple[Side, ...]:
    """A duel's runs put together by experiment, whatever their seed; the first side was made first."""
    together: dict[Settings, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.created, run.settings.training.seed)):
        together.setdefault(run.settings.as_if(seed=0), []).append(run)
    return tuple(Side(settings, tuple(found)) for settings, found in together.items())
