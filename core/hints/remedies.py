"""Experiments that differ in one setting from one that went badly."""

from __future__ import annotations

import math

from core.architecture.first_weights import initializer_for
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING
from core.choices.optimizers import OPTIMIZERS
from core.runs.progress import steps_per_epoch
from core.settings import DEFAULT, MAXIMUM_EPOCHS, TRAINING_IMAGES, Settings

FAST = 3.0
"""How many times the usual a step may be, or how many times shorter, without being blamed."""
ADAPTIVE = ("rmsprop", "adam", "nadam")
"""Optimisers that divide a gradient by its own size: their steps do not grow with it."""
SQUARES = {"none": 7_286.0, "min-max": 0.112, "z-score": 1.0}
"""Mean square of MNIST's pixels, normalised: mean 33.3 and deviation 78.6 make 33.3² + 78.6² without."""
SIZES = {"none": 33.3, "min-max": 0.131, "z-score": 0.68}
"""Mean size of the same."""
MORE_IMAGES = 5
"""How many times as many images are proposed to a run that has few."""
WIDE_ENOUGH = 64
"""Units of a hidden layer that are proposed where there are too few."""
L2, SHIFT = 0.001, 2.0
"""Against overfitting: a pull ten times the sidebar's usual one, for few images; pixels. Dropout is none:
with 500 images it helped in too few of the experiments that were trained to promise it."""
BORNE, CARRIED = 30.0, 10.0
"""How many times the usual rate batch normalisation was shown to bear, with steps that momentum carries on:
BN-x30 (Ioffe and Szegedy, ICML 2015). And how long a momentum of 0.9 makes a step: 1 / (1 - 0.9)."""
SPARE_STEPS = 500
"""Steps below which the number of steps itself is what a run lacks."""


def usual_rate(settings: Settings) -> float:
    """The rate at which its optimiser is usually begun."""
    return OPTIMIZERS[settings.training.optimizer].usual_rate


def pace(settings: Settings) -> float:
    """How far a first step moves the sums of the first layer, beside a usual rate on normalised images.

    A step changes a weight by rate · input · error, and with it the sum by rate · input² · error: sums move
    with the mean square of the inputs. An optimiser that divides the gradient by its own size changes a
    weight by the rate whatever the input is, and the sum by rate · |input|. Batch normalisation makes the
    scale of the inputs immaterial.
    """
    rate = settings.training.learning_rate / usual_rate(settings)
    if settings.network.batch_normalization and settings.network.hidden:
        return rate
    sizes = SIZES if settings.training.optimizer in ADAPTIVE else SQUARES
    return rate * sizes[settings.data.normalization] / sizes["z-score"]


def is_too_fast(settings: Settings) -> bool:
    """Whether steps are much longer than usual ones."""
    return pace(settings) > FAST


def is_too_slow(settings: Settings) -> bool:
    """Whether steps are much shorter than usual ones."""
    return pace(settings) < 1 / FAST


def is_paced(settings: Settings) -> bool:
    """Whether steps are about as long as usual ones."""
    return not is_too_fast(settings) and not is_too_slow(settings)


def at_usual_rate(settings: Settings) -> Settings:
    """The same at the usual rate of its optimiser."""
    return settings.change(learning_rate=usual_rate(settings))


def at_lower_rate(settings: Settings) -> Settings:
    """The same at a lower rate: in the middle between its own and the usual one where it is high, in powers.

    A rate at which the loss jumps does learn; the usual one may be much slower. Where a rate is not high, a
    third of it.
    """
    own, usual = settings.training.learning_rate, usual_rate(settings)
    return settings.change(learning_rate=_rounded(math.sqrt(own * usual) if own > FAST * usual else own / 3))


def _rounded(rate: float) -> float:
    """To one digit, as a person would choose it."""
    return float(f"{rate:.0e}")


def normalized(settings: Settings) -> Settings:
    """The same with mean 0 and deviation 1."""
    return settings.change(normalization=DEFAULT.data.normalization)


