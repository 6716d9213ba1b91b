"""What deserves a word about a network, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.hints.before_training import Caution
from dashboard.frame import resources
from dashboard.language import _, names, numbers


def sentence(caution: Caution) -> str:
    """A caution in the learner's language."""
    sentences = {
        "blocked": _(
            "With its first weights, {count} training images give the same at layer {depth}, or no gradient "
            "comes back to layer 1. Other first weights, another seed or wider layers may help."
        ),
        "fading": _(
            "With its first weights, training images differ {difference} times less after layer {depth} "
            "than after layer 1, and the gradient is {gradient} times weaker at layer 1 than at layer "
            "{depth}: plain gradient descent begins slowly, if at all."
        ),
        "better-start": _(
            "Started with {initializer} instead, differences after layer {depth} would be {difference} "
            "of those after layer 1, and the gradient at layer 1 {gradient} of that at layer {depth}."
        ),
        "growing": _(
            "With its first weights, signals are {strength} times as strong after layer {depth} as "
            "after layer 1, and the gradient {gradient} times as strong at layer 1 as at layer {depth}: "
            "steps may be far too long."
        ),
        "linear": _(
            "Without a bend, {depth} layers in a row are worth only one: this network can learn no more than "
            "one without hidden layers."
        ),
        "bottleneck": _(
            "The width of hidden layer {layer} is only {width}. Everything about a picture has to pass "
            "through it."
        ),
        "no-skip": _(
            "Skip connections are on, but no two hidden layers in a row are as wide as what goes into them, "
            "so there is none."
        ),
    }
    return sentences[caution.code].format(count=resources.FIRST_BATCH, **_told(caution.values))


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers of a caution to two digits, and the name of the initialiser that one of them speaks of."""
    told = {name: _rounded(value) if isinstance(value, float) else value for name, value in values.items()}
    code = values.get("initializer")
    return {**told, "initializer": names.initializer(code)} if code else told


def _rounded(value: float) -> str:
    return numbers.rounded(float(f"{value:.2g}"))
