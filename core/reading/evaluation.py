"""How well a network reads: from its scores and the true digits to figures, with the reach of luck."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.choices.losses import LOSSES
from core.errors import N_, LabError
from core.settings import DIGITS

Z_95 = 1.959963984540054
"""A normal variable stays within this many standard deviations in 95 % of cases."""


class NothingToEvaluate(LabError):
    """There are no answers, they do not fit the labels, or they are broken."""


@dataclass(frozen=True)
class Evaluation:
    """What a network's answers come to.

    Attributes:
        loss: mean over the images, of the kind the network was trained with.
        accuracy: share of right answers; wrong and count say the same in images.
        interval: 95 % interval of the true accuracy: the share of all images like these that would be
            read right (``wilson``). The figure of the next exam varies more (``next_accuracy``).
        confusion: (10, 10) int64; rows are the true digits, columns the answers.
    """

    loss: float
    accuracy: float
    wrong: int
    count: int
    interval: tuple[float, float]
    confusion: NDArray[np.int64]


def evaluate(
    scores: NDArray[np.floating], labels: NDArray[np.integer], loss: str = "cross-entropy"
) -> Evaluation:
    """Judge scores (n, 10), the weighted sums before the softmax, by labels (n,) from 0 to 9.

    The loss comes from the scores, as in training: a rounded probability of 0 would have to be cut off
    somewhere before its logarithm is taken, and a network that is sure of something wrong would look better.

    Args:
        loss: a code of ``LOSSES``.

    Raises:
        NothingToEvaluate: n is 0, the shapes differ, or a score is not a finite number.
    """
    if scores.shape != (len(labels), DIGITS) or not len(labels):
        raise NothingToEvaluate(
            N_("There are answers of shape {answers} for {labels} labels. Expected ten scores for each."),
            answers=scores.shape,
            labels=len(labels),
        )
    if not np.isfinite(scores).all():
        raise NothingToEvaluate(N_("This network's weights are broken; it has no answers. Train it again."))
    answers = scores.argmax(axis=1)
    right = int((answers == labels).sum())
    confusion = np.bincount(labels.astype(np.int64) * DIGITS + answers, minlength=DIGITS**2)
    return Evaluation(
        loss=float(LOSSES[loss].values(scores.astype(np.float64), labels).mean()),
        accuracy=right / len(labels),
        wrong=len(labels) - right,
        count=len(labels),
        interval=wilson(right, len(labels)),
        confusion=confusion.reshape(DIGITS, DIGITS),
    )


def wilson(right: int, count: int) -> tuple[float, float]:
    """Where the true accuracy lies, of which ``right`` of ``count`` images are a sample: a 95 % interval.

    In 19 of 20 exams such an interval holds the share that the network would read right of all images like
    these (E. Wilson, Journal of the American Statistical Association 22, 1927).
    """
    return _interval(right, count, 1.0, 1 / count)


def next_accuracy(right: int, count: int, following: int) -> tuple[float, float]:
    """Where the share of the next ``following`` images lies, after ``right`` of ``count``: a 95 % interval.

    In 19 of 20 pairs of exams it holds what the second comes to. Both exams have their share of luck, so
    with as many images it is √2 times as wide as that of the true accuracy. It holds every share that
    ``exam.beyond_luck`` would not tell from the first (the joint sampling interval of K. Krishnamoorthy and
    J. Peng, Journal of Statistical Planning and Inference 141, 2011).
    """
    low, high = _interval(right, count, following / (count + following), 1 / count + 1 / following)
    return max(0.0, low), min(1.0, high)


def _interval(right: int, count: int, weight: float, variance: float) -> tuple[float, float]:
    """Shares q with (q − p)² ≤ z² · variance · m (1 − m), where p = right / count, m = p + weight · (q − p).

    m is the share in which both are thought to agree: q itself for a true accuracy, the two exams taken
    together for the next one.
    """
    share, squared = right / count, Z_95**2 * variance
    # A quadratic in q − p: a (q − p)² − 2 b (q − p) − c ≤ 0.
    a = 1 + squared * weight**2
    b = squared * weight * (1 - 2 * share) / 2
    c = squared * share * (1 - share)
    half = math.sqrt(b**2 + a * c)
    return share + (b - half) / a, share + (b + half) / a


def surest_mistakes(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], n: int
) -> NDArray[np.intp]:
    """Places of at most ``n`` wrong answers, the one given the highest probability first."""
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:n]


def confused(
    labels: NDArray[np.integer], predictions: NDArray[np.integer], true: int, predicted: int
) -> NDArray[np.intp]:
    """Places of the images of one digit that were taken for another (or for itself)."""
    return np.flatnonzero((labels == true) & (predictions == predicted))
