"""What a wrong answer costs, and how hard each loss pushes, in the simplest case.

The right digit gets the probability p and the nine others share the rest evenly. The push is the derivative
of the loss by the right digit's score (its weighted sum before the softmax), with the sign turned: how hard
training raises that score.
"""

from __future__ import annotations

import numpy as np

from core.choices.losses import LOSSES, Array, Labels
from core.settings import DIGITS


def loss(code: str, p: Array) -> Array:
    """What a loss of ``LOSSES`` makes of p in (0, 1], of any shape.

    Cross-entropy: −ln p, 2.303 = ln 10 for a mere guess. Squared error: the mean over the ten digits of
    (wanted − answered)², where 1 is wanted for the right digit and 0 for the others.
    """
    return LOSSES[code].values(*_answers(p)).reshape(np.shape(p))


def push(code: str, p: Array) -> Array:
    """How hard a loss of ``LOSSES`` pushes at p in (0, 1], of any shape.

    Cross-entropy: 1 − p, the surer the network is of something wrong, the harder. Squared error:
    2/9 · p · (1 − p)², almost nothing where the network is quite wrong, as p is small there.
    """
    return -LOSSES[code].gradient(*_answers(p))[:, 0].reshape(np.shape(p))


def _answers(p: Array) -> tuple[Array, Labels]:
    """Scores (n, 10) and labels (n,) of answers whose right digit is 0."""
    right = np.reshape(p, (-1, 1))
    others = np.repeat((1 - right) / (DIGITS - 1), DIGITS - 1, axis=1)
    with np.errstate(divide="ignore"):  # p = 1 leaves the others a score of minus infinity
        return np.log(np.hstack([right, others])), np.zeros(len(right), int)
