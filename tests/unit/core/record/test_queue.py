"""Whose turn it is, and how long it takes."""

from dataclasses import replace

import pytest
from record_lab import SETTINGS, checkpoint, point, seeded, take

from core.record.store import Store
from core.settings import PRESETS


def test_learners_take_turns(lab: Store) -> None:
    many = [lab.runs.create("anna", seeded(seed)) for seed in range(4)]
    one = lab.runs.create("ben", seeded(4))
    assert lab.queue.waiting() == [many[0], one, *many[1:]]
    take(lab, many[0], "worker")
    assert lab.queue.waiting() == [one, *many[1:]]
    assert lab.runs.get(one).position == 1
    assert [run.position for run in lab.runs.of("anna")] == [4, 3, 2, None]


def test_time_left_is_unknown_until_something_was_measured(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.queue.seconds_left(run_id, 2) is None
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    assert lab.queue.seconds_left(run_id, 1) == pytest.approx(0.3)
    waiting = lab.runs.create("ben", seeded(1))
    assert lab.queue.seconds_left(waiting, 1) == pytest.approx(0.7)
    assert lab.queue.seconds_left(waiting, 2) == pytest.approx(0.4)


def test_the_first_estimate_comes_from_runs_like_it_else_from_the_work_of_others(lab: Store) -> None:
    """A run of 12,000 steps that took 4 s; of the others it is known what they took beside it."""
    usual = PRESETS["three-layer"].change(epochs=7)
    claim = take(lab, lab.runs.create("anna", usual))
    lab.claims.record(claim, [replace(point(12_033), seconds=4.0)])
    lab.claims.end(claim, "finished")
    ratios = {
        usual.change(seed=1): 1.0,
        usual.change(seed=1, initializer="glorot", learning_rate=0.1): 1.0,
        PRESETS["twenty-layer"].change(epochs=7): 0.76 / 0.44,  # README, seconds an epoch
    }
    for settings, ratio in ratios.items():
        run = lab.runs.create("ben", settings)
        seconds = lab.queue.seconds_left(run, 1)
        assert seconds is not None
        assert 1 / 1.5 < seconds / (4.0 * ratio) < 1.5, settings
        lab.runs.stop(run, learner="ben")


def test_a_run_gives_way_to_a_learner_for_whom_nothing_trains(lab: Store) -> None:
    claim = take(lab, lab.runs.create("anna", SETTINGS), "worker")
    lab.runs.create("anna", seeded(1))
    assert not lab.queue.should_give_way(claim)
    lab.runs.create("ben", seeded(2))
    assert lab.queue.should_give_way(claim)


def test_the_worker_that_had_a_run_last_is_remembered_while_it_waits(lab: Store) -> None:
    fresh, began, ended = (lab.runs.create("anna", seeded(seed)) for seed in range(3))
    lab.claims.release(take(lab, began, "first"))
    lab.claims.end(take(lab, ended, "first"), "finished")
    assert lab.queue.last_workers() == {began: "first"}
    lab.claims.release(take(lab, began, "second"))
    assert lab.queue.last_workers() == {began: "second"}
    assert fresh not in lab.queue.last_workers()


def test_one_look_tells_all_unfinished_runs_what_they_have_before_them(lab: Store) -> None:
    trains, ended = lab.runs.create("anna", SETTINGS), lab.runs.create("anna", seeded(1))
    lab.claims.end(take(lab, ended), "finished")
    lab.claims.record(take(lab, trains), [point(10, end=True)], checkpoint(10))
    waits = [lab.runs.create("ben", seeded(2)), lab.runs.create("ben", seeded(3))]
    known = lab.queue.outlook(1)
    assert {run: one.position for run, one in known.items()} == {trains: None, waits[0]: 1, waits[1]: 2}
    assert {run: one.seconds_left for run, one in known.items()} == {
        run: pytest.approx(lab.queue.seconds_left(run, 1)) for run in [trains, *waits]
    }
    lab.runs.stop(trains, learner="anna")
    assert ended not in known
