"""Hints in words: what is the case, in numbers, and what explains it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.architecture.first_weights import initializer_for
from core.errors import N_
from core.hints.rules import Hint
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
}
"""What is seen, for the rules that share it, to be translated."""


def told(hint: Hint, settings: Settings | None = None) -> str:
    """A hint in one to three sentences; ``settings`` are those of the run that it speaks of."""
    values = {**hint.values, **({} if settings is None else _named(settings, hint.values))}
    family = hint.code.partition("-")[0]
    symptom = translated(SYMPTOMS[family]).format(**values) if family in SYMPTOMS else ""
    return sentences(symptom, translated(_cause(hint)).format(**values))


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
