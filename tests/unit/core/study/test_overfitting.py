"""The overfitting lesson: what each remedy changes, and what it gained over the seeds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from study_lab import run_of

from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import differing
from core.study.overfitting import ARMS, OVERFITTING, SEEDS, WITHOUT, Arm, best, experiments, gain


def ended(settings: Settings, accuracy: float, loss: float) -> Run:
    return replace(run_of(settings), val_accuracy=accuracy, val_loss=loss)


def arm(code: str, accuracies: tuple[float, ...], losses: tuple[float, ...]) -> Arm:
    wanted = zip(experiments(code), accuracies, losses, strict=True)
    return Arm.of(code, [ended(*each) for each in wanted])


@pytest.mark.parametrize("code", [code for code in ARMS if code != WITHOUT])
def test_a_remedy_is_one_setting_and_its_seeds_are_those_of_the_run_without(code: str) -> None:
    pairs = list(zip(experiments(code), experiments(WITHOUT), strict=True))
    assert len(pairs) == SEEDS
    assert [tuple(differing(pair)) for pair in pairs] == [tuple(ARMS[code])] * SEEDS


def test_fifty_images_of_each_digit_for_thirty_epochs() -> None:
    assert (OVERFITTING.data.train, OVERFITTING.training.epochs) == (500, 30)


def test_gains_are_those_of_the_same_seed() -> None:
    without = arm(WITHOUT, (0.80, 0.82, 0.84), (0.5, 0.6, 0.7))
    found = gain(arm("dropout", (0.81, 0.83, 0.84), (0.4, 0.4, 0.8)), without)
    assert found is not None
    assert found.points == pytest.approx((1, 1, 0))
    assert found.loss == pytest.approx((0.1, 0.2, -0.1))


def test_nothing_is_gained_before_all_seeds_are_done() -> None:
    without = arm(WITHOUT, (0.8,) * 3, (0.5,) * 3)
    settings = experiments("l2")
    two = Arm.of("l2", [ended(settings[0], 0.9, 0.4), run_of(settings[1], status="waiting", done=0)])
    assert gain(two, without) is None
    assert two.missing == settings[2:]
    with pytest.raises(AssertionError):  # no mean of what there is may pass for that of all
        _ = two.accuracies
    assert len(two.begun) == 2


def test_a_run_that_stopped_early_is_done() -> None:
    settings = experiments("early-stopping")
    early = [replace(ended(each, 0.85, 0.4), epochs_done=9, epochs=9) for each in settings]
    assert Arm.of("early-stopping", early).is_done
    assert Arm.of("early-stopping", [replace(run, status="stopped") for run in early]).missing == settings


def test_best_is_the_largest_mean_of_those_that_gained_with_every_seed() -> None:
    sure, surer, wavering = (0.5, 0.6, 0.7), (0.1, 0.9, 0.9), (-0.1, 3.0, 3.0)
    assert best({"l2": sure, "images": surer, "dropout": wavering}) == "images"
    assert best({"dropout": wavering}) is None
