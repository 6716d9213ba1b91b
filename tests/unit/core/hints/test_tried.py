"""Whether a hint was right, by the figures of both runs."""

from __future__ import annotations

from dataclasses import replace

from hint_lab import FINE, curve, seen
from study_lab import run_of

from core.hints.rules import RULES, rule
from core.hints.tried import outcome, tried, try_of

SLOW = curve([2.2, 1.9], [0.30, 0.50])


def right(before: object, after: object, code: str = "slow-rate-low") -> bool:
    found = rule(code)
    assert found is not None
    return outcome(found, before, after).helped  # type: ignore[arg-type]


def test_a_rise_beyond_two_standard_errors_or_a_symptom_gone_is_right() -> None:
    better, hardly = curve([2.0, 1.5], [0.4, 0.53]), curve([2.0, 1.5], [0.4, 0.515])
    assert right(seen(SLOW), seen(better))  # 3 points; two standard errors are 2
    assert not right(seen(SLOW), seen(hardly))
    assert right(seen(SLOW), seen(curve([1.0, 0.9], [0.4, 0.50])))  # no longer slow, and as good
    assert not right(seen(SLOW), seen(curve([1.0, 0.9], [0.4, 0.47])))  # no longer slow, at too high a price


def test_what_ends_in_trouble_was_no_help() -> None:
    broken = seen(curve([], []), status="diverged")
    assert not right(broken, seen(curve([2.31, 2.31], [0.11, 0.11])), "diverged-rate")
    assert not right(seen(SLOW), broken)
    assert right(broken, seen(SLOW), "diverged-rate")
    assert outcome(RULES[0], broken, seen(SLOW)).before is None


def test_the_losses_are_those_of_the_last_epochs_of_both() -> None:
    broken, better = seen(curve([], []), status="diverged"), seen(curve([2.0, 1.5], [0.4, 0.53]))
    assert outcome(RULES[0], seen(SLOW), better).losses == (1.9, 1.5)
    assert outcome(RULES[0], broken, better).losses is None


def test_a_try_says_of_which_run_and_by_which_rule() -> None:
    run = run_of(FINE)
    assert tried(run) is None
    for each in RULES:
        assert tried(replace(run, origin=try_of(each, "-_aB3"))) == (each, "-_aB3")
