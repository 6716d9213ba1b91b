"""Which layer of a run learns slowest, and which gets the weakest gradient, in sentences."""

from __future__ import annotations

from core.hints.inside import Lagging
from dashboard.language import _

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
        "change": slowest.value,
        "output": slowest.output_value,
        "ratio": float(f"{slowest.ratio:.2g}"),
    }
    if slowest.ratio >= ALIKE:
        return _(
            "Layer {layer} learns **{ratio:,.0f} times** slower than the output layer: the last recorded "
            "step changed its weights by {change:.1e} of their size, the output layer's by {output:.1e}."
        ).format(**values)
    if slowest.spread < ALIKE:
        return _(
            "All layers learn at about the same speed: the last recorded step changed the weights of layer "
            "{layer} by {change:.1e} of their size, those of the output layer by {output:.1e}."
        ).format(**values)
    return _(
        "No hidden layer learns much slower than the output layer: the last recorded step changed the "
        "weights of layer {layer}, the slowest, by {change:.1e} of their size, those of the output layer by "
        "{output:.1e}."
    ).format(**values)


def gradient_sentence(faintest: Lagging) -> str:
    """How much weaker the gradient is that reaches the hidden layer with the weakest one."""
    values = {"layer": faintest.layer, "gradient": faintest.value, "output": faintest.output_value}
    if faintest.value == 0:
        return _("No gradient at all reaches layer {layer}.").format(**values)
    if faintest.ratio < ALIKE:
        return _(
            "The weakest gradient of a hidden layer is {gradient:.1e} per weight, in layer {layer}; the "
            "output layer's is {output:.1e}."
        ).format(**values)
    return _(
        "The gradient of layer {layer} is **{ratio:,.0f} times** smaller than the output layer's: "
        "{gradient:.1e} per weight, against {output:.1e}."
    ).format(**values, ratio=float(f"{faintest.ratio:.2g}"))
