"""The witnesses: a few validation digits that a network is asked at every recorded point of its training.

Which they are follows from the split alone, so that all runs of one split can be held beside each other, and
a page shows the pictures that a worker asked. How they were answered takes three bytes a digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.dataset.split import Part
from core.settings import DIGITS, PIXELS

COUNT = 24
USUAL = 2
"""Of each digit, taken as they come."""
PIECE = 1_000


def witnesses(part: Part) -> NDArray[np.intp]:
    """The places in the validation part of its witnesses, by digit: 24, or all where there are fewer.

    Of each digit the first two images; then, each of another digit, those that look least like theirs, so
    that the last to be read right show what is hard. An image looks like a digit as far as it is nearer to
    the average of that digit's images in this part than to any other digit's (the nearest-mean classifier).
    The averages are compared by quotients of whole numbers below 2⁵³, so that no machine's rounding chooses
    others.
    """
    labels = part.labels
    hardest = np.argsort(_likeness(part), kind="stable")
    usual = np.concatenate([np.flatnonzero(labels == digit)[:USUAL] for digit in range(DIGITS)])
    hardest_each = hardest[np.sort(np.unique(labels[hardest], return_index=True)[1])]
    order = dict.fromkeys(np.concatenate([usual, hardest_each, hardest]).tolist())
    chosen = np.sort(np.array(list(order)[:COUNT], np.intp))
    return chosen[np.argsort(labels[chosen], kind="stable")]


def write_answers(probabilities: NDArray[Any], labels: NDArray[np.integer[Any]]) -> bytes | None:
    """Probabilities (n, 10) for images with these labels (n,), as they are kept: 3 n bytes.

    First the n digits that were answered, then the probability of each in whole percent, 0 to 100, then that
    of each digit that it is. None where one is no number: a network on its way to diverging answers nothing.
    """
    if not np.isfinite(probabilities).all():
        return None
    digits = probabilities.argmax(axis=1)
    shares = probabilities[np.arange(len(labels)), [digits, labels]]
    return np.vstack([digits, np.rint(100 * shares)]).astype(np.uint8).tobytes()


def _likeness(part: Part) -> NDArray[np.float64]:
    """(n,) how much farther each image is from other digits' nearest average than from its own digit's."""
    labels, rows = part.labels, np.arange(len(part))
    counts = np.bincount(labels, minlength=DIGITS)
    sums = np.zeros((DIGITS, PIXELS))
    for first in range(0, len(part), PIECE):
        piece = slice(first, first + PIECE)
        sums += np.eye(DIGITS)[labels[piece]].T @ _flat(part, piece)
    lengths = np.sum(sums**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):  # a digit that is not there is nobody's nearest
        apart = np.concatenate(
            [
                lengths / counts**2 - 2 * (_flat(part, slice(first, first + PIECE)) @ sums.T / counts)
                for first in range(0, len(part), PIECE)
            ]
        )
    own = apart[rows, labels]
    apart[:, counts == 0] = np.inf
    apart[rows, labels] = np.inf
    likeness: NDArray[np.float64] = apart.min(axis=1) - own
    return likeness


def _flat(part: Part, piece: slice) -> NDArray[np.float64]:
    return part.stretch(piece.start, piece.stop).reshape(-1, PIXELS).astype(np.float64)
