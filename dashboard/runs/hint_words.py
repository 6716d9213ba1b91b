"""Hints in words: what is the case, in numbers, and what explains it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.architecture.first_weights import initializer_for
from core.errors import N_
from core.hints.rules import Hint, Rule
from core.settings import PARAMETERS, Settings
from dashboard.language import names, translated
from dashboard.language.differences import named_value
from dashboard.language.joining import listed, sentences
from dashboard.runs.hint_causes import ALTOGETHER, CAUSES

SYMPTOMS: Mapping[str, str] = {
    "diverged": N_("**It diverged.** Its loss grew beyond all numbers."),
    "stuck": N_("**It is stuck on the guess line.** It reads no more than a guesser: {guess:.1%}."),
    "jumping": N_(
        "**Its loss jumps.** In {rises} of {epochs} epochs validation loss rose by a tenth or more, at "
        "most to {largest:.1f} times what it was."
    ),
    "overfitting": N_(
        "**It overfits.** Since epoch {best_epoch} validation loss rose from {best:.3f} to {last:.3f}, "
        "while training loss fell."
    ),
    "slow": N_(
        "**It learns slowly.** It has ended at a validation loss of {loss:.2f}; guessing costs "
        "{guess_loss:.2f}."
    ),
    "large": N_("**Still improving.**"),
}
"""What is seen, for the rules that share it, to be translated."""

GONE: Mapping[str, str] = {
    "diverged": N_("It no longer diverges."),
    "stuck": N_("It has left the guess line."),
    "jumping": N_("Its loss no longer jumps."),
    "overfitting": N_("It no longer overfits."),
    "slow": N_("It no longer learns slowly."),
}
"""What is said where that is over, to be translated."""


def gone(rule: Rule) -> str:
    """That what this rule speaks of is over."""
    other = N_("What it spoke of is gone.")
    return translated(GONE.get(_family(rule.code), other))


def told(hint: Hint, settings: Settings | None = None) -> str:
    """A hint in one to three sentences; ``settings`` are those of the run that it speaks of."""
    family = _family(hint.code)
    values = _values(hint, settings)
    symptom = translated(SYMPTOMS[family]).format(**values) if family in SYMPTOMS else ""
    return sentences(symptom, because(hint, settings))


def because(hint: Hint, settings: Settings | None = None) -> str:
    """What explains it, without what is seen."""
    return translated(_cause(hint)).format(**_values(hint, settings))


def _values(hint: Hint, settings: Settings | None) -> dict[str, Any]:
    numbers = {name: _rounded(value) for name, value in hint.values.items()}
    return {**numbers, **({} if settings is None else _named(settings, numbers))}


def _rounded(value: Any) -> Any:
    """A measure above a thousand to three digits: more of them would promise what no measure keeps."""
    is_long = isinstance(value, float) and math.isfinite(value) and abs(value) > 1_000
    return float(f"{value:.3g}") if is_long else value


def _family(code: str) -> str:
    return code.partition("-")[0]


def _cause(hint: Hint) -> str:
    is_infinite = any(isinstance(value, float) and math.isinf(value) for value in hint.values.values())
    return ALTOGETHER.get(hint.code, CAUSES[hint.code]) if is_infinite else CAUSES[hint.code]


def change_told(before: Settings, after: Settings) -> str:
    """What a remedy changes, epochs included: "Learning rate: 0.01"."""
    return listed(
        named_value(row.name, row.get(after)) for row in PARAMETERS if row.get(before) != row.get(after)
    )


def _named(settings: Settings, values: Mapping[str, Any]) -> dict[str, Any]:
    """What sentences call by name, and numbers that they say the other way round."""
    network, training = settings.network, settings.training
    return {
        "optimizer": names.optimizer(training.optimizer),
        "activation": names.activation(network.activation),
        "initializer": names.initializer(initializer_for(network)),
        "rate": names.value("learning_rate", training.learning_rate),
        "fewer": 1 / values["times"] if values.get("times") else 0.0,
        "used": values.get("width", 0) - values.get("units", 0),
    }
