"""The same experiment from other seeds: what counts as a repeat, and what is still to be run."""

from dataclasses import replace

import pytest
from study_lab import run_of

from core.runs.run import Run
from core.settings import DEFAULT
from core.study.repeats import repeats_of, repeats_to_run
from core.study.sweep import Axis, Sweep, missing


def seeded(seed: int, *, step: int = 100, status: str = "finished", done: int = 10) -> Run:
    run = run_of(DEFAULT.change(seed=seed), status=status, done=done, run_id=f"{seed}-{step}")
    return replace(run, step=step)


def test_each_seed_counts_once_by_the_run_that_came_farthest() -> None:
    shorter, longer, other = seeded(0, step=50), seeded(0, step=100), seeded(1, step=50)
    assert set(repeats_of(shorter, [shorter, longer, other])) == {longer, other}


def test_of_what_may_not_be_trained_today_no_repeat_is_wanted() -> None:
    run = replace(run_of(DEFAULT.as_if(batch_size=8_192)), step=100)
    assert repeats_to_run(run, [run], 3) == []
    assert repeats_of(run, [run]) == (run,)


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_what_broke_off_is_no_repeat_but_the_run_itself_always_stands(status: str) -> None:
    whole, broken = seeded(0), seeded(1, status=status)
    assert repeats_of(whole, [whole, broken]) == (whole,)
    assert repeats_of(broken, [broken]) == (broken,)


def test_a_run_without_a_curve_or_of_another_experiment_is_no_repeat() -> None:
    run, waiting = seeded(0), seeded(1, step=0, status="waiting", done=0)
    other = replace(run_of(DEFAULT.change(activation="tanh", seed=2)), step=100)
    assert repeats_of(run, [run, waiting, other]) == (run,)


def test_the_seeds_missing_of_so_many_are_run_for_as_many_epochs_as_the_run_has_come() -> None:
    run = seeded(0, done=3, status="stopped")
    others = [seeded(1, done=3), seeded(2, done=2), seeded(3, done=0, status="diverged")]
    wanted = repeats_to_run(run, [run, *others], 5)
    assert [(settings.training.seed, settings.training.epochs) for settings in wanted] == [(2, 3), (4, 3)]


def test_a_repeat_that_is_still_to_come_is_not_asked_for_again() -> None:
    run, coming = seeded(0), seeded(1, step=0, done=0, status="waiting")
    assert [settings.training.seed for settings in repeats_to_run(run, [run, coming], 5)] == [2, 3, 4]


def test_of_a_run_that_has_no_epoch_nothing_can_be_repeated() -> None:
    run = seeded(0, done=0, status="stopped")
    assert repeats_to_run(run, [run]) == []


def test_of_a_sweep_only_what_no_run_answers_is_missing() -> None:
    sweep = Sweep(DEFAULT, Axis("initializer", ("glorot", "he")))
    assert missing(sweep, []) == [sweep.cell(0), sweep.cell(1)]
    assert missing(sweep, [run_of(sweep.cell(0))]) == [sweep.cell(1)]
    assert missing(sweep, [run_of(sweep.cell(0)), run_of(sweep.cell(1), status="waiting", done=0)]) == []
    assert missing(sweep, [run_of(sweep.cell(0), status="failed", done=0)]) == [sweep.cell(0), sweep.cell(1)]
