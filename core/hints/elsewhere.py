"""What hints are read from beside a run: an exam, two runs compared, a drawing; and what is found there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from core.hints.seen import ERRORS, error_of_difference
from core.hints.symptoms import Values
from core.reading.exam import beyond_luck

THIN, THICK = 1.25, 5.0
"""Strokes half and twice as wide as those that MNIST makes 2.5 wide in a box of 20."""
AWAY, TINY = 4.0, 10.0
"""Pixels of 28 by which a digit lies beside the middle; and its longer side, of which MNIST makes 20."""


@dataclass(frozen=True)
class ExamSeen:
    """An opened test set.

    Attributes:
        wrong, count: of the test images.
        validation_wrong, validation_count: of the validation images after the last whole epoch.
        examined: how many different networks this learner has examined.
    """

    wrong: int
    count: int
    validation_wrong: int
    validation_count: int
    examined: int


@dataclass(frozen=True)
class PairSeen:
    """Two runs side by side.

    Attributes:
        first, second: validation accuracy of each after the same epoch. images: how many validated both.
    """

    first: float
    second: float
    images: int


@dataclass(frozen=True)
class DrawingSeen:
    """A drawing as it came, before it was brought into MNIST's style.

    Attributes:
        stroke: width of its strokes, in pixels, if its longer side is 20.
        size: its longer side, away: how far its centre of mass is from the middle, both in pixels of 28.
    """

    stroke: float
    size: float
    away: float


def test_is_worse(exam: ExamSeen) -> Values | None:
    """It reads test images worse than validation images, by more than luck explains."""
    values = _accuracies(exam)
    return values if values["points"] > 0 and _is_beyond_luck(exam) else None


def test_differs_by_luck(exam: ExamSeen) -> Values | None:
    """Test and validation differ, by no more than luck explains."""
    values = _accuracies(exam)
    return values if values["points"] and not _is_beyond_luck(exam) else None


def tuned_on_the_test(exam: ExamSeen) -> Values | None:
    """Several networks were examined: the best of them is best by some luck.

    The largest of k independent figures that differ by luck alone lies ndtri((k - 3/8) / (k + 1/4)) standard
    errors above their mean (G. Blom, Statistical Estimates and Transformed Beta-Variables, 1958). That is the
    worst case: all networks sit the same test images, so their figures rise and fall together, and with a
    correlation r between any two of them the best is ahead by the root of 1 - r times as much.
    """
    if exam.examined < 2:
        return None
    share = exam.wrong / exam.count
    error = math.sqrt(share * (1 - share) / exam.count)
    lift = float(ndtri((exam.examined - 0.375) / (exam.examined + 0.25)))
    return {"count": exam.examined, "points": 100 * lift * error}


def too_small_to_tell(pair: PairSeen) -> Values | None:
    """They differ by less than other validation images would move them."""
    error = error_of_difference(pair.first, pair.second, pair.images)
    points = abs(pair.first - pair.second)
    if points > ERRORS * error:
        return None
    return {"points": 100 * points, "error": 100 * error, "images": pair.images}


def odd_thickness(drawing: DrawingSeen) -> Values | None:
    """Its strokes are half or twice as wide as MNIST's, or less or more."""
    return None if THIN < drawing.stroke < THICK else {"stroke": drawing.stroke}


def odd_place(drawing: DrawingSeen) -> Values | None:
    """It is small, or lies beside the middle."""
    if drawing.away < AWAY and drawing.size > TINY:
        return None
    return {"away": drawing.away, "size": drawing.size}


def _accuracies(exam: ExamSeen) -> Values:
    test, validation = (
        1 - exam.wrong / exam.count,
        1 - exam.validation_wrong / exam.validation_count,
    )
    return {"test": test, "validation": validation, "points": 100 * (validation - test)}


def _is_beyond_luck(exam: ExamSeen) -> bool:
    return beyond_luck(exam.wrong, exam.count, exam.validation_wrong, exam.validation_count)
