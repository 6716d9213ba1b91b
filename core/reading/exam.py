"""One exam of a network: its answers to labelled images and what they come to, small enough to be kept.

Kept, not recomputed: the same weights give the same answers, and a look at the sealed test set stays what it
was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from core.errors import N_, LabError
from core.reading.evaluation import Z_95, Evaluation, evaluate, surest_mistakes
from core.reading.trained_network import TrainedNetwork

MOST_MISTAKES = 60
"""Of the surest mistakes that are kept with their probability."""


class DamagedExam(LabError):
    """A kept exam is not what was written."""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer: place of the image, and the probability the network gave to its answer."""

    place: int
    probability: float


@dataclass(frozen=True)
class Exam:
    """What a network answered.

    Attributes:
        result: loss, accuracy, counts, interval and confusion matrix.
        answers: (n,) uint8, the likeliest digit for each image.
        surest: the surest mistakes first, at most ``MOST_MISTAKES``.
        on_training: how many of how many of its own training images the same weights read right; None where
            that was not asked.
    """

    result: Evaluation
    answers: NDArray[np.uint8]
    surest: tuple[Mistake, ...]
    on_training: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """Numbers, lists and one string of digits, for the store."""
        return {
            "loss": self.result.loss,
            "accuracy": self.result.accuracy,
            "wrong": self.result.wrong,
            "count": self.result.count,
            "interval": list(self.result.interval),
            "confusion": self.result.confusion.tolist(),
            "answers": "".join(str(digit) for digit in self.answers),
            "surest": [[mistake.place, mistake.probability] for mistake in self.surest],
            "on_training": self.on_training and list(self.on_training),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Exam:
        """Read what ``to_json`` gave. Raises DamagedExam for anything else."""
        try:
            low, high = kept["interval"]
            return cls(
                Evaluation(
                    loss=float(kept["loss"]),
                    accuracy=float(kept["accuracy"]),
                    wrong=int(kept["wrong"]),
                    count=int(kept["count"]),
                    interval=(float(low), float(high)),
                    confusion=np.array(kept["confusion"], np.int64).reshape(10, 10),
                ),
                np.array([int(digit) for digit in kept["answers"]], np.uint8),
                tuple(Mistake(int(place), float(probability)) for place, probability in kept["surest"]),
                _read_share(kept.get("on_training")),  # exams kept by an older lab lack it
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise DamagedExam(N_("This kept exam cannot be read. Open the test set again.")) from error


def _read_share(kept: Any) -> tuple[int, int] | None:
    if kept is None:
        return None
    right, count = kept
    return int(right), int(count)


def read_right(
    network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[int, int]:
    """How many of (n, 28, 28) images with labels (n,) a network reads right, and n."""
    return int((network.scores(images).argmax(axis=1) == labels).sum()), len(labels)


def sit(network: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.uint8], loss: str) -> Exam:
    """Examine a network on images (n, 28, 28) with their labels (n,).

    Args:
        loss: the one it was trained with, a code of ``LOSSES``.
    """
    scores = network.scores(images)
    probabilities = softmax(scores, axis=1)
    mistakes = surest_mistakes(probabilities, labels, MOST_MISTAKES)
    return Exam(
        evaluate(scores, labels, loss),
        probabilities.argmax(axis=1).astype(np.uint8),
        tuple(Mistake(int(place), float(probabilities[place].max())) for place in mistakes),
    )


def beyond_luck(wrong: int, count: int, other_wrong: int, other_count: int) -> bool:
    """Whether two shares of wrong answers differ by more than chance does in 19 of 20 cases.

    The two-proportion z-test: both shares are taken for one, and |difference| > 1.96 standard errors.
    """
    pooled = (wrong + other_wrong) / (count + other_count)
    error = math.sqrt(pooled * (1 - pooled) * (1 / count + 1 / other_count))
    return abs(wrong / count - other_wrong / other_count) > Z_95 * error
