"""What a run's newest numbers say about its layers, in sentences."""

from __future__ import annotations

import pandas as pd

from core.hints import inside
from core.runs.progress import PROBE_SIZE
from dashboard.language import _
from dashboard.language.joining import sentences
from dashboard.runs.layer_words import gradient_sentence, speed_sentence


def findings(layers: pd.DataFrame, *, batch_normalization: bool, has_shares: bool = True) -> list[str]:
    """Sentences from a run's newest numbers; none where there is nothing to say.

    Args:
        layers: as ``Curves.layers`` gives them.
        batch_normalization: whether the network has it before its activations.
        has_shares: whether dead and saturated units are told of.
    """
    if layers.empty:
        return [_("The first numbers come with the first point of the run.")]
    slowest, faintest = inside.slowest(layers), inside.faintest(layers)
    found = [] if slowest is None else [speed_sentence(slowest)]
    found += [] if faintest is None else [gradient_sentence(faintest)]
    return found + (_shares(layers, batch_normalization=batch_normalization) if has_shares else [])


def _shares(layers: pd.DataFrame, *, batch_normalization: bool) -> list[str]:
    """The layers of which a large part saturates, or is dead."""
    found = []
    saturated = inside.worst_share(layers, "saturated_share")
    if saturated is not None and saturated[1] >= inside.SATURATED_MANY:
        found.append(
            _(
                "In layer {layer}, {share:.0%} of the outputs are saturated: hardly any gradient passes "
                "there."
            ).format(layer=saturated[0], share=saturated[1])
        )
    dead = inside.worst_share(layers, "dead_share")
    if dead is not None and dead[1] >= inside.DEAD_MANY:
        found.append(_dead(*dead, batch_normalization=batch_normalization))
    return found


def _dead(layer: int, share: float, *, batch_normalization: bool) -> str:
    """How many units answer 0 to all images of the probe batch, and whether they may come back."""
    said = _(
        "In layer {layer}, {share:.0%} of the units are dead on the {count} training images that are "
        "measured here: 0 for every one of them."
    ).format(layer=layer, share=share, count=PROBE_SIZE)
    if layer > 1 or batch_normalization:
        return sentences(
            said, _("They can come back: what reaches them changes while the layers before them learn.")
        )
    return sentences(
        said,
        _(
            "The images they see never change. One that is 0 for every training image gets no gradient any "
            "more; only what the optimiser still carries from earlier steps can move it."
        ),
    )
