"""What a network's ten probabilities say in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, LabError
from core.settings import DIGITS

CLOSE = 0.10
"""A lead of the likeliest digit over the next, below which the network is not sure.

With the shipped network, 0.05 and 0.10 leave the most validation scribbles without an answer where equally
many drawn validation digits lose theirs (``core.reading.rejection``): 88 and 87 %, against 83 % with 0.15.
"""


class NoAnswer(LabError):
    """The network's numbers are broken, so it has no answer."""


@dataclass(frozen=True)
class Answer:
    """The likeliest digit and the next.

    Attributes:
        digit, second: 0 to 9.
        probability, second_probability: of the two.
        sure: whether the first leads by at least ``CLOSE``.
    """

    digit: int
    second: int
    probability: float
    second_probability: float

    @property
    def sure(self) -> bool:
        """Whether the likeliest digit leads clearly."""
        return self.probability - self.second_probability >= CLOSE


def answer(probabilities: NDArray[np.floating]) -> Answer:
    """Read (10,) probabilities. Raises NoAnswer for NaN, which broken weights give."""
    if probabilities.shape != (DIGITS,) or not np.isfinite(probabilities).all():
        raise NoAnswer(N_("This network's weights are broken; it has no answer. Train it again."))
    second, digit = (int(place) for place in np.argsort(probabilities, kind="stable")[-2:])
    return Answer(digit, second, float(probabilities[digit]), float(probabilities[second]))
