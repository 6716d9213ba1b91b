"""What a network scores that has learnt nothing: the line every curve is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.choices.losses import LOSSES
from core.settings import DIGITS


@dataclass(frozen=True)
class Guessing:
    """What a network scores that has learnt nothing.

    ``loss``: of giving every digit the same probability. ``accuracy``: share of the commonest digit, which is
    what always answering it scores; ``digit`` is that digit.
    """

    loss: float
    accuracy: float
    digit: int


def guessing(labels: NDArray[np.integer[Any]], loss: str) -> Guessing:
    """What guessing scores on images with these labels (n,), n > 0, by a loss of ``LOSSES``."""
    counts = np.bincount(labels, minlength=DIGITS)
    commonest = int(counts.argmax())
    even = np.zeros((1, DIGITS))  # equal scores: as dear whatever the digit is
    return Guessing(
        float(LOSSES[loss].values(even, np.array([0]))[0]), float(counts[commonest] / len(labels)), commonest
    )
