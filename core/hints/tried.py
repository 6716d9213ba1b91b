"""Whether a hint was right: the run that it spoke of, beside the run that did what it said."""

from __future__ import annotations

from dataclasses import dataclass

from core.hints.rules import Rule
from core.hints.rules import rule as rule_of
from core.hints.seen import ERRORS, Seen, error_of_difference
from core.hints.symptoms import in_trouble
from core.runs.origin import Origin
from core.runs.run import Run


@dataclass(frozen=True)
class Outcome:
    """What came of a hint.

    Attributes:
        before, after: validation accuracy of both at their last whole epoch; None where there is none.
        error: standard error of their difference; 0 where there is none.
        losses: validation loss of both at the same epochs; None where one of them has none.
        is_gone: whether the second run lacks the symptom, and is in no other trouble.
    """

    before: float | None
    after: float | None
    error: float
    losses: tuple[float, float] | None
    is_gone: bool

    @property
    def has_risen(self) -> bool:
        """Whether accuracy rose by more than luck explains; it cannot rise over a run without any."""
        if self.after is None:
            return False
        return self.before is not None and self.after - self.before > ERRORS * self.error

    @property
    def has_fallen(self) -> bool:
        """Whether accuracy fell by more than luck explains."""
        if self.before is None or self.after is None:
            return False
        return self.before - self.after > ERRORS * self.error

    @property
    def helped(self) -> bool:
        """Whether the hint was right: accuracy rose, or the symptom is gone at no cost in accuracy."""
        return self.has_risen or (self.is_gone and not self.has_fallen)


def try_of(rule: Rule, run_id: str) -> Origin:
    """What a run is started by that tries a hint about another run."""
    return Origin("hint", f"{rule.code}_{run_id}")


def tried(run: Run) -> tuple[Rule, str] | None:
    """The rule that a run tries and the run that it spoke of; None where it tries none that is known."""
    if run.origin is None or run.origin.kind != "hint":
        return None
    code, _line, other = run.origin.id.partition("_")  # no code has one
    found = rule_of(code)
    return None if found is None else (found, other)


def outcome(rule: Rule, before: Seen, after: Seen) -> Outcome:
    """What came of a hint by this rule. ``after`` must have ended."""
    first, second = _accuracy(before), _accuracy(after)
    error, losses = 0.0, None
    if first is not None and second is not None:
        error = error_of_difference(first, second, min(before.images, after.images))
        losses = float(before.losses[-1]), float(after.losses[-1])
    is_gone = rule.symptom(after) is None and not in_trouble(after) and second is not None
    return Outcome(first, second, error, losses, is_gone)


def _accuracy(seen: Seen) -> float | None:
    return seen.accuracy if seen.epochs else None
