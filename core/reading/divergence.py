"""A run whose numbers have left the range of numbers, and why that probably happened."""

from __future__ import annotations

from typing import Literal

from core.architecture.first_weights import initializer_for
from core.choices.activations import ACTIVATIONS
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import parameter
from core.errors import N_, LabError
from core.settings import Settings

DEEP = 10


class Diverged(LabError):
    """The loss or a weight is no longer a finite number."""


Cause = Literal["rate", "pixels", "he", "skips", "unknown"]


def cause(settings: Settings) -> Cause:
    """What these settings make the likeliest reason for numbers that grow without end."""
    training, network = settings.training, settings.network
    deep = len(network.hidden) >= DEEP
    if training.learning_rate >= 10 * OPTIMIZERS[training.optimizer].usual_rate:
        return "rate"
    if settings.data.normalization == "none":
        return "pixels"
    wanted = ACTIVATIONS[network.activation].initializer
    if deep and initializer_for(network) == "he" and wanted != "he":
        return "he"
    if deep and network.residual and not network.batch_normalization:
        return "skips"
    return "unknown"


def diverged(settings: Settings, epoch: float) -> Diverged:
    """The error to raise in this epoch (from 0), with its likeliest cause and how to mend it."""
    training = settings.training
    number, written = int(epoch) + 1, parameter("learning_rate").write
    rate = written(training.learning_rate)
    match cause(settings):
        case "rate":
            return Diverged(
                N_(
                    "In epoch {epoch} the loss stopped being a number: something grew without end. A "
                    "learning rate of {rate} is probably too large; {usual} is usual for this "
                    "optimiser."
                ),
                epoch=number,
                rate=rate,
                usual=written(OPTIMIZERS[training.optimizer].usual_rate),
            )
        case "pixels":
            return Diverged(
                N_(
                    "In epoch {epoch} the loss stopped being a number: something grew without end. "
                    "Pixels from 0 to 255 are probably too large; normalise them, or choose a "
                    "learning rate far below {rate}."
                ),
                epoch=number,
                rate=rate,
            )
        case "he":
            return Diverged(
                N_(
                    "In epoch {epoch} the loss stopped being a number: something grew without end. He's "
                    "initial weights are probably too large for this activation in {depth} layers; choose "
                    "the initialiser that the activation wants."
                ),
                epoch=number,
                depth=len(settings.network.hidden),
            )
        case "skips":
            return Diverged(
                N_(
                    "In epoch {epoch} the loss stopped being a number: something grew without end. The sums "
                    "of the skip connections probably grew from layer to layer; add batch normalisation, or "
                    "choose a learning rate below {rate}."
                ),
                epoch=number,
                rate=rate,
            )
        case "unknown":
            return Diverged(
                N_(
                    "In epoch {epoch} the loss stopped being a number: something grew without end. Choose a "
                    "learning rate below {rate}, or limit the gradient."
                ),
                epoch=number,
                rate=rate,
            )
