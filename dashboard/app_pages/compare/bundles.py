"""The lines of the chart: a chosen run alone, or with all that differ from it only in the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import family
from core.study.repeats import repeats_of
from dashboard.app_pages.compare.chosen_runs import Chosen
from dashboard.language import differences
from dashboard.language.run_names import run_name
from dashboard.look import style


@dataclass(frozen=True, eq=False)
class Bundle:
    """One line of the chart.

    Attributes:
        first: the run that was chosen. line: how it is drawn.
        runs: what is drawn: the run alone, or all that differ from it in nothing but the seed.
        experiment: what they have in common.
        name: the shortest one that tells it from the other lines.
    """

    first: Run
    line: style.Line
    runs: tuple[Run, ...]
    experiment: Settings
    name: str


def bundled(picked: Sequence[Chosen], runs: Sequence[Run], *, bands: bool) -> list[Bundle]:
    """The lines of the chart; with bands, chosen runs that differ only in the seed share one.

    Hidden repeats count: a band without its bad runs would be no band.
    """
    found: dict[object, tuple[Chosen, tuple[Run, ...], Settings]] = {}
    for one in picked:
        repeats = repeats_of(one.run, runs) if bands else (one.run,)
        if len(repeats) > 1:
            experiment = family(one.run.settings)
        else:
            repeats, experiment = (one.run,), one.run.settings
        found.setdefault(experiment if bands else one.run.id, (one, repeats, experiment))
    lines = list(found.values())
    labels = short_names([one.run for one, *_rest in lines], [experiment for *_rest, experiment in lines])
    return [
        Bundle(one.run, one.line, repeats, experiment, label)
        for (one, repeats, experiment), label in zip(lines, labels, strict=True)
    ]


def short_names(runs: Sequence[Run], experiments: Sequence[Settings]) -> list[str]:
    """The shortest names that tell runs apart: what differs, or the run's name."""
    told = [
        value if value and run.name is None and len(value) < len(run_name(run)) else run_name(run)
        for run, value in zip(runs, differences.labels(experiments), strict=True)
    ]
    counted = [told[:place].count(name) + 1 for place, name in enumerate(told)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(told, counted, strict=True)]
