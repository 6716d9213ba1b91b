"""The optimisers: how a gradient becomes a step, one row for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import N_


@dataclass(frozen=True)
class Optimizer:
    """One optimiser.

    ``keras_class`` is its name in ``keras.optimizers``, ``arguments`` what it is made with beside the
    learning rate and the clipping. ``usual_rate``: the rate its Keras class takes when nobody names one.
    """

    code: str
    name: str
    help: str
    keras_class: str
    usual_rate: float
    arguments: Mapping[str, float] = field(default_factory=dict)


_ROWS = (
    Optimizer(
        code="sgd",
        name=N_("SGD"),
        help=N_("Stochastic gradient descent: a step is the rate times the gradient of one batch."),
        keras_class="SGD",
        usual_rate=0.01,
    ),
    Optimizer(
        code="momentum",
        name=N_("SGD with momentum"),
        help=N_("Each step keeps nine tenths of the step before, so that steps in one direction add up."),
        keras_class="SGD",
        usual_rate=0.01,
        arguments={"momentum": 0.9},
    ),
    Optimizer(
        code="rmsprop",
        name=N_("RMSprop"),
        help=N_(
            "Divides the gradient of each weight by its own recent size, so that all weights move by "
            "about the rate."
        ),
        keras_class="RMSprop",
        usual_rate=0.001,
    ),
    Optimizer(
        code="adam",
        name=N_("Adam"),
        help=N_("RMSprop with momentum, and corrected for its first steps (Kingma and Ba 2015)."),
        keras_class="Adam",
        usual_rate=0.001,
    ),
    Optimizer(
        code="nadam",
        name=N_("Nadam"),
        help=N_("Adam whose momentum looks one step ahead, as Nesterov's does (Dozat 2016)."),
        keras_class="Nadam",
        usual_rate=0.001,
    ),
)

OPTIMIZERS: Mapping[str, Optimizer] = {row.code: row for row in _ROWS}
"""Code → row, in the order in which they are offered. Usual rates: Keras 3, https://keras.io/api/optimizers.

A rate means something else to each of them: SGD multiplies the gradient by it, so that steps are as small as
gradients are; RMSprop, Adam and Nadam divide the gradient by its own recent size first.
"""
