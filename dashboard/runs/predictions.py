"""What a learner expected of a duel before its runs began, and the names of its sides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import differing
from core.study.duel import Prediction, Side, sides
from core.study.fairness import OPTIMIZER_AND_RATE
from dashboard.frame import resources, session
from dashboard.language import _, differences, names
from dashboard.language.run_names import settings_name
from dashboard.runs import starting


def runs_of(duel: Origin) -> list[Run]:
    """The runs of a duel."""
    return [run for run in starting.my_runs() if run.origin == duel]


def side_names(rivals: Sequence[Settings]) -> tuple[str, ...]:
    """The shortest names that tell the sides apart: the value of what differs from the first."""
    first, *others = rivals
    if len(others) == 1 and set(differing(rivals)) == OPTIMIZER_AND_RATE:
        return tuple(_at_rate(side.training.optimizer, side.training.learning_rate) for side in rivals)
    if len(others) == 1 and len(differing(rivals)) == 1:
        return differences.changes(others[0], first), differences.changes(first, others[0])
    return settings_name(first), *(differences.changes(first, other) for other in others)


def _at_rate(optimizer: str, rate: float) -> str:
    return _("{optimizer} at rate {rate}").format(
        optimizer=names.optimizer(optimizer), rate=names.value("learning_rate", rate)
    )


def names_of(rivals: Sequence[Side]) -> tuple[str, ...]:
    """The shortest names that tell sides apart."""
    return side_names([side.settings for side in rivals])


def rivals_told(short: Sequence[str]) -> str:
    """Who stands against whom: "Hidden layers: 300-100 against Hidden layers: 20 × 100"."""
    return reduce(lambda one, other: _("{one} against {other}").format(one=one, other=other), short)


def prediction_of(run: Run) -> str:
    """What the learner wrote down before the duel that this run belongs to; "" for any other run."""
    duel = run.origin
    if duel is None or duel.kind != "duel":
        return ""
    written = resources.store().documents.get(session.learner(), str(duel))
    if written is None:
        return ""
    prediction, short = Prediction.from_json(written), names_of(sides(runs_of(duel)))
    rivals = rivals_told(short)
    if prediction.winner is None:
        return _("{rivals}: no difference to speak of.").format(rivals=rivals)
    return _("{rivals}: {winner} wins by {points:g} percentage points.").format(
        rivals=rivals, winner=short[prediction.winner], points=prediction.points
    )
