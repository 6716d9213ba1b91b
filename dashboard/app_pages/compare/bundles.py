"""The lines of the chart: a chosen run alone, or with all that differ from it only in the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import family
from core.study.repeats import repeats_of
from dashboard.language import differences
from dashboard.language.run_names import settings_name
from dashboard.look import style
from dashboard.runs import identities


@dataclass(frozen=True, eq=False)
class Bundle:
    """One line of the chart.

    Attributes:
        first: the run that was chosen. line: how it is drawn.
        runs: what is drawn: the run alone, or all that differ from it in nothing but the seed.
        experiment: what they have in common.
        full: the name that the run has everywhere; of many seeds the experiment's.
        name: the shortest one that tells it from the other lines: what differs, or the full one.
    """

    first: Run
    line: style.Line
    runs: tuple[Run, ...]
    experiment: Settings
    full: str
    name: str


Drawn = tuple[Run, tuple[Run, ...], Settings]


def bundled(picked: Sequence[Run], runs: Sequence[Run], *, bands: bool) -> list[Bundle]:
    """The lines of the chart; with bands, chosen runs that differ only in the seed share one.

    Hidden repeats count: a band without its bad runs would be no band.
    """
    found: dict[object, Drawn] = {}
    for one in picked:
        repeats = repeats_of(one, runs) if bands else (one,)
        if len(repeats) > 1:
            experiment = family(one.settings)
        else:
            repeats, experiment = (one,), one.settings
        found.setdefault(experiment if bands else one.id, (one, repeats, experiment))
    lines = list(found.values())
    known = identities.of_learner(picked[0].learner) if picked else {}
    full = [_full_name(line, known[line[0].id].name) for line in lines]
    labels = differences.labels([experiment for *_rest, experiment in lines])
    return [
        Bundle(one, known[one.id].line, repeats, experiment, name, _shorter(one, label, name))
        for (one, repeats, experiment), label, name in zip(lines, labels, full, strict=True)
    ]


def _full_name(drawn: Drawn, name: str) -> str:
    one, repeats, experiment = drawn
    return one.name or settings_name(experiment) if len(repeats) > 1 else name


def _shorter(run: Run, label: str, name: str) -> str:
    """What differs, where that is shorter than the name and its learner chose none."""
    return label if label and run.name is None and len(label) < len(name) else name
