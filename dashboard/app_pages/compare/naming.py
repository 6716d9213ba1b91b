"""How runs that stand side by side are called, and how they differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.runs.run import Run, automatic_name
from core.settings import Settings
from core.study.comparison import differing
from dashboard.language import _, names


def short_names(runs: Sequence[Run], experiments: Sequence[Settings]) -> list[str]:
    """The shortest names that tell runs apart: what differs, or the run's name."""
    told = [
        value
        if value and run.name == automatic_name(run.settings) and len(value) < len(run.name)
        else run.name
        for run, value in zip(runs, differing_values(experiments), strict=True)
    ]
    counted = [told[:place].count(name) + 1 for place, name in enumerate(told)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(told, counted, strict=True)]


def differing_values(experiments: Sequence[Settings]) -> list[str]:
    """For each experiment the values of the settings in which they differ: "tanh · Adam"; "" if in none."""
    found = differing(experiments)
    return [
        " · ".join(_short_value(name, values[place]) for name, values in found.items())
        for place in range(len(experiments))
    ]


def _short_value(name: str, value: object) -> str:
    """A value that explains itself by its look, else with the setting's name."""
    told = names.value(name, value)
    if isinstance(value, bool | int | float):
        return f"{names.setting(name).lower()} {told}"
    return told


def told_differences(first: Settings, other: Settings) -> str:
    """ "Activation: tanh instead of ReLU, Learning rate: …"; what is the same where nothing differs."""
    told = [
        _("{setting}: {theirs} instead of {mine}").format(
            setting=names.setting(name), theirs=names.value(name, theirs), mine=names.value(name, mine)
        )
        for name, (mine, theirs) in differing([first, other]).items()
    ]
    return "; ".join(told) or _("nothing")


def spelled(name: str, values: Iterable[object]) -> str:
    """A setting with its different values: "Activation (ReLU, tanh)"."""
    told = ", ".join(dict.fromkeys(names.value(name, value) for value in values))
    return _("{setting} ({values})").format(setting=names.setting(name), values=told)
