"""How experiments differ, worded once. Only settings that have an effect count: see ``differing``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.settings import Settings
from core.study.comparison import differing
from core.translation import _
from dashboard.language import names
from dashboard.language.joining import facts, listed


def settings_told(experiments: Sequence[Settings]) -> str:
    """The settings in which experiments differ, within a sentence: "activation, learning rate"."""
    return listed(names.setting_within(name) for name in differing(experiments))


def values_told(experiments: Sequence[Settings]) -> str:
    """The same with their values: "Activation (ReLU, tanh), Seed (0, 1)"."""
    return listed(spelled(name, values) for name, values in differing(experiments).items())


def spelled(name: str, values: Iterable[object]) -> str:
    """A setting with its different values: "Activation (ReLU, tanh)"."""
    told = listed(dict.fromkeys(names.value(name, value) for value in values))
    return _("{setting} ({values})").format(setting=names.setting(name), values=told)


def changes(first: Settings, other: Settings) -> str:
    """What the other has changed: "Activation: tanh, Seed: 1"; "" where nothing differs."""
    return listed(named_value(name, theirs) for name, (_mine, theirs) in differing([first, other]).items())


def named_value(name: str, value: object) -> str:
    """A setting and its value: "Activation: tanh"."""
    return _("{setting}: {value}").format(setting=names.setting(name), value=names.value(name, value))


def labels(experiments: Sequence[Settings]) -> list[str]:
    """For each experiment the values that tell it from the others: "tanh · seed 1"; "" if none differ."""
    found = differing(experiments)
    return [
        facts(label(name, values[place]) for name, values in found.items())
        for place in range(len(experiments))
    ]


def label(name: str, value: object) -> str:
    """A value that explains itself by its look ("tanh"), else with the setting's name ("seed 1")."""
    told = names.value(name, value)
    if isinstance(value, bool | int | float):
        return _("{setting} {value}").format(setting=names.setting_within(name), value=told)
    return told
