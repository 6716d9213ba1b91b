"""What it is worth to have trained with the class's own handwriting: two networks read the same drawings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

ENOUGH = 0.05
"""A chance below which luck in the choice of drawings is no good explanation."""


@dataclass(frozen=True)
class Gain:
    """Two networks on the same drawings.

    Attributes:
        count: drawings.
        taught, untaught: how many each read rightly.
        only_taught, only_untaught: how many one read rightly and the other not.
        chance: that a fair coin, thrown for each drawing that only one of them read, falls at least as
            unevenly: McNemar's exact test (McNemar, "Note on the sampling error of the difference between
            correlated proportions or percentages", Psychometrika 12, 1947). 1 where there is none.
    """

    count: int
    taught: int
    untaught: int
    only_taught: int
    only_untaught: int
    chance: float

    @property
    def points(self) -> float:
        """Percentage points by which the taught network reads more."""
        return 100 * (self.taught - self.untaught) / self.count

    @property
    def is_beyond_luck(self) -> bool:
        """Whether other drawings of the same hands would hardly have turned it round."""
        return self.chance < ENOUGH


def gain(taught: NDArray[np.bool_], untaught: NDArray[np.bool_]) -> Gain:
    """Compare two networks by which of the same (n,) drawings, n ≥ 1, each read rightly."""
    only_taught, only_untaught = int((taught & ~untaught).sum()), int((untaught & ~taught).sum())
    apart = only_taught + only_untaught
    # A fair coin is as uneven either way; scipy.stats' own test would cost a page's process 45 MB.
    chance = min(1.0, 2 * float(bdtr(min(only_taught, only_untaught), apart, 0.5)))
    return Gain(len(taught), int(taught.sum()), int(untaught.sum()), only_taught, only_untaught, chance)
