"""What a learner expected of a duel before its runs began, and the names of its sides."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.duel import Prediction, Side, sides
from dashboard.frame import resources, session
from dashboard.language import _, names
from dashboard.language.run_names import settings_name


def runs_of(duel: Origin) -> list[Run]:
    """The runs of a duel."""
    return [run for run in resources.store().runs.of(session.learner(), hidden=True) if run.origin == duel]


def side_names(rivals: Sequence[Settings]) -> tuple[str, ...]:
    """The shortest names that tell the sides apart: the value of what differs from the first."""
    first, *others = rivals
    if len(others) == 1 and len(first.differences(others[0])) == 1:
        name, values = next(iter(first.differences(others[0]).items()))
        return tuple(f"{names.setting(name)}: {names.value(name, value)}" for value in values)
    return settings_name(first), *(_changes(first, other) for other in others)


def _changes(first: Settings, other: Settings) -> str:
    """What is different in the other, with its value there."""
    return ", ".join(
        f"{names.setting(name)}: {names.value(name, values[1])}"
        for name, values in first.differences(other).items()
    )


def names_of(rivals: Sequence[Side]) -> tuple[str, ...]:
    """The shortest names that tell sides apart."""
    return side_names([side.settings for side in rivals])


def prediction_of(run: Run) -> str:
    """What the learner wrote down before the duel that this run belongs to; "" for any other run."""
    duel = run.origin
    if duel is None or duel.kind != "duel":
        return ""
    written = resources.store().documents.get(session.learner(), str(duel))
    if written is None:
        return ""
    prediction, short = Prediction.from_json(written), names_of(sides(runs_of(duel)))
    rivals = _(" against ").join(short)
    if prediction.winner is None:
        return _("{rivals}: no difference to speak of.").format(rivals=rivals)
    return _("{rivals}: {winner} wins by {points:g} percentage points.").format(
        rivals=rivals, winner=short[prediction.winner], points=prediction.points
    )
