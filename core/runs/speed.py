"""What decides how long a step takes, and how much there is to do in one: to tell a run's time beforehand.

The constants were fitted to processor times of the lab's own steps; ``tests/unit/core/runs/test_speed.py``
has them. They are ratios, so that another machine changes nothing but the time that one multiplication takes.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from core.architecture.plan import layers
from core.runs.progress import POINTS_PER_EPOCH, steps_per_epoch
from core.settings import Settings

TRAINING = 3.0
"""Times that an image goes through the network in a step: forward, and back to inputs and to weights."""
VALIDATING = 1.5
"""The same when it validates: only forward, but not compiled whole."""
POINT = 500.0
"""Images whose way forward takes as long as recording a point."""
LAYER = 1e6
"""Multiplications that take as long as a layer's operations take to begin."""
STEP = 4
"""Layers that take as long to begin as what a step does beside: batch, loss, sums."""


def kind(settings: Settings) -> Hashable:
    """What runs have in common that take as long for the same work."""
    network = {**vars(settings.network), "initializer": None}  # not made anew: it may be of a wider lab
    training = settings.training
    return *network.values(), training.batch_size, training.optimizer, training.loss


@lru_cache(maxsize=4096)
def work(settings: Settings) -> float:
    """How much a step of these settings has to do, validation and record included, in multiplications."""
    plan = layers(settings.network)
    multiplications = sum(
        layer.input_width * layer.width for layer in plan if layer.kind in ("dense", "output")
    )
    batch = min(settings.training.batch_size, settings.data.train)
    steps = steps_per_epoch(settings.data.train, batch)
    points = min(POINTS_PER_EPOCH, steps)
    images = TRAINING * batch + (VALIDATING * settings.data.validation + POINT * points) / steps
    return multiplications * images + LAYER * (len(plan) + STEP)
