"""Reads what ``core.dataset.witnesses`` keeps of answers, as the lab's pages do in a browser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def read_answers(kept: bytes) -> NDArray[np.uint8]:
    """(3, n): the digits answered, the percent for each, and the percent for each digit that it is."""
    return np.frombuffer(kept, np.uint8).reshape(3, -1)
