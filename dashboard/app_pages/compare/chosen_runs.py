"""Which runs stand side by side: chosen by the learner, kept in the store, each with a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.errors import N_, LabError
from core.record.runs import MOST_UNFINISHED_RUNS
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import MOST_RUNS, family
from dashboard.frame import page, resources, session
from dashboard.language import differences
from dashboard.language.run_names import run_name
from dashboard.look import style

KIND = "compare"
"""Under which the store keeps the choice of a learner: {run: number of its line}, in the order of choice."""
AT_FIRST = 2


class TooManyChosen(LabError):
    """More runs are chosen than can be told apart."""


@dataclass(frozen=True)
class Chosen:
    """A run on the chart, and its line."""

    run: Run
    line: style.Line


def chosen(runs: Sequence[Run]) -> list[Chosen]:
    """The chosen ones of these runs, in the order of choice; at first the newest that have a curve."""
    by_id = {run.id: run for run in runs}
    return [
        Chosen(by_id[run_id], style.RUN_COLORS[slot])
        for run_id, slot in _slots(runs).items()
        if run_id in by_id
    ]


def choose(runs: Sequence[Run], changes: Mapping[str, bool]) -> None:
    """Put runs on the chart (True) or take them away. A run keeps its line while it is chosen.

    Raises TooManyChosen.
    """
    slots = {run_id: slot for run_id, slot in _slots(runs).items() if changes.get(run_id, True)}
    for run_id in changes:
        if changes[run_id] and run_id not in slots:
            if len(slots) == MOST_RUNS:
                raise TooManyChosen(
                    N_("{limit} runs are on the chart, as many as can be told apart. Take one away first."),
                    limit=MOST_RUNS,
                )
            slots[run_id] = min(set(range(MOST_RUNS)) - set(slots.values()))
    resources.store().documents.save(session.learner(), KIND, json.dumps(slots))


def is_one_of_many(run: Run) -> bool:
    """Whether a run was started with others, by a sweep, a search for a rate, or as a repeat."""
    return run.origin is not None and run.origin.is_one_of_many


def add(runs: Sequence[Run], run_ids: Iterable[str]) -> None:
    """Put as many of these runs on the chart as there is room for."""
    for run_id in run_ids:
        with suppress(TooManyChosen):
            choose(runs, {run_id: True})


def _slots(runs: Sequence[Run]) -> dict[str, int]:
    text = resources.store().documents.get(session.learner(), KIND)
    if text is None:
        own = [run for run in runs if run.step and not run.hidden and not is_one_of_many(run)]
        return {run.id: slot for slot, run in enumerate(own[:AT_FIRST])}
    slots: dict[str, int] = json.loads(text)
    return slots


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


def bundles(picked: Sequence[Chosen], runs: Sequence[Run], *, bands: bool) -> list[Bundle]:
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


def repeats_of(run: Run, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The run and all with a curve that differ from it only in the seed, but those that broke off.

    Each seed counts once, by the run that came farthest: the same seed again is no other luck.
    """
    wanted = family(run.settings)
    same = [other for other in runs if family(other.settings) == wanted and other.step]
    whole = [other for other in [run, *same] if other.status not in ("diverged", "failed")]
    by_seed: dict[int, Run] = {}
    for other in sorted(whole, key=lambda other: other.step, reverse=True):
        by_seed.setdefault(other.settings.training.seed, other)
    return tuple(by_seed.values()) or (run,)


def short_names(runs: Sequence[Run], experiments: Sequence[Settings]) -> list[str]:
    """The shortest names that tell runs apart: what differs, or the run's name."""
    told = [
        value if value and run.name is None and len(value) < len(run_name(run)) else run_name(run)
        for run, value in zip(runs, differences.labels(experiments), strict=True)
    ]
    counted = [told[:place].count(name) + 1 for place, name in enumerate(told)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(told, counted, strict=True)]


def room() -> int:
    """How many more runs this learner may have waiting or training."""
    mine = resources.store().runs.of(session.learner(), hidden=True)
    return MOST_UNFINISHED_RUNS - sum(run.unfinished for run in mine)


def submit(experiments: Iterable[Settings], origin: Origin) -> list[str]:
    """Put experiments into the queue and return their ids; should one be refused, that is said."""
    started = []
    try:
        for settings in experiments:
            started.append(resources.engine().submit(session.learner(), settings, origin=origin))
    except LabError as error:
        page.problem(error)
    return started
