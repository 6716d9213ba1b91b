"""What can be seen of a run that goes badly, or well: by its curve alone, whatever its settings are.

Each function gives the numbers that belong into the sentence, or None where it does not hold. That a symptom
is gone after a change is what a hint is judged by, so none of them looks at the settings that hints change.
"""

from __future__ import annotations

import math
from typing import Any

from core.hints.seen import ERRORS, Seen, error_of_difference

Values = dict[str, Any]

LEFT = 0.97
"""Share of the guess line's loss above which nothing was learnt; one epoch of the report's twenty layers
comes to 0.87 of it."""
GAINING = 0.02
"""Part of the validation loss that the last epoch must have taken off for more epochs to promise much."""
RISEN, PATIENCE = 1.10, 2
"""How many times its best the validation loss must be, so many epochs after it, to be called overfitting; and
by how much it must rise from one epoch to the next to be called a jump."""
HALF = 0.5
"""Of the guess line's loss: a run that ends above has a long way to go."""
POOR = 0.93
"""Accuracy on its own training images below which a network is too small for them: softmax regression, one
layer without hidden ones, comes to 0.92 of MNIST (LeCun et al., Proceedings of the IEEE 86, 1998)."""
WIDE_GAP = 0.05
"""By how much training accuracy exceeds validation's before more images are worth a word."""


def diverged(seen: Seen) -> Values | None:
    """Its numbers left the range of numbers."""
    return {"epoch": seen.epochs + 1} if seen.status == "diverged" else None


def stuck(seen: Seen) -> Values | None:
    """It reads no more than a guesser with some luck, at a loss no lower than guessing costs."""
    if not seen.epochs or seen.status == "diverged":
        return None
    luck = ERRORS * math.sqrt(seen.guess_accuracy * (1 - seen.guess_accuracy) / seen.images)
    has_learnt = seen.accuracy > seen.guess_accuracy + luck or seen.losses[-1] < LEFT * seen.guess_loss
    return None if has_learnt else {"accuracy": seen.accuracy, "guess": seen.guess_accuracy}


def in_trouble(seen: Seen) -> bool:
    """Whether it diverged or is stuck: something must change before more training helps."""
    return diverged(seen) is not None or stuck(seen) is not None


def learning(seen: Seen) -> Values | None:
    """It has left the guess line: after an epoch by its validation, before that by its training loss."""
    if seen.epochs:
        return None if in_trouble(seen) else {"accuracy": seen.accuracy}
    losses = seen.points["loss"].dropna()
    left = len(losses) and losses.iloc[-1] < LEFT * seen.guess_loss
    return {"loss": float(losses.iloc[-1])} if left and seen.status != "diverged" else None


