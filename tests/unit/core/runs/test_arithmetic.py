from __future__ import annotations

from dataclasses import replace

from core.runs.arithmetic import Arithmetic, Stretch, changes, go_on, read_history, write_history

WIDE = Arithmetic(1, "2.21.0", "3.15.1", "AVX-512", "0123456789ab")
NARROW = replace(WIDE, instructions="AVX2", probe="ba9876543210")


def test_the_first_worker_gives_a_run_its_arithmetic() -> None:
    assert go_on((), 0, WIDE) == (Stretch(0, WIDE),)
    assert changes(go_on((), 0, WIDE)) == []


def test_the_same_arithmetic_changes_nothing_wherever_it_goes_on() -> None:
    history = go_on((), 0, WIDE)
    assert go_on(history, 70, WIDE) == history


def test_another_one_is_kept_with_the_step_from_which_on_it_holds() -> None:
    history = go_on(go_on((), 0, WIDE), 70, NARROW)
    assert changes(history) == [(WIDE, Stretch(70, NARROW))]
    assert changes(go_on(history, 90, WIDE)) == [(WIDE, Stretch(70, NARROW)), (NARROW, Stretch(90, WIDE))]


def test_an_arithmetic_that_left_nothing_behind_never_was() -> None:
    """Whoever goes on from a checkpoint undoes what came after it."""
    assert go_on(go_on((), 0, WIDE), 0, NARROW) == (Stretch(0, NARROW),)
    history = go_on(go_on((), 0, WIDE), 70, NARROW)
    assert go_on(history, 70, WIDE) == (Stretch(0, WIDE),)


def test_of_a_run_from_before_only_what_is_known_is_said() -> None:
    history = go_on(read_history(None), 40, WIDE)
    assert history == (Stretch(40, WIDE),)
    assert changes(history) == []


def test_equal_names_do_not_make_an_equal_arithmetic() -> None:
    assert changes(go_on(go_on((), 0, WIDE), 1, replace(WIDE, probe="ffffffffffff")))


def test_history_comes_back_as_it_was_written() -> None:
    history = (Stretch(0, WIDE), Stretch(70, NARROW))
    assert read_history(write_history(history)) == history
