"""A search for a learning rate: short runs of one experiment, and the rate that they suggest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.runs.progress import steps_per_epoch
from core.settings import MAXIMUM_EPOCHS, Settings
from core.study.sweep import Axis, Sweep

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Half powers of ten: every step is about threefold."""
RATE_STEPS = 160
"""Steps of each short run in the search for a rate: about an epoch of 5,000 images in batches of 32."""
RATE_LAYERS = 5
"""Hidden layers for which so many steps are enough. Deeper networks lie on a plateau first: with twenty
(the preset), no rate is off the guess line after 320 steps, one is after 480, and two are after 640."""
LONGER = 4
"""So many times the steps are tried where no rate gets off the guess line."""
NEARLY = 1.1
"""A loss up to so many times the lowest counts as just as good."""
OFF_THE_GUESS = 0.9
"""A network has begun to learn when its loss is below this share of what guessing costs."""


@dataclass(frozen=True)
class Suggestion:
    """A learning rate that a search suggests.

    Attributes:
        rate: the rate. loss: the validation loss it came to; lowest: the lowest of all.
        edge: "smallest" or "largest" when it is at an end of what was tried, so that there may be a better
            one beyond; None otherwise.
    """

    rate: float
    loss: float
    lowest: float
    edge: Literal["smallest", "largest"] | None


def search_steps(settings: Settings, *, longer: bool = False) -> int:
    """Steps of each run of a search: more for a deep network, and ``LONGER`` times as many if asked for."""
    depth = math.ceil(len(settings.network.hidden) / RATE_LAYERS)
    return RATE_STEPS * max(1, depth) * (LONGER if longer else 1)


def rate_search(settings: Settings, *, longer: bool = False) -> Sweep:
    """Ten short runs of the same experiment, from the same seed, each with its own learning rate.

    The usual range test raises the rate within one run. There the loss at a rate also tells what all the
    smaller rates before it have taught or spoilt. Runs of their own cost the same, answer exactly what is
    asked, and are runs like any other, to be opened and gone on with.
    """
    batch, steps = settings.training.batch_size, search_steps(settings, longer=longer)
    epochs = min(MAXIMUM_EPOCHS, math.ceil(steps / steps_per_epoch(settings.data.train, batch)))
    images = min(settings.data.train, math.ceil(steps / epochs) * batch)
    base = settings.change(train=images, epochs=epochs, learning_rate=RATES[0])
    return Sweep(base, Axis("learning_rate", RATES))


def suggest_rate(losses: Mapping[float, float], guessing: float) -> Suggestion | None:
    """The smallest rate that is nearly as good as the best one; None when none begins to learn.

    As good and further from where training breaks: short runs flatter large rates.

    Args:
        losses: rate → validation loss after the short run; runs that diverged have none.
        guessing: what guessing costs.
    """
    lowest = min(losses.values(), default=math.inf)
    if not lowest < OFF_THE_GUESS * guessing:
        return None
    rate = min(rate for rate, loss in losses.items() if loss <= NEARLY * lowest)
    ends: dict[float, Literal["smallest", "largest"]] = {RATES[0]: "smallest", RATES[-1]: "largest"}
    return Suggestion(rate, losses[rate], lowest, ends.get(rate))
