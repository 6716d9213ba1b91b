"""Runs go through a real cluster and a real database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from worker_lab import LONG, Lab, wait_for

from core.cluster.engine import Engine
from core.dataset.normalization import fit
from core.reading.divergence import diverged
from core.record.store import Store
from core.runs.progress import recorded_steps
from core.runs.run import UnknownRun
from core.settings import Settings

SHORT = Settings().change(train=1_000, validation=500, hidden=(16,), epochs=2)


def test_a_run_is_trained_from_the_first_point_to_the_last(lab: Lab) -> None:
    run_id = lab.train(SHORT)
    run, points = lab.store.runs.get(run_id), lab.store.curves.points(run_id)
    assert (run.step, run.epochs_done, run.message, run.position) == (64, 2, None, None)
    assert points["step"].tolist() == [0, *recorded_steps(0, 32), *recorded_steps(1, 32)]
    ends = points["step"] % 32 == 0
    assert points["val_accuracy"].notna().tolist() == ends.tolist()
    assert points["loss"].isna().tolist() == [True] + [False] * 20
    assert points["loss"].iloc[-1] < points["loss"].iloc[1]
    assert points["seconds"].is_monotonic_increasing
    assert run.val_accuracy == points["val_accuracy"].iloc[-1]
    assert lab.store.curves.weights(run_id)["dense_1/kernel"].shape == (784, 16)
    assert lab.store.curves.layers(run_id)["layer"].unique().tolist() == [1, 2]
    assert lab.store.curves.snapshot_steps(run_id) == [0, 32, 64]


def test_a_run_remembers_the_normalization_it_was_trained_with(lab: Lab) -> None:
    from core.dataset.mnist import load_mnist
    from core.dataset.split import split

    run_id = lab.train(SHORT.change(normalization="min-max"))
    images = split(SHORT.data, load_mnist()).train.images
    assert lab.store.runs.get(run_id).normalization == fit("min-max", images)


def test_the_classs_drawings_join_the_training(lab: Lab) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    given_before = len(lab.store.drawings.all())
    number = lab.store.drawings.give("anna", image, 1)
    run_id = lab.train(SHORT.change(handwriting=True, train=992))
    lab.store.drawings.take_back("anna", number)
    images = 992 + given_before + 1
    assert lab.store.runs.get(run_id).step == 2 * -(-images // 32)
    assert lab.store.runs.get(run_id).normalization.images == images


def test_stop_answers_within_a_second_and_a_continued_run_is_as_if_never_stopped(
    lab: Lab, undisturbed: Any
) -> None:
    run_id = lab.submit(LONG)
    lab.wait_for_epochs(run_id, 2)
    asked = time.monotonic()
    lab.engine.stop(run_id, learner="anna")
    wait_for(lambda: lab.store.runs.get(run_id).status == "stopped", "the stop")
    assert time.monotonic() - asked < 1 + psutil.getloadavg()[0]  # a second on a quiet machine
    stopped = lab.store.runs.get(run_id)
    assert 0 < stopped.step < LONG.training.epochs * 313
    assert lab.store.curves.weights(run_id) is not None
    lab.engine.resume(run_id, LONG.training.epochs, learner="anna")
    lab.finish(run_id)
    assert lab.weights(run_id) == lab.weights(undisturbed)


def test_a_finished_run_that_goes_on_is_the_longer_run(lab: Lab, undisturbed: Any) -> None:
    run_id = lab.train(LONG.change(epochs=3))
    lab.engine.resume(run_id, LONG.training.epochs, learner="anna")
    lab.finish(run_id)
    lab.check_same_training(run_id, undisturbed)


def test_two_train_at_once_the_third_waits_and_can_be_taken_back(lab: Lab) -> None:
    first, second, third = (lab.submit(LONG, name) for name in ("dora", "emil", "fay"))
    wait_for(lambda: len(lab.store.queue.running()) == 2, "two runs at once")
    waiting = lab.store.runs.get(third)
    assert (waiting.status, waiting.position) == ("waiting", 1)
    wait_for(lambda: lab.store.runs.get(first).epochs_done, "an epoch")
    assert lab.engine.time_left(waiting) > 0
    assert lab.engine.time_left(lab.store.runs.get(first)) > 0
    lab.engine.stop(third, learner="fay")
    assert (lab.store.runs.get(third).status, lab.store.runs.get(third).step) == ("stopped", 0)
    for run_id, learner in ((first, "dora"), (second, "emil")):
        lab.engine.stop(run_id, learner=learner)
        lab.finish(run_id, "stopped")
    assert lab.engine.time_left(lab.store.runs.get(first)) is None
    assert lab.store.curves.points(third).empty


def test_one_learners_many_runs_do_not_hold_up_anothers_first(lab: Lab) -> None:
    many = [lab.submit(SHORT) for _ in range(6)]
    only = lab.submit(SHORT, "ben")
    for run_id in (*many, only):
        lab.finish(run_id)
    began = {run_id: _claimed(lab.store, run_id) for run_id in (*many, only)}
    assert sorted(began, key=lambda run_id: began[run_id]).index(only) <= 2


def test_beside_five_of_the_largest_networks_a_learners_only_run_soon_starts(lab: Lab) -> None:
    """Five learners on two workers take turns inside their epochs, each of which takes longer than a turn."""
    largest = Settings().change(hidden=(1_000,) * 4, batch_size=1_024, epochs=20)
    greedy = [lab.submit(largest, f"greedy-{number}") for number in range(5)]
    wait_for(lambda: sum(lab.store.runs.get(run_id).step > 0 for run_id in greedy) >= 3, "a change of turns")
    asked = time.monotonic()
    only = lab.submit(SHORT, "only")
    wait_for(lambda: lab.store.runs.get(only).status != "waiting", "its start")
    waited = time.monotonic() - asked
    print(f"started after {waited:.1f} s")
    assert waited < 10 + psutil.getloadavg()[0]  # ten seconds on a quiet machine
    lab.finish(only)
    for number, run_id in enumerate(greedy):
        lab.engine.stop(run_id, learner=f"greedy-{number}")
    wait_for(lambda: not lab.store.queue.running(), "the end of all")


def test_a_diverged_run_says_so_and_keeps_what_it_had(lab: Lab) -> None:
    run_id = lab.engine.submit(
        "anna", SHORT.change(learning_rate=100.0, activation="linear", hidden=(30,) * 4)
    )
    lab.finish(run_id, "diverged")
    assert str(lab.store.runs.get(run_id).message) == str(diverged(0.0))
    assert not (lab.store.curves.points(run_id)["loss"] == 0).any()


def test_unknown_runs_are_refused_by_name(lab: Lab) -> None:
    with pytest.raises(UnknownRun):
        lab.engine.stop("nothing", learner="anna")
    with pytest.raises(UnknownRun):
        lab.engine.resume("nothing", 3, learner="anna")


def test_the_cluster_listens_to_this_machine_only(lab: Lab) -> None:
    addresses = {
        connection.laddr.ip
        for process in lab.processes()
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_workers_are_polite_and_the_pages_process_has_no_tensorflow(lab: Lab) -> None:
    lab.train(SHORT)
    workers = [process for process in lab.processes() if process.nice() > 0]
    assert len(workers) >= 2
    if sys.platform == "linux":  # where every thread has a priority of its own
        for worker in workers:
            busiest = max(worker.threads(), key=lambda thread: thread.user_time)
            assert os.getpriority(os.PRIO_PROCESS, busiest.id) == worker.nice()
    modules = "core.cluster.engine, core.record.store, core.cluster.worker, distributed, sys"
    code = f"import {modules}; print('tensorflow' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "False"


def test_a_cluster_that_cannot_start_is_said_in_words_and_the_run_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cluster.embedded.sys.executable", "/nowhere/python")
    monkeypatch.setattr("core.cluster.engine.TOLD", 1.0)
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    with Engine(store) as engine:
        run_id = engine.submit("anna", SHORT)
        problem = wait_for(lambda: engine.state().problem, "a problem", 10)
        assert "runs wait" in str(problem)
        assert store.runs.get(run_id).status == "waiting"
    store.close()


def test_a_scheduler_that_is_not_there_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cluster.engine.CONNECT", 0.5)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:9")
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    with Engine(store) as engine:
        problem = wait_for(lambda: engine.state().problem, "a problem", 20)
        assert "tcp://127.0.0.1:9 does not answer" in str(problem)
        assert "DASK_SCHEDULER_ADDRESS" in str(problem)
        assert engine.state().workers == 0
    store.close()


def _claimed(store: Any, run_id: Any) -> Any:
    import sqlalchemy as sa

    from core.record import tables

    with store.database.reading() as connection:
        return connection.execute(
            sa.select(tables.trajectories.c.claimed).where(tables.trajectories.c.id == run_id)
        ).scalar_one()
