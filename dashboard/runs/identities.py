"""One identity a run: its colour, its dash and a short name that no other run of its learner has.

They follow from the roll of a learner's runs alone, so they are the same on every page and in every list,
and a run keeps its line whatever is trained after it. Colour says which experiment it is: runs that differ in
luck or length only share one, each with a dash of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core import translation
from core.choices.activations import ACTIVATIONS
from core.runs.origin import Origin
from core.runs.roll import Entry
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import family
from dashboard.frame import resources
from dashboard.frame.once import once
from dashboard.frame.sharing import shared
from dashboard.language.run_names import distinct_names, run_name
from dashboard.look import style

APART = 4
"""So many experiments in a row never share a colour."""
BYTES = 400
"""Of one identity in memory, at most."""


@dataclass(frozen=True)
class Identity:
    """How a run is drawn and called on every page."""

    line: style.Line
    name: str


def identity(run: Run) -> Identity:
    """The identity of a run, whoever looks at it."""
    found = of_learner(run.learner)
    return found.get(run.id) or Identity(style.RUN_COLORS[0], run_name(run))


@once
def of_learner(learner: str) -> Mapping[str, Identity]:
    """Run → identity, of all runs of a learner."""
    return _identities(tuple(resources.store().runs.roll(learner)), translation.spoken())


def _what_tells(roll: Sequence[Entry], spoken: str) -> Hashable:
    """A key for the roll in this language: of a run with this id nothing else can change."""
    return spoken, tuple((entry.id, entry.name, entry.epochs) for entry in roll)


@shared(8, size=lambda found: BYTES * len(found), key=_what_tells)
def _identities(roll: Sequence[Entry], spoken: str) -> Mapping[str, Identity]:
    del spoken  # part of the key only: names are in the reader's language
    lines, names = lines_of(roll), distinct_names(roll[::-1])
    return {entry.id: Identity(lines[entry.id], names[entry.id]) for entry in roll}


def lines_of(roll: Iterable[Entry]) -> dict[str, style.Line]:
    """Run → its line; entries oldest first.

    A new experiment has the colour of its activation, unless one of the last few had it already: then the
    colour that was not used for longest. Where runs were started together to compare activations, each has
    its activation's colour in any case.
    """
    entries = list(roll)
    compared = _comparing_activations(entries)
    colors: dict[Settings, int] = {}
    turns: dict[int, int] = defaultdict(int)
    recent: list[int] = []  # colours in the order of their last use
    found = {}
    for entry in entries:
        experiment = family(entry.settings)
        if experiment not in colors:
            own = style.hue_of_choice(ACTIVATIONS, entry.settings.network.activation)
            has_own = entry.origin in compared or own not in recent[1 - APART :]
            colors[experiment] = own if has_own else _longest_unused(recent)
        color = colors[experiment]
        found[entry.id] = style.run_line(color, turns[color])
        turns[color] += 1
        recent = [*(other for other in recent if other != color), color]
    return found


def _longest_unused(recent: Sequence[int]) -> int:
    return next((color for color in range(style.HUES) if color not in recent), recent[0] if recent else 0)


def _comparing_activations(entries: Sequence[Entry]) -> set[Origin]:
    """What started runs of several activations together."""
    activations: dict[Origin, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.origin is not None:
            activations[entry.origin].add(entry.settings.network.activation)
    return {origin for origin, codes in activations.items() if len(codes) > 1}
