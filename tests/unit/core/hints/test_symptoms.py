"""What is seen of a curve: each symptom where it holds, and silence where it only nearly does."""

from __future__ import annotations

import pytest
from hint_lab import FINE, curve, seen

from core.hints import symptoms

GOOD = [0.90, 0.95, 0.96, 0.97]
FALLING = [0.5, 0.3, 0.2, 0.1]


@pytest.mark.parametrize(
    ("losses", "accuracies", "expected"),
    [
        ([2.31, 2.30], [0.1135, 0.1002], True),
        ([2.30, 2.20], [0.1100, 0.1135], False),  # its loss has left the guess line
        ([2.31, 2.30], [0.1100, 0.2100], False),  # the report's twenty layers after one epoch
        ([2.31, 2.30], [0.1135, 0.1220], True),  # 0.9 points above: a guesser's luck with 5,000 images
        ([2.31, 2.30], [0.1135, 0.1230], False),
    ],
)
def test_stuck_is_reading_no_more_than_a_lucky_guesser(
    losses: list[float], accuracies: list[float], expected: bool
) -> None:
    assert (symptoms.stuck(seen(curve(losses, accuracies))) is not None) == expected


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([0.5, 0.100, 0.105, 0.1101], True),
        ([0.5, 0.100, 0.105, 0.1099], False),  # risen by less than a tenth
        ([0.5, 0.300, 0.100, 0.1200], False),  # one bad epoch is no trend
    ],
)
def test_overfitting_is_a_risen_loss_two_epochs_after_the_best(losses: list[float], expected: bool) -> None:
    points = curve(losses, [0.9, 0.95, 0.95, 0.95], trained=FALLING, training=[0.9, 0.95, 0.98, 0.99])
    assert (symptoms.overfitting(seen(points)) is not None) == expected


def test_risen_loss_is_no_overfitting_without_a_gap_nor_while_accuracy_still_rises() -> None:
    losses, better = [0.5, 0.1, 0.12, 0.13], [0.98, 0.99, 0.995, 0.999]
    flat = [0.90, 0.95, 0.95, 0.95]
    assert symptoms.overfitting(seen(curve(losses, flat, trained=FALLING, training=better)))
    assert not symptoms.overfitting(seen(curve(losses, flat, trained=FALLING, training=flat)))
    assert not symptoms.overfitting(seen(curve(losses, GOOD, trained=FALLING, training=better)))
    assert not symptoms.overfitting(seen(curve(losses, flat, trained=losses, training=better)))


def test_jumps_are_up_and_down_again_and_not_only_at_the_beginning() -> None:
    def found(losses: list[float]) -> bool:
        return symptoms.jumping(seen(curve(losses, [0.9] * len(losses)))) is not None

    assert found([0.5, 0.8, 0.4, 0.3, 0.5, 0.3])
    assert not found([0.5, 0.8, 0.4, 0.6, 0.3, 0.2, 0.2, 0.2])  # it has settled
    assert not found([0.5, 0.4, 0.6, 0.4, 0.3, 0.2])  # once
    assert not found([0.5, 0.1, 0.12, 0.14, 0.16, 0.18])  # a trend


def test_improving_takes_more_than_luck_and_levelled_off_no_more_than_it() -> None:
    def said(accuracies: list[float]) -> tuple[bool, bool]:
        run = seen(curve(FALLING, accuracies))
        return symptoms.improving(run) is not None, symptoms.levelled_off(run) is not None

    assert said([0.80, 0.90, 0.93, 0.96]) == (True, False)
    assert said([0.90, 0.960, 0.960, 0.962]) == (False, True)  # 0.2 points: luck explains 0.8
    assert said([0.90, 0.945, 0.950, 0.957]) == (False, False)  # 1.2 points: neither can be told


def test_a_gap_of_own_images_is_wide_and_more_than_luck() -> None:
    assert symptoms.gap(seen(curve(FALLING, [0.9] * 4, training=[0.96] * 4)))
    assert not symptoms.gap(seen(curve(FALLING, [0.9] * 4, training=[0.94] * 4)))
    few = FINE.change(train=100, validation=100)
    assert not symptoms.gap(seen(curve(FALLING, [0.9] * 4, training=[0.96] * 4), few))


def test_what_diverged_has_nothing_else() -> None:
    run = seen(curve([2.3], [0.1135]), status="diverged")
    assert symptoms.diverged(run) == {"epoch": 2}
    assert symptoms.stuck(run) is None
    assert symptoms.learning(run) is None


def test_before_the_first_epoch_s_end_only_a_falling_loss_is_told() -> None:
    points = curve([2.5], [0.1]).assign(val_loss=[2.4, float("nan")], val_accuracy=[0.1, float("nan")])
    assert symptoms.learning(seen(points, status="running")) is None
    assert symptoms.learning(seen(points.assign(loss=[float("nan"), 1.9]), status="running"))
