"""Verdicts in words: each says what was found, and none says two things that cannot both be true."""

from collections.abc import Sequence

import pytest

from core.settings import DEFAULT
from core.study.standing import Contender, Trial
from core.study.verdict import judge
from dashboard.runs import verdict_words

NAMES = ("ReLU", "tanh")
LOW = (0.901, 0.903, 0.902, 0.904, 0.9, 0.905, 0.899, 0.9025)
TANH = DEFAULT.change(activation="tanh")


def side(accuracies: Sequence[float], *others: Trial) -> Contender:
    trials = [Trial(seed, "finished", 1, {1: accuracy}) for seed, accuracy in enumerate(accuracies)]
    return Contender.of(DEFAULT, [*trials, *others])


def more(points: float, count: int = 8) -> list[float]:
    return [value + points / 100 for value in LOW[:count]]


def told(first: Contender, second: Contender) -> str:
    """All that is said of a duel."""
    found = judge([first, second])
    said = [*verdict_words.broken(found, NAMES), verdict_words.outcome(found, NAMES)]
    if found.top is not None:
        said.append(verdict_words.luck(found.top, found, NAMES))
        said.append(verdict_words.over_images(found.top))
    return " ".join(said)


def test_a_win_is_told_with_its_chance() -> None:
    said = told(side(LOW), side(more(5)))
    assert "**tanh wins** with 95.21% of the validation images, 5.00 percentage points more than ReLU" in said
    assert "tanh did better with 8 of the 8 seeds that both have" in said
    assert "in 0.8% of cases: **this is more than luck.**" in said
    assert "Nor is it the choice of validation images" in said


def test_a_small_difference_beyond_luck_is_told_as_both() -> None:
    """S12: not "no difference to speak of" and "more than luck" in one breath."""
    said = told(side(LOW), side(more(0.2)))
    assert "**tanh is ahead, but hardly**: 90.41%" in said
    assert "**this is more than luck.**" in said
    assert "No difference" not in said
    assert "Other validation images might turn it round" in said


def test_what_luck_could_do_is_no_win() -> None:
    """S12: not "wins" and "luck alone could do this" in one breath."""
    said = told(side((0.80, 0.99, 0.82, 0.97, 0.85, 0.94)), side((0.90, 0.91, 0.92, 0.93, 0.94, 0.95)))
    assert "**No winner**" in said
    assert "**luck could explain it.**" in said
    assert "wins" not in said


def test_one_seed_comes_out_ahead_and_proves_nothing() -> None:
    said = told(side([0.90]), side([0.95]))
    assert "**tanh comes out ahead** with 95.00%" in said
    assert "**part of this may be luck.** 6 seeds each can tell." in said
    assert "wins" not in said


def test_too_few_seeds_are_said_to_be_too_few() -> None:
    said = told(side(LOW[:3]), side(more(5, 3)))
    assert (
        "**too few to tell**: even if one side were always better, chance alone would do that in 10.0%"
        in said
    )


def test_divergence_is_said_first_and_the_survivors_do_not_win() -> None:
    """S1: three of five seeds diverged, and the lab said that the side wins by 4.5 points."""
    broken = [Trial(seed, "diverged", 1, {}) for seed in (2, 3, 4)]
    said = told(side(LOW[:5]), side(more(4.5, 2), *broken))
    assert said.startswith("**tanh diverged** with 3 of 5 seeds, for the first time in epoch 1.")
    assert "tanh wins" not in said
    assert "points more" not in said


def test_a_run_that_diverged_loses_to_one_that_did_not() -> None:
    whole = Contender.of(DEFAULT, [Trial(0, "finished", 3, {1: 0.1, 2: 0.2, 3: 0.3})])
    broken = Contender.of(TANH, [Trial(0, "diverged", 3, {1: 0.8, 2: 0.9})])
    said = told(whole, broken)
    assert said.startswith("**tanh diverged** in epoch 3: its loss or a weight is no longer a number.")
    assert "**ReLU comes out ahead** of tanh: diverging counts as worse than any accuracy." in said


def test_a_stopped_run_is_named_with_the_epoch_that_is_compared() -> None:
    whole = Contender.of(DEFAULT, [Trial(0, "finished", 3, {1: 0.5, 2: 0.9, 3: 0.95})])
    stopped = Contender.of(TANH, [Trial(0, "stopped", 3, {1: 0.6})])
    said = told(whole, stopped)
    assert said.startswith(
        "**tanh was stopped** after epoch 1. All are compared after epoch 1 of 3, the last"
    )
    assert "**tanh comes out ahead** with 60.00% of the validation images, 10.00 percentage points" in said


@pytest.mark.parametrize(
    ("status", "said"), [("stopped", "was stopped before that"), ("failed", "failed before that")]
)
def test_without_a_figure_nothing_is_concluded(status: str, said: str) -> None:
    whole = told(side([0.9]), Contender.of(TANH, [Trial(0, status, 1, {})]))
    assert said in whole
    assert "**Nothing can be concluded**: there is no figure of tanh." in whole


def test_both_diverged_is_nobodys_win() -> None:
    broken = side([], Trial(0, "diverged", 3, {}))
    assert "**Nobody wins**: both came out alike." in told(broken, broken)


def test_several_comparisons_are_said_to_be_corrected() -> None:
    sides = [side(LOW), side(more(1)), side(more(2))]
    found = judge(sides)
    (said,) = verdict_words.corrected(found)
    assert said.startswith("3 comparisons at once")
    assert verdict_words.corrected(judge(sides[:2])) == []


def test_what_luck_covers_and_what_it_does_not() -> None:
    said = verdict_words.covers(5_000)
    assert "Luck here is what the seed decides: the first weights, and the order of the images." in said
    assert "It is not which 5,000 images validate" in said
    (pair,) = judge([side(LOW), side(more(5))]).pairs
    assert pair.image_error is not None
    assert f"at most {100 * pair.image_error:.2f} points" in verdict_words.over_images(pair)


def test_nothing_is_said_of_images_where_no_difference_was_seen() -> None:
    for second in (side(LOW), side(LOW[::-1]), side([], Trial(0, "diverged", 1, {}))):
        (pair,) = judge([side(LOW), second]).pairs
        assert verdict_words.over_images(pair) == ""


def test_the_rule_names_the_numbers_that_are_used() -> None:
    said = verdict_words.rule()
    assert "fewer than 5% are at least as one-sided" in said
    assert "with 8 seeds that are all better, 2 in 256" in said
    assert "with fewer than 6 seeds in common" in said


@pytest.mark.parametrize(
    ("chance", "said"), [(0.0078125, "0.8%"), (0.0003, "less than 0.1%"), (1.0, "100.0%")]
)
def test_a_chance_is_told_as_far_as_it_can_be(chance: float, said: str) -> None:
    assert verdict_words.share(chance) == said
