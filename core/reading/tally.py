"""How often networks read a learner's own drawings rightly, as the learner says: right, wrong, no answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from core.errors import N_, LabError

MOST = 100
"""Networks that a tally keeps; the one that was asked longest ago goes first."""


class UnreadableTally(LabError):
    """A kept tally is not what was written."""


@dataclass(frozen=True)
class Score:
    """How many drawings a network read right, read wrong, and gave no answer to."""

    right: int = 0
    wrong: int = 0
    unanswered: int = 0

    @property
    def count(self) -> int:
        """Drawings in all."""
        return self.right + self.wrong + self.unanswered

    def add(self, answer: int | None, written: int) -> Score:
        """One drawing more, of the digit ``written``; ``answer`` is None where there was none."""
        if answer is None:
            return replace(self, unanswered=self.unanswered + 1)
        if answer == written:
            return replace(self, right=self.right + 1)
        return replace(self, wrong=self.wrong + 1)


@dataclass(frozen=True)
class Tally:
    """The score of each network, by a key that tells its very weights."""

    scores: Mapping[str, Score] = field(default_factory=dict)

    def of(self, network: str) -> Score:
        """A network's score; all zeros where it was never asked."""
        return self.scores.get(network, Score())

    def add(self, answers: Iterable[tuple[str, int | None]], written: int) -> Tally:
        """One drawing of the digit ``written``, with what each of some networks answered."""
        scores = dict(self.scores)
        for network, answer in answers:
            scores[network] = scores.pop(network, Score()).add(answer, written)  # the newest stands last
        return Tally(dict(list(scores.items())[-MOST:]))

    def to_json(self) -> str:
        """Network → [right, wrong, unanswered]."""
        return json.dumps(
            {name: [score.right, score.wrong, score.unanswered] for name, score in self.scores.items()}
        )

    @classmethod
    def from_json(cls, text: str) -> Tally:
        """Undo ``to_json``. Raises UnreadableTally."""
        try:
            scores = {name: _score(*counts) for name, counts in json.loads(text).items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise UnreadableTally(
                N_("The count of right and wrong answers cannot be read. It begins again.")
            ) from error
        return cls(scores)


def _score(right: object, wrong: object, unanswered: object) -> Score:
    counts = (right, wrong, unanswered)
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError(counts)
    return Score(*counts)  # type: ignore[arg-type]  # checked the line above
