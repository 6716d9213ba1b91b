"""Verdicts: same epoch, same outcome, luck by exact tests, and nothing that contradicts itself."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from study_lab import run_of

from core.settings import DEFAULT, Settings
from core.study.standing import Contender, Trial, trial
from core.study.verdict import TIE, Pair, Verdict, judge

TANH = DEFAULT.change(activation="tanh")
LOW = (0.901, 0.903, 0.902, 0.904, 0.9, 0.905, 0.899, 0.9025)


def ran(seed: int, *curve: float, status: str = "finished", epochs: int | None = None) -> Trial:
    """A run with an accuracy after each of its whole epochs."""
    return Trial(seed, status, epochs or len(curve), dict(enumerate(curve, start=1)))


def side(*accuracies: float, settings: Settings = DEFAULT, first: int = 0) -> Contender:
    """Runs of one epoch, with seeds from ``first``."""
    trials = [ran(first + seed, accuracy) for seed, accuracy in enumerate(accuracies)]
    return Contender.of(settings, trials)


def pair(first: Contender, second: Contender) -> Pair:
    (found,) = judge([first, second]).pairs
    return found


def contender(*trials: Trial, settings: Settings = TANH) -> Contender:
    return Contender.of(settings, trials)


# S1: the same epoch, the same outcome


def test_a_stopped_run_is_compared_after_the_epoch_that_it_reached() -> None:
    whole, stopped = ran(0, 0.5, 0.9, 0.95), ran(0, 0.6, status="stopped", epochs=3)
    found = judge([contender(whole), contender(stopped)])
    assert (found.epoch, found.wanted) == (1, 3)
    assert found.winner == 1  # 0.6 against 0.5, and never against 0.95
    assert found.top is not None
    assert found.top.difference == pytest.approx(0.1)
    assert found.standings[1].reached == 1


def test_a_run_that_diverged_loses_even_if_it_was_ahead() -> None:
    whole, broken = ran(0, 0.1, 0.2, 0.3), ran(0, 0.8, 0.9, status="diverged", epochs=3)
    found = judge([contender(whole), contender(broken)])
    assert found.epoch == 3
    assert found.standings[1].diverged == {0: 3}  # in its third epoch
    assert found.winner == 0
    assert found.top is not None
    assert (found.top.kind, found.top.difference, found.top.means) == ("few", None, None)


def test_divergence_in_the_first_epoch_is_a_result_too() -> None:
    broken = Trial(0, "diverged", 3, {})
    found = judge([contender(broken), contender(ran(0, 0.1, 0.2, 0.3))])
    assert found.standings[0].diverged == {0: 1}
    assert found.winner == 1


def test_survivors_of_a_side_that_diverged_do_not_win() -> None:
    """The case of S1: three of five seeds diverged, and the two others are 4.5 points ahead."""
    steady = [ran(seed, 0.92) for seed in range(5)]
    broken = [Trial(seed, "diverged", 1, {}) for seed in range(3)] + [ran(3, 0.965), ran(4, 0.965)]
    found = judge([contender(*steady), contender(*broken)])
    assert found.winner != 1
    assert found.standings[1].mean is None
    assert found.top is not None
    assert found.top.means is None


def test_with_eight_seeds_divergence_is_found_to_be_more_than_luck() -> None:
    steady = [ran(seed, 0.92) for seed in range(8)]
    broken = [Trial(seed, "diverged", 1, {}) for seed in range(8)]
    found = judge([contender(*steady), contender(*broken)])
    assert found.top is not None
    assert (found.winner, found.top.kind, found.top.corrected) == (0, "clear", 2 / 2**8)


def test_all_diverged_is_a_draw() -> None:
    broken = [Trial(seed, "diverged", 1, {}) for seed in range(8)]
    found = judge([contender(*broken), contender(*broken)])
    assert found.top is not None
    assert (found.winner, found.top.kind, found.top.ahead) == (None, "equal", None)


def test_what_diverged_after_the_compared_epoch_has_its_figure_there() -> None:
    early = ran(0, 0.5, status="stopped", epochs=9)
    later = ran(0, 0.7, 0.8, status="diverged", epochs=9)
    found = judge([contender(early), contender(later)])
    assert found.epoch == 1
    assert found.standings[1].accuracies == {0: 0.7}
    assert (found.standings[1].diverged, found.standings[1].later) == ({}, (0,))


@pytest.mark.parametrize("status", ["failed", "stopped", "waiting", "running"])
def test_a_side_without_a_figure_cannot_be_compared(status: str) -> None:
    found = judge([contender(ran(0, 0.9)), contender(Trial(0, status, 1, {}))])
    assert (found.pairs, found.top, found.winner) == ((), None, None)
    assert found.is_open
    told = found.standings[1]
    assert told.failed + told.stopped + told.coming == 1


def test_a_side_without_a_figure_does_not_hinder_the_others() -> None:
    found = judge([contender(ran(0, 0.9)), contender(Trial(0, "failed", 1, {})), contender(ran(0, 0.95))])
    assert found.order[:2] == (2, 0)
    assert found.winner == 2


def test_one_seed_that_was_stopped_costs_its_seed_and_no_epochs() -> None:
    some = [ran(seed, 0.5, 0.9) for seed in range(3)]
    others = [*some[:2], ran(2, 0.5, status="stopped", epochs=2)]
    found = judge([contender(*some), contender(*others)])
    assert found.epoch == 2
    assert found.standings[1].stopped == 1
    assert len(found.standings[1].accuracies) == 2


def test_the_same_seed_again_counts_once_by_the_run_that_came_farthest() -> None:
    found = contender(ran(1, 0.5), ran(0, 0.1), ran(1, 0.5, 0.6), ran(1, 0.5, status="stopped"))
    assert [one.accuracies for one in found.trials] == [{1: 0.1}, {1: 0.5, 2: 0.6}]


def test_on_different_validation_images_nothing_is_concluded() -> None:
    found = judge([side(*LOW), side(0.99, settings=DEFAULT.change(validation=1_000))])
    assert not found.is_alike
    assert (found.pairs, found.winner) == ((), None)


def test_a_trial_holds_what_was_measured_at_the_end_of_each_whole_epoch() -> None:
    run = run_of(TANH.change(seed=4, epochs=3), status="stopped", done=2)
    points = pd.DataFrame(
        {"epoch": [0.0, 0.5, 1.0, 2.0, 2.5], "val_accuracy": [0.1, np.nan, 0.8, 0.9, np.nan]}
    )
    assert trial(run, points) == Trial(4, "stopped", 3, {1: 0.8, 2: 0.9})
    assert trial(replace(run, epochs_done=0), points.iloc[:1]).reached == 0


# S5: luck


def test_better_with_every_one_of_eight_seeds_is_more_than_luck_though_the_bands_overlap() -> None:
    higher = side(*(value + 0.001 for value in LOW))
    found = pair(side(*LOW), higher)
    assert (found.test, found.wins, found.shared) == ("pairs", 8, 8)
    assert found.luck.share == 2 / 2**8
    assert found.kind == "slight"  # a tenth of a point


def test_other_seeds_are_compared_by_ranks() -> None:
    found = pair(side(*LOW), side(*(value + 0.001 for value in LOW), first=100))
    assert (found.test, found.shared, found.counts, found.kind) == ("ranks", 0, (8, 8), "unsure")
    assert pair(side(*LOW), side(*(value + 0.01 for value in LOW), first=100)).kind == "clear"


def test_seeds_that_only_one_side_has_are_left_out_of_pairs() -> None:
    found = pair(side(*LOW, 0.1), side(*(value + 0.01 for value in LOW)))
    assert found.counts == (8, 8)
    assert found.difference == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("count", "kind"), [(1, "few"), (3, "few"), (4, "clear"), (5, "clear"), (6, "clear"), (8, "clear")]
)
def test_too_few_runs_are_said_to_be_too_few(count: int, kind: str) -> None:
    assert pair(side(*LOW[:count]), side(*(value + 0.05 for value in LOW[:count]))).kind == kind


def test_several_comparisons_are_corrected() -> None:
    sides = [side(*(value + 0.01 * more for value in LOW[:6])) for more in range(4)]
    alone, many = pair(sides[0], sides[1]), judge(sides)
    assert (alone.kind, alone.corrected) == ("clear", alone.luck.share)
    assert len(many.pairs) == 6
    assert {found.kind for found in many.pairs} == {"few"}  # six times 1 in 32
    assert many.seeds_needed == 8
    against_first = judge(sides, against_first=True)
    assert [(found.first, found.second) for found in against_first.pairs] == [(0, 1), (0, 2), (0, 3)]
    assert against_first.pairs[0].corrected == pytest.approx(3 * alone.luck.share)


def test_eight_seeds_part_four_sides() -> None:
    sides = [side(*(value + 0.01 * more for value in LOW)) for more in (0, 3, 1, 2)]
    found = judge(sides)
    assert {one.kind for one in found.pairs} == {"clear"}
    assert (found.order, found.winner) == ((1, 3, 2, 0), 1)


def test_luck_alone_is_taken_for_a_difference_in_at_most_1_of_20_cases() -> None:
    random = np.random.default_rng(0)
    for shared, count, allowed in ((0.0, 8, 0.05), (0.9, 8, 0.05), (0.9, 5, 0.05)):
        wrong = 0
        for _trial in range(400):
            start = random.normal(size=count) * math.sqrt(shared)
            some, others = (start + random.normal(size=count) * math.sqrt(1 - shared) for _ in range(2))
            wrong += pair(side(*some), side(*others)).kind in ("clear", "slight")
        assert wrong / 400 <= allowed + 0.02


# The images


def test_the_error_of_the_images_is_not_exceeded_whatever_both_networks_read() -> None:
    """Simulated: two networks whose mistakes never meet, over many draws of 5,000 images."""
    random = np.random.default_rng(1)
    both = random.choice([0, 1, -1], p=[0.94, 0.02, 0.04], size=(2_000, 5_000))  # right: both, first, second
    spread = float((both == 1).mean(axis=1).std() ** 2 + (both == -1).mean(axis=1).std() ** 2) ** 0.5
    found = pair(side(0.96), side(0.98))
    assert found.image_error is not None
    assert 0.95 * spread < found.image_error < 1.1 * spread


def test_a_small_difference_could_be_the_images_and_a_large_one_not() -> None:
    assert pair(side(0.960), side(0.963)).could_be_images
    assert not pair(side(0.90), side(0.98)).could_be_images
    assert not pair(side(0.90), contender(Trial(0, "diverged", 1, {}))).could_be_images


# S12: a verdict never contradicts itself


def cases() -> Mapping[str, Sequence[Contender]]:
    tiny = [value + 0.002 for value in LOW]
    one_fell = [*(value + 0.001 for value in LOW[:7]), 0.1]
    return {
        "far": [side(*LOW), side(*(value + 0.05 for value in LOW))],
        "tiny": [side(*LOW), side(*tiny)],
        "noise": [side(*LOW), side(*reversed(LOW))],
        "one fell": [side(*LOW), side(*one_fell)],
        "one seed": [side(0.9), side(0.95)],
        "one seed, close": [side(0.9), side(0.902)],
        "equal": [side(*LOW), side(*LOW)],
        "three": [side(*LOW), side(*tiny), side(*one_fell)],
    }


@pytest.mark.parametrize("name", cases())
def test_a_winner_is_never_within_luck_nor_too_small_to_speak_of(name: str) -> None:
    found: Verdict = judge(cases()[name])
    assert found.top is not None
    if found.winner is not None:
        assert found.top.kind in ("clear", "few")
        assert found.top.difference is None or abs(found.top.difference) >= TIE
        assert not found.is_open
        assert found.winner == found.top.ahead == found.order[0]
    for one in found.pairs:
        if one.kind in ("clear", "slight"):
            assert one.corrected < 0.05
            assert one.ahead is not None
            assert (one.difference or 0) * (1 if one.ahead == one.second else -1) > 0


def test_a_small_difference_that_luck_does_not_explain_has_a_word_of_its_own() -> None:
    found = judge(cases()["tiny"])
    assert found.top is not None
    assert (found.top.kind, found.winner, found.is_open) == ("slight", None, False)


def test_seven_small_gains_and_one_fall_are_no_win_of_either_side() -> None:
    found = judge(cases()["one fell"])
    assert found.top is not None
    assert (found.top.kind, found.winner, found.is_open) == ("unsure", None, True)
