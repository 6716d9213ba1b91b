"""Runs of a sweep, a search or repeats, folded into one entry of a list: the group, and its best run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.runs.origin import Origin
from core.runs.run import Run
from core.study.comparison import differing, family
from dashboard.language import _, names, ngettext
from dashboard.language.joining import crossed, facts, listed
from dashboard.language.run_names import settings_name


@dataclass(frozen=True)
class Group:
    """Runs that were started together.

    Attributes:
        origin: what started them. runs: at least one, newest first.
        name: no other group of the same list has it.
    """

    origin: Origin
    runs: tuple[Run, ...]
    name: str

    @property
    def best(self) -> Run:
        """The most accurate one; of equals the newest; where none has a figure the newest."""
        return max(self.runs, key=lambda run: -1.0 if run.val_accuracy is None else run.val_accuracy)

    @property
    def told(self) -> str:
        """The name with how many runs it has."""
        return facts([self.name, ngettext("{count} run", "{count} runs", len(self.runs))])


def alone(runs: Sequence[Run]) -> list[Run]:
    """Those that were not started as one of many."""
    return [run for run in runs if not is_one_of_many(run)]


def is_one_of_many(run: Run) -> bool:
    """Whether a run was started with others, by a sweep, a search for a rate, or as a repeat."""
    return run.origin is not None and run.origin.is_one_of_many


def groups(runs: Sequence[Run]) -> list[Group]:
    """Sweeps, searches and repeats among these runs, by their newest run; runs newest first."""
    found: dict[Origin, list[Run]] = {}
    for run in runs:
        if run.origin is not None and run.origin.is_one_of_many:
            found.setdefault(run.origin, []).append(run)
    told = {origin: _name(origin, members) for origin, members in found.items()}
    same, seen = Counter(told.values()), Counter[str]()
    for origin in reversed(found):  # the oldest is number 1
        name = told[origin]
        seen[name] += 1
        if same[name] > 1:
            told[origin] = _("{name} ({number})").format(name=name, number=seen[name])
    return [Group(origin, tuple(members), told[origin]) for origin, members in found.items()]


def folded(runs: Sequence[Run]) -> list[Run | Group]:
    """Single runs, and groups at the place of their newest run; runs newest first."""
    by_origin = {group.origin: group for group in groups(runs)}
    found: dict[object, Run | Group] = {}
    for run in runs:
        group = by_origin.get(run.origin) if run.origin is not None else None
        found.setdefault(run.id if group is None else group.origin, group or run)
    return list(found.values())


def _name(origin: Origin, runs: Sequence[Run]) -> str:
    if origin.kind == "sweep":
        swept = crossed(names.setting(name) for name in differing([run.settings for run in runs]))
        return _("Sweep: {settings}").format(settings=swept) if swept else _("Sweep")
    if origin.kind == "rate":
        return _("Search for a rate: {network}").format(network=names.hidden(runs[0].settings.network.hidden))
    repeated = dict.fromkeys(settings_name(family(run.settings)) for run in reversed(runs))
    return _("Repeats: {names}").format(names=listed(repeated))
