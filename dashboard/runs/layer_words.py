"""Which layer of a run learns slowest, and which gets the weakest gradient, in sentences."""

from __future__ import annotations

from core.hints.inside import Lagging
from dashboard.language import _, numbers

ALIKE = 2.0
"""Layers whose steps differ by less than this factor are said to learn at about the same speed."""


def speed_sentence(slowest: Lagging) -> str:
    """How much slower the slowest hidden layer learns than the output layer, by the steps they took."""
    if slowest.value == 0:
        return _("The last recorded step changed nothing in layer {layer}: it does not learn.").format(
            layer=slowest.layer
        )
    values = {
        "layer": slowest.layer,
        "change": numbers.rounded(slowest.value, 2),
        "output": numbers.rounded(slowest.output_value, 2),
        "ratio": float(f"{slowest.ratio:.2g}"),
    }
    if slowest.ratio >= ALIKE:
        return _(
            "Layer {layer} learns **{ratio:,.0f} times** slower than the output layer: the last recorded "
            "step changed its weights by {change} of their size, the output layer's by {output}."
        ).format(**values)
    if slowest.spread < ALIKE:
        return _(
            "All layers learn at about the same speed: the last recorded step changed the weights of layer "
            "{layer} by {change} of their size, those of the output layer by {output}."
        ).format(**values)
    return _(
        "No hidden layer learns much slower than the output layer: the last recorded step changed the "
        "weights of layer {layer}, the slowest, by {change} of their size, those of the output layer by "
        "{output}."
    ).format(**values)


def gradient_sentence(faintest: Lagging) -> str:
    """How much weaker the gradient is that reaches the hidden layer with the weakest one."""
    values = {
        "layer": faintest.layer,
        "gradient": numbers.rounded(faintest.value, 2),
        "output": numbers.rounded(faintest.output_value, 2),
    }
    if faintest.value == 0:
        return _("No gradient at all reaches layer {layer}.").format(**values)
    if faintest.ratio < ALIKE:
        return _(
            "The weakest gradient of a hidden layer is {gradient} per weight, in layer {layer}; the "
            "output layer's is {output}."
        ).format(**values)
    return _(
        "The gradient of layer {layer} is **{ratio:,.0f} times** smaller than the output layer's: "
        "{gradient} per weight, against {output}."
    ).format(**values, ratio=float(f"{faintest.ratio:.2g}"))
