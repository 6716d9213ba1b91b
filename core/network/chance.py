"""Chance within a training step: a pure function of seed, epoch, step and place.

Nothing is drawn from a generator that moves on, so that it does not matter which steps one call does, and
whether a run was killed, took turns, or is somebody else's, too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

ALGORITHM = "philox"
"""Of the numbers (Salmon et al. 2011); TensorFlow would choose by the machine's devices."""


def of_epoch(seed: int, epoch: int) -> NDArray[np.int32]:
    """(2,) int32 from which all chance in the steps of an epoch follows; ``epoch`` counts from 0.

    The order of the images comes from a generator with the same two numbers; this is another stream of
    theirs.
    """
    return np.random.SeedSequence([seed, epoch], spawn_key=(1,)).generate_state(2, np.uint32).view(np.int32)


def fold_in(chance: Any, number: Any) -> Any:
    """(2,) int32: the chance of one of several things that have this one in common."""
    return tf.random.experimental.stateless_fold_in(chance, number, alg=ALGORITHM)


def drop(values: Any, share: float, chance: Any) -> Any:
    """The values with a share of them set to 0; the others grow by 1 / (1 - share), as in Keras."""
    return tf.nn.experimental.stateless_dropout(values, share, chance, rng_alg=ALGORITHM)


def between(most: float, count: int, chance: Any) -> Any:
    """(count,) float32, evenly from -most to most."""
    return tf.random.stateless_uniform([count], chance, -most, most, alg=ALGORITHM)
