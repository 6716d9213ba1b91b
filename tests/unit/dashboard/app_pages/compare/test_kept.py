"""What is kept of a learner's choices as JSON: read whole, or refused; never half believed."""

import json

import pytest

from core.runs.progress import POINTS_PER_EPOCH
from core.settings import DEFAULT
from core.study.comparison import MOST_RUNS
from core.study.sweep import Axis, Sweep
from dashboard.app_pages.compare import kept_sweeps, view
from dashboard.app_pages.compare.chosen_runs import UnreadableChoice, read_choice

SWEEP = Sweep(DEFAULT, Axis("seed", (1, 2)))


def test_a_choice_keeps_its_order_and_its_lines() -> None:
    assert list(read_choice('{"b": 3, "a": 0}').items()) == [("b", 3), ("a", 0)]
    assert read_choice("{}") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "null",
        '"a"',
        '{"a": "0"}',
        '{"a": 0.0}',
        '{"a": true}',
        '{"a": null}',
        '{"a": -1}',
        f'{{"a": {MOST_RUNS}}}',  # kept when more runs could be told apart
        '{"a": 1, "b": 1}',
    ],
)
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
