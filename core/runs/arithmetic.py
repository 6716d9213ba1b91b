"""With which arithmetic a run was trained, and where another went on with it.

The same settings give the same weights bit for bit only where products are rounded alike and the rules of
training are the same. The first worker that trains a run gives it its arithmetic; whatever changes is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise


@dataclass(frozen=True)
class Arithmetic:
    """What decides the last bit of a weight.

    Attributes:
        rules: version of the lab's rules of training (``core.network.arithmetic.RULES``).
        tensorflow, keras: their versions.
        instructions: the widest instructions that matrix products may use, such as "AVX2".
        probe: what a small training came to, as 12 hexadecimal digits: equal names do not prove equal bits.
        steps: what does a step: "XLA" has compiled it whole, "graph" does TensorFlow's operations one by one.
            Before there was a choice all were done so.
    """

    rules: int
    tensorflow: str
    keras: str
    instructions: str
    probe: str
    steps: str = "graph"


@dataclass(frozen=True)
class Stretch:
    """From optimiser step ``step`` on a run was trained with this arithmetic."""

    step: int
    arithmetic: Arithmetic


def go_on(history: Sequence[Stretch], step: int, arithmetic: Arithmetic) -> tuple[Stretch, ...]:
    """The history of a run whose next step, after ``step`` of them, is done with this arithmetic.

    What began at this step or later has left nothing behind: the run went back to its checkpoint.
    """
    before = tuple(stretch for stretch in history if stretch.step < step)
    if before and before[-1].arithmetic == arithmetic:
        return before
    return (*before, Stretch(step, arithmetic))


def changes(history: Sequence[Stretch]) -> list[tuple[Arithmetic, Stretch]]:
    """Each arithmetic that another one followed, and what followed."""
    return [(former.arithmetic, stretch) for former, stretch in pairwise(history)]


def within(history: Sequence[Stretch], begin: int, end: int) -> set[Arithmetic]:
    """All that the steps after ``begin`` up to ``end`` were done with."""
    ends = [*(stretch.step for stretch in history[1:]), end + 1]
    return {
        stretch.arithmetic
        for stretch, its_end in zip(history, ends, strict=False)
        if stretch.step < end and its_end > begin
    }


def until(history: Sequence[Stretch], step: int) -> tuple[Stretch, ...]:
    """The history of the first so many steps; of none it is how they would have begun."""
    return tuple(stretch for stretch in history if stretch.step < max(step, 1))


def write_history(history: Sequence[Stretch]) -> str:
    """As JSON."""
    return json.dumps([{"step": stretch.step} | asdict(stretch.arithmetic) for stretch in history])


@lru_cache(maxsize=256)
def read_history(text: str | None) -> tuple[Stretch, ...]:
    """Undo ``write_history``, remembered: runs that one worker trained have the same one.

    Nothing was recorded where there is None.
    """
    return tuple(Stretch(row.pop("step"), Arithmetic(**row)) for row in json.loads(text or "[]"))