def batch_normalized(settings: Settings) -> Settings:
    """The same with batch normalisation."""
    return settings.change(batch_normalization=True)


def fittingly_started(settings: Settings) -> Settings:
    """The same with the first weights that its activation wants."""
    return settings.change(initializer=FITTING)


def strengthened(settings: Settings) -> Settings:
    """The same with the first weights that its activation wants; where it has them, batch normalisation."""
    return fittingly_started(settings) if wants_other_start(settings) else batch_normalized(settings)


def bent(settings: Settings) -> Settings:
    """The same with the default's activation."""
    return settings.change(activation=DEFAULT.network.activation)


def clipped(settings: Settings) -> Settings:
    """The same with gradients no longer than 1."""
    return settings.change(gradient_clipping=1.0)


def usually_batched(settings: Settings) -> Settings:
    """The same with the default's batch size."""
    return settings.change(batch_size=DEFAULT.training.batch_size)


def widened(settings: Settings) -> Settings:
    """The same with no hidden layer narrower than ``WIDE_ENOUGH``; with one where there is none."""
    hidden = tuple(max(width, WIDE_ENOUGH) for width in settings.network.hidden)
    return settings.change(hidden=hidden or (WIDE_ENOUGH,))


def with_more_images(settings: Settings) -> Settings:
    """The same with more training images, as far as there are."""
    data = settings.data
    return settings.change(train=min(MORE_IMAGES * data.train, TRAINING_IMAGES - data.validation))


def longer(settings: Settings) -> Settings:
    """The same for twice as many epochs."""
    return settings.change(epochs=min(2 * settings.training.epochs, MAXIMUM_EPOCHS))


def long_enough(settings: Settings) -> Settings:
    """The same for so many epochs that steps are not what it lacks, as far as epochs go."""
    steps = steps_per_epoch(settings.data.train, settings.training.batch_size)
    return settings.change(epochs=min(math.ceil(SPARE_STEPS / steps), MAXIMUM_EPOCHS))


def until_best(settings: Settings, epoch: int) -> Settings:
    """The same, ended after its best epoch."""
    return settings.change(epochs=epoch)


def with_l2(settings: Settings) -> Settings:
    """The same with a pull on each weight towards 0."""
    return settings.change(l2=L2)


def with_shifts(settings: Settings) -> Settings:
    """The same with images moved at random."""
    return settings.change(shift=SHIFT)


def without_l2(settings: Settings) -> Settings:
    """The same without a pull on the weights."""
    return settings.change(l2=DEFAULT.training.l2)


def calmed(settings: Settings) -> Settings:
    """The same with the one change after which steps are no longer than usual.

    Where two things lengthen them, batch normalisation bears it up to a rate; beyond, the rate has to make up
    for both. Where nothing lengthens them, batch normalisation frees a layer that lets nothing pass; where it
    is there already, a lower rate.
    """
    if is_too_fast(settings):
        for change in (at_usual_rate, normalized):
            if not is_too_fast(change(settings)):
                return change(settings)
        return batch_normalized(settings) if _is_borne(settings) else paced(settings)
    if settings.network.batch_normalization or not settings.network.hidden:
        return at_lower_rate(settings)
    return batch_normalized(settings)


def paced(settings: Settings) -> Settings:
    """The same at the highest rate at which its steps are not much longer than usual, whatever its images."""
    return settings.change(learning_rate=_rounded(FAST * settings.training.learning_rate / pace(settings)))


def _is_borne(settings: Settings) -> bool:
    if not settings.network.hidden:
        return False
    borne = BORNE if settings.training.optimizer == "momentum" else CARRIED * BORNE
    return pace(batch_normalized(settings)) <= borne


def wants_other_start(settings: Settings) -> bool:
    """Whether another initialiser than the chosen one is usual for its activation."""
    network = settings.network
    return bool(network.hidden) and initializer_for(network) != ACTIVATIONS[network.activation].initializer
