"""What is kept of a learner's choices as JSON: read whole, or refused; never half believed."""

import json

import pytest

from core.runs.progress import POINTS_PER_EPOCH
from core.settings import DEFAULT
from core.study.comparison import MOST_RUNS
from core.study.sweep import Axis, Sweep
from dashboard.app_pages.compare import kept_sweeps, view
from dashboard.runs.chosen_runs import UnreadableChoice, read_choice

SWEEP = Sweep(DEFAULT, Axis("seed", (1, 2)))


def test_a_choice_keeps_its_order_also_from_when_runs_had_lines_for_a_chart_only() -> None:
    assert read_choice('["b", "a", "b"]') == ["b", "a"]
    assert read_choice('{"b": 3, "a": 0}') == ["b", "a"]
    assert read_choice("{}") == read_choice("[]") == []


def test_no_more_are_read_than_can_be_shown() -> None:
    assert len(read_choice(json.dumps([str(number) for number in range(MOST_RUNS + 5)]))) == MOST_RUNS


@pytest.mark.parametrize("text", ["", "nonsense", "null", '"a"', "7", '["a", 1]', "[null]", '[["a"]]'])
def test_what_is_no_choice_is_refused_with_what_was_found(text: str) -> None:
    with pytest.raises(UnreadableChoice) as caught:
        read_choice(text)
    assert caught.value.values["text"] == text


@pytest.mark.parametrize(
    ("text", "sweeps", "unreadable"),
    [
        ("nonsense", [], 1),
        ("{}", [], 1),
        ("[]", [], 0),
        ('["{}"]', [], 1),
        ('["nonsense", 7, null]', [], 3),
        (json.dumps(["{}", SWEEP.to_json()]), [SWEEP], 1),
    ],
)
def test_sweeps_that_cannot_be_read_are_counted(text: str, sweeps: list[Sweep], unreadable: int) -> None:
    assert kept_sweeps.read(text) == (sweeps, unreadable)


def test_the_longest_smoothing_is_an_epoch_and_each_is_longer_than_the_last() -> None:
    assert view.SMOOTHINGS[0] == 1
    assert view.SMOOTHINGS[-1] == POINTS_PER_EPOCH
    assert sorted(set(view.SMOOTHINGS)) == list(view.SMOOTHINGS)
