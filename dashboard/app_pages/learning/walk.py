"""The steps a learner took by hand: each goes on from the weights that the one before it left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.reading.batch import Weights
from core.theory.one_step import BATCH, OneStep
from dashboard.frame import resources, session
from dashboard.frame.sharing import shared
from dashboard.reading.readers import Reader

MOST = 20
"""Steps taken by hand; each is computed again from the first when it was forgotten."""
_KEY = "learning-rates"

Rates = tuple[float, ...]


@dataclass(frozen=True)
class Batch:
    """The images (n, 28, 28) uint8 of a step, and their labels (n,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def taken(reader: Reader) -> Rates:
    """The rate of each step taken by hand from this network's weights."""
    key, rates = session.kept(_KEY, ("", ()))
    return rates if key == reader.key else ()


def take(reader: Reader, rates: Rates) -> None:
    """Keep which steps were taken; () begins again."""
    session.keep(_KEY, (reader.key, rates))


def batch(reader: Reader, number: int) -> Batch:
    """The batch of step ``number``, from 0, of the epoch that comes next, in the order training draws."""
    train = resources.parts(reader.settings.data).train
    run = reader.run
    epoch = run.weights_epoch if run else reader.settings.training.epochs
    order = np.random.default_rng([reader.settings.training.seed, epoch]).permutation(len(train))
    rows = order[number * BATCH : (number + 1) * BATCH]
    return Batch(train.pick(rows), train.labels[rows])


def at(reader: Reader, rates: Rates) -> OneStep:
    """The step that comes next after those of these rates."""
    these = batch(reader, len(rates))
    return OneStep(
        reader.settings.network,
        _weights(reader, rates),
        reader.network.normalization,
        these.images,
        these.labels,
        loss=reader.settings.training.loss,
    )


def _nbytes(weights: Weights) -> int:
    return sum(value.nbytes for value in weights.values())


@shared(32, size=_nbytes, key=lambda reader, rates: (reader.key, rates))
def _weights(reader: Reader, rates: Rates) -> Weights:
    if not rates:
        return reader.network.weights
    after = at(reader, rates[:-1]).updated(rates[-1])
    return {name: value.astype(np.float32) for name, value in after.items()}
