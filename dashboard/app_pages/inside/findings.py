"""What a run's newest numbers say about its layers, in sentences."""

from __future__ import annotations

import math

import pandas as pd

from core.hints import inside
from dashboard.language import _


def findings(layers: pd.DataFrame) -> list[str]:
    """Sentences from this run's newest numbers; none where there is nothing to say.

    Args:
        layers: as ``Curves.layers`` gives them.
    """
    if layers.empty:
        return [_("The first numbers come with the first point of the run.")]
    slowest = inside.slowest(layers)
    found = [] if slowest is None else [speed_sentence(slowest)]
    return found + _shares(layers)


def _shares(layers: pd.DataFrame) -> list[str]:
    """The layers of which a large part saturates, or is dead."""
    rules = {
        "saturated_share": (
            inside.SATURATED_MANY,
            _(
                "In layer {layer}, {share:.0%} of the outputs are saturated: hardly any gradient passes "
                "there."
            ),
        ),
        "dead_share": (
            inside.DEAD_MANY,
            _("In layer {layer}, {share:.0%} of the units are dead: 0 for every image of the probe."),
        ),
    }
    found = []
    for measure, (many, template) in rules.items():
        worst = inside.worst_share(layers, measure)
        if worst is not None and worst[1] >= many:
            found.append(template.format(layer=worst[0], share=worst[1]))
    return found


def speed_sentence(slowest: inside.Slowest) -> str:
    """How much slower the slowest layer learns than the output layer."""
    if math.isinf(slowest.ratio):
        return _("Layer {layer} gets no gradient at all: it cannot learn.").format(layer=slowest.layer)
    if slowest.ratio < 2:
        return _(
            "All layers learn at about the same speed: the slowest, layer {layer}, gets {gradient:.1e} "
            "per weight, the output layer {output:.1e}."
        ).format(layer=slowest.layer, gradient=slowest.gradient, output=slowest.output_gradient)
    return _(
        "Layer {layer} learns **{ratio:,.0f} times** slower than the output layer: its gradient is "
        "{gradient:.1e} per weight, against {output:.1e}."
    ).format(
        layer=slowest.layer,
        ratio=float(f"{slowest.ratio:.2g}"),
        gradient=slowest.gradient,
        output=slowest.output_gradient,
    )
