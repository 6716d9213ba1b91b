"""A run whose numbers have left the range of numbers, and why that probably happened."""

from __future__ import annotations

from core.choices.activations import ACTIVATIONS_TABLE, initializer_for
from core.errors import LabError
from core.settings import Settings

USUAL_RATE = {"sgd": 0.01, "momentum": 0.01, "rmsprop": 0.001, "adam": 0.001, "nadam": 0.001}
"""Keras' defaults."""
DEEP = 10


class Diverged(LabError):
    """The loss or a weight is no longer a finite number."""


def diverged(settings: Settings, epoch: float) -> Diverged:
    """The error to raise, with the cause that these settings make most likely and how to mend it."""
    training, network = settings.training, settings.network
    initializer, fitting = initializer_for(network), ACTIVATIONS_TABLE[network.activation].initializer
    usual = USUAL_RATE[training.optimizer]
    where = "In epoch {epoch} the loss stopped being a number: something grew without end. "
    told = {"epoch": int(epoch) + 1, "rate": training.learning_rate, "usual": usual}
    if training.learning_rate >= 10 * usual:
        return Diverged(
            where
            + "A learning rate of {rate:g} is probably too large; {usual:g} is usual for this optimiser.",
            **told,
        )
    if settings.data.normalization == "none":
        return Diverged(
            where + "Pixels from 0 to 255 are probably too large; normalise them, or choose a learning rate "
            "far below {rate:g}.",
            **told,
        )
    if len(network.hidden) >= DEEP and initializer == "he" != fitting:
        return Diverged(
            where
            + "He's initial weights are probably too large for this activation in {depth} layers; choose "
            "the initialiser that the activation wants.",
            depth=len(network.hidden),
            **told,
        )
    if len(network.hidden) >= DEEP and network.residual and not network.batch_normalization:
        return Diverged(
            where + "The sums of the skip connections probably grew from layer to layer; add batch "
            "normalisation, or choose a learning rate below {rate:g}.",
            **told,
        )
    return Diverged(where + "Choose a learning rate below {rate:g}, or limit the gradient.", **told)