def jumping(seen: Seen) -> Values | None:
    """Its validation loss rose by a jump at least twice, and fell again after one: up and down, no trend.

    One of the jumps is in the second half: first epochs often jump before a network finds its way.
    """
    if learning(seen) is None or seen.epochs < 4:
        return None
    steps = seen.losses[1:] / seen.losses[:-1]
    rises = steps >= RISEN
    fell_again = rises[:-1] & (steps[1:] <= 1 / RISEN)
    if rises.sum() < 2 or not fell_again.any() or not rises[len(rises) // 2 :].any():
        return None
    return {"rises": int(rises.sum()), "epochs": len(steps), "largest": float(steps.max())}


def overfitting(seen: Seen) -> Values | None:
    """Since its best epoch validation loss rose while training loss fell: a gap opened, nothing was won."""
    if learning(seen) is None or jumping(seen) is not None or seen.epochs <= PATIENCE or not _has_gap(seen):
        return None
    losses, trained = seen.losses, seen.training_losses
    best, last = int(losses.argmin()), len(losses) - 1
    rises = losses[last] >= RISEN * losses[best] and trained[last] < trained[best]
    won = seen.accuracy - float(seen.accuracies[best])
    if not rises or last - best < PATIENCE or seen.training_accuracy < POOR or won > _validation_luck(seen):
        return None
    return {
        "best_epoch": best + 1,
        "best": float(losses[best]),
        "last": float(losses[last]),
        "gap": seen.training_accuracy - seen.accuracy,
    }


def slow(seen: Seen) -> Values | None:
    """It learns, and has ended with most of the way still before it."""
    if not _ended_learning(seen) or seen.losses[-1] <= HALF * seen.guess_loss:
        return None
    return {"loss": float(seen.losses[-1]), "guess_loss": seen.guess_loss, "accuracy": seen.accuracy}


def poor(seen: Seen) -> Values | None:
    """It reads even its own training images badly, and no others better."""
    if not _ended_learning(seen) or max(seen.training_accuracy, seen.accuracy) >= POOR:
        return None
    return {"training": seen.training_accuracy, "accuracy": seen.accuracy}


def underfitting(seen: Seen) -> Values | None:
    """It reads even its own training images badly, no much better than others, and gets no better."""
    return None if gap(seen) is not None or improving(seen) is not None else poor(seen)


def gap(seen: Seen) -> Values | None:
    """It reads its training images much better than others, by more than luck explains."""
    training, accuracy = (seen.training_accuracy, seen.accuracy) if seen.epochs else (0.0, 0.0)
    if not _ended_learning(seen) or training - accuracy < WIDE_GAP or not _has_gap(seen):
        return None
    return {"training": training, "accuracy": accuracy, "gap": training - accuracy}


def reversed_gap(seen: Seen) -> Values | None:
    """It reads validation images better than its training images, by more than luck explains."""
    if learning(seen) is None or not seen.epochs:
        return None
    training, accuracy = seen.training_accuracy, seen.accuracy
    return {"training": training, "accuracy": accuracy} if accuracy - training > _luck(seen) else None


def improving(seen: Seen) -> Values | None:
    """The second half of its epochs brought more than luck explains twice over, and the last one its part.

    Learning curves bend: a doubling of the epochs brings about half of what the doubling before it brought.
    A gap that has opened says that what is still learnt holds for the training images only.
    """
    if not _ended_learning(seen) or gain(seen) < GAINING or gap(seen) is not None:
        return None
    if seen.epochs > 1 and _half_gain(seen) <= 2 * _validation_luck(seen):
        return None
    return {"gain": gain(seen), "accuracy": seen.accuracy}


def levelled_off(seen: Seen) -> Values | None:
    """It came most of the way, and the second half of its epochs brought no more than luck explains."""
    if (
        not _ended_learning(seen)
        or slow(seen) is not None
        or seen.epochs < 2
        or _half_gain(seen) > _validation_luck(seen)
    ):
        return None
    return {"half": seen.epochs // 2, "points": 100 * _half_gain(seen), "accuracy": seen.accuracy}


def done_well(seen: Seen) -> Values | None:
    """It has ended far below the guess line, without jumps, overfitting or a wide gap."""
    if not _ended_learning(seen) or slow(seen) is not None or poor(seen) is not None:
        return None
    flaws = (jumping(seen), overfitting(seen), gap(seen))
    return None if any(flaw is not None for flaw in flaws) else {"accuracy": seen.accuracy}


def gain(seen: Seen) -> float:
    """Which part of the validation loss the last epoch took off; 1 for the first. Negative where it rose."""
    losses = seen.losses
    return float(1 - losses[-1] / losses[-2]) if len(losses) > 1 else 1.0


def _half_gain(seen: Seen) -> float:
    """By how much validation accuracy rose in the second half of the epochs."""
    return seen.accuracy - float(seen.accuracies[seen.epochs // 2 - 1])


def _validation_luck(seen: Seen) -> float:
    """By how much two validation accuracies like the last one may differ by chance."""
    return ERRORS * error_of_difference(seen.accuracy, seen.accuracy, seen.images)


def _has_gap(seen: Seen) -> bool:
    """Whether training accuracy exceeds validation's by more than luck explains."""
    return seen.training_accuracy - seen.accuracy > _luck(seen)


def _luck(seen: Seen) -> float:
    """By how much training and validation accuracy may differ by chance."""
    fewer = min(seen.images, seen.settings.data.train)
    return ERRORS * error_of_difference(seen.training_accuracy, seen.accuracy, fewer)


def _ended_learning(seen: Seen) -> bool:
    return seen.has_ended and seen.epochs > 0 and not in_trouble(seen)
