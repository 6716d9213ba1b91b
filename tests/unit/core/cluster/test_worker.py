"""The task a worker is given, with a training of our own choosing in place of TensorFlow's."""

from __future__ import annotations

import pickle
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import loops
import numpy as np
import pytest

from core.cluster import worker
from core.errors import LabError
from core.reading.divergence import Diverged
from core.record import claims
from core.record.claims import ClaimLost
from core.record.database import DiskFull
from core.record.store import Store
from core.runs.progress import Checkpoint, DamagedRecord, Point
from core.settings import Settings

SETTINGS = Settings().change(train=320, epochs=2)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Any]:
    opened = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    yield opened
    opened.close()
    worker._open_store.cache_clear()


@pytest.fixture
def train_by(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replace the training: a function of (recorder, checkpoint, epochs), called when all is compiled."""

    def replace(function: Any) -> None:
        module: Any = ModuleType("core.network.training")

        def train(
            _settings: Any, *, recorder: Any, checkpoint: Any, epochs: Any, when_ready: Any, **_: Any
        ) -> Any:
            when_ready()
            return function(recorder, checkpoint, epochs)

        module.train = train
        monkeypatch.setattr(worker, "get_ready", lambda: None)
        monkeypatch.setattr(worker, "_kept", lambda: None)
        monkeypatch.setitem(sys.modules, "core.network.training", module)
        monkeypatch.setattr("core.network.training", module, raising=False)

    return replace


def checkpoint(step: Any) -> Any:
    return Checkpoint(step, 1.0, np.zeros((2, 3)), {"w": np.ones(3, np.float32)}, [])


def raising(error: Any) -> Any:
    def train(_recorder: Any, _checkpoint: Any, _epochs: Any) -> None:
        raise error

    return train


def test_a_run_is_claimed_trained_and_ended(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)

    def train(recorder: Any, begin: Any, epochs: Any) -> Any:
        assert (begin, epochs) == (None, 2)
        assert lab.runs.get(run_id).status == "running"
        assert recorder.record([Point(20, 2.0, 1.0, 0.1, 0.9, 0.1, 0.9, 0.2, 0.8)], checkpoint(20), None)
        return "finished"

    train_by(train)
    assert worker.run(lab.url, run_id, "task") == "finished"
    run = lab.runs.get(run_id)
    assert (run.status, run.step, run.val_accuracy) == ("finished", 20, 0.8)
    assert run.normalization.images == 320


def test_it_goes_on_from_the_checkpoint_to_the_epochs_that_are_wanted_now(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "first")
    lab.claims.record(claim, [], checkpoint(10))
    lab.claims.release(claim)
    lab.runs.extend(run_id, 7, learner="anna")
    seen: list[tuple[int, int]] = []

    def train(_recorder: Any, begin: Checkpoint, epochs: int) -> str:
        seen.append((begin.step, epochs))
        return "finished"

    train_by(train)
    worker.run(lab.url, run_id, "task")
    assert seen == [(10, 7)]


def test_nothing_is_done_for_a_run_that_is_not_there_to_be_trained(lab: Any, train_by: Any) -> None:
    train_by(raising(AssertionError("must not train")))
    stopped, ended, taken = (lab.runs.create("anna", SETTINGS.change(seed=seed)) for seed in range(3))
    lab.runs.stop(stopped, learner="anna")
    lab.claims.end(lab.claims.take(ended, "other"), "finished")
    lab.claims.take(taken, "other")
    assert [worker.run(lab.url, run, "task") for run in (stopped, ended, taken, "nothing")] == ["taken"] * 4


def test_a_stop_ends_a_run_as_stopped(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)

    def train(recorder: Any, _begin: Any, _epochs: Any) -> Any:
        lab.runs.stop(run_id, learner="anna")
        return "finished" if recorder.record([], None, None) else "stopped"

    train_by(train)
    assert worker.run(lab.url, run_id, "task") == "stopped"
    assert lab.runs.get(run_id).status == "stopped"


def test_after_its_turn_a_run_gives_way_also_inside_an_epoch(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TURN", 0.0)
    monkeypatch.setattr(worker, "SHORTEST", 0.0)
    monkeypatch.setattr(worker, "ASK", 0.0)
    run_id = lab.runs.create("anna", SETTINGS)

    def train(recorder: Any, _begin: Any, _epochs: Any) -> Any:
        assert recorder.record([], checkpoint(10), None)  # nobody waits
        lab.runs.create("ben", SETTINGS.change(seed=1))
        assert not recorder.record([Point(13, 1.3, 0.1)], None, None)
        assert not recorder.record([], checkpoint(14), None)  # what the training hands over when it stops
        return "stopped"

    train_by(train)
    assert worker.run(lab.url, run_id, "task") == "waiting"
    run = lab.runs.get(run_id)
    assert (run.status, run.position, run.step) == ("waiting", 2, 14)


def test_a_turn_brings_a_run_on_however_long_it_was_compiled(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a network that compiles for longer than a turn lasts would never come to its first step."""
    clock = 0.0
    monkeypatch.setattr("core.cluster.worker.time.monotonic", lambda: clock)
    run_id = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS.change(seed=1))
    recorder = worker.SignsOfLife(lab, lab.claims.take(run_id, "worker"))
    clock = 2 * worker.TURN
    assert recorder.record([], None, None)  # no turn ends while it compiles
    recorder.begin_turn()
    clock += 0.9 * worker.SHORTEST
    assert recorder.record([], None, None)
    clock += 0.2 * worker.SHORTEST
    assert not recorder.record([], None, None)
    assert recorder.turn_is_over


def test_a_run_that_was_soon_compiled_has_a_whole_turn(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0
    monkeypatch.setattr("core.cluster.worker.time.monotonic", lambda: clock)
    run_id = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS.change(seed=1))
    recorder = worker.SignsOfLife(lab, lab.claims.take(run_id, "worker"))
    clock = 0.2
    recorder.begin_turn()
    clock = 0.9 * worker.TURN
    assert recorder.record([], None, None)
    clock = 1.1 * worker.TURN
    assert not recorder.record([], None, None)


def test_whether_somebody_waits_is_asked_once_a_second(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "TURN", 0.0)
    monkeypatch.setattr(worker, "SHORTEST", 0.0)
    recorder = worker.SignsOfLife(lab, lab.claims.take(lab.runs.create("anna", SETTINGS), "worker"))
    recorder.begin_turn()
    assert recorder.record([], None, None)
    lab.runs.create("ben", SETTINGS.change(seed=1))
    assert recorder.record([], None, None)
    assert not recorder.turn_is_over


def test_a_run_whose_turn_is_not_over_goes_on(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    lab.runs.create("ben", SETTINGS.change(seed=1))
    train_by(lambda recorder, *_: "finished" if recorder.record([], checkpoint(20), None) else "stopped")
    assert worker.run(lab.url, run_id, "task") == "finished"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Diverged("The loss is no number at {step}.", step=7), "diverged", "no number at 7"),
        (DamagedRecord("A checkpoint lacks {part}.", part="sums"), "failed", "lacks sums"),
        (MemoryError(), "failed", "smaller network"),
        (RuntimeError("kernel\npanic {x}"), "failed", "RuntimeError: kernel panic {x}"),
    ],
)
def test_what_ends_a_run_has_a_name_and_stays_visible(
    lab: Any, train_by: Any, error: Any, status: str, words: str
) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    train_by(raising(error))
    assert worker.run(lab.url, run_id, "task") == status
    assert lab.runs.get(run_id).status == status
    assert words in str(lab.runs.get(run_id).message)


def test_tensorflows_own_word_for_no_memory_is_understood(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    train_by(raising(type("ResourceExhaustedError", (Exception,), {})("OOM")))
    worker.run(lab.url, run_id, "task")
    assert "ran out of memory" in str(lab.runs.get(run_id).message)


def test_a_damaged_checkpoint_fails_by_name_and_is_not_tried_for_ever(lab: Any, train_by: Any) -> None:
    import sqlalchemy as sa

    from core.record import tables

    run_id = lab.runs.create("anna", SETTINGS)
    lab.claims.record(lab.claims.take(run_id, "first", task="a"), [], checkpoint(10))
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.checkpoints).values(data=b"torn"))
    train_by(lambda *_: "finished")
    assert worker.run(lab.url, run_id, "a") == "failed"
    assert "cannot be read" in str(lab.runs.get(run_id).message)


def test_trouble_with_the_database_is_not_the_runs_fault_it_waits_and_says_why(
    lab: Any, train_by: Any
) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    train_by(raising(DiskFull("No room. Make room.")))
    with pytest.raises(DiskFull):
        worker.run(lab.url, run_id, "task")
    assert (lab.runs.get(run_id).status, str(lab.runs.get(run_id).message)) == (
        "waiting",
        "No room. Make room.",
    )


def test_a_worker_that_lost_its_claim_ends_quietly_and_writes_nothing(lab: Any, train_by: Any) -> None:
    run_id = lab.runs.create("anna", SETTINGS)

    def train(recorder: Any, _begin: Any, _epochs: Any) -> None:
        assert lab.claims.take(run_id, "other", task="task")
        recorder.record([Point(5, 0.5, 0.1)], None, None)
        raise AssertionError("must not come here")

    train_by(train)
    assert worker.run(lab.url, run_id, "task") == "taken"
    assert lab.runs.get(run_id).status == "running"
    assert lab.curves.points(run_id).empty


def test_a_long_step_does_not_lose_the_claim(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (claims, worker):
        monkeypatch.setattr(module, "LEASE", 0.5)
    run_id = lab.runs.create("anna", SETTINGS)

    def train(_recorder: Any, _begin: Any, _epochs: Any) -> Any:
        for _ in range(4):  # 0.8 s, longer than a lease
            time.sleep(0.2)
            assert lab.runs.get(run_id).status == "running"
        return "finished"

    train_by(train)
    assert worker.run(lab.url, run_id, "task") == "finished"


def test_a_training_that_hangs_loses_its_claim(
    lab: Any, train_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (claims, worker):
        monkeypatch.setattr(module, "LEASE", 0.3)
    monkeypatch.setattr(worker, "SILENCE", 0.2)
    run_id = lab.runs.create("anna", SETTINGS)
    hangs = threading.Event()
    train_by(lambda *_: hangs.wait(20) and "finished")
    thread = threading.Thread(target=worker.run, args=(lab.url, run_id, "task"))
    thread.start()
    other, end = None, time.monotonic() + 10
    while other is None and time.monotonic() < end:
        time.sleep(0.02)
        if lab.runs.get(run_id).normalization:  # its training has begun
            other = lab.claims.take(run_id, "other")
    hangs.set()
    thread.join(10)
    assert other is not None
    assert lab.runs.get(run_id).status in ("running", "waiting")  # the other's, whose lease is as short
    with pytest.raises(ClaimLost):
        lab.claims.end(claims.Claim(run_id, 1, SETTINGS, 2, None), "finished")


def test_a_worker_that_cannot_see_the_file_does_not_make_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "get_ready", lambda: None)
    with pytest.raises(worker.NoSharedStore, match="PostgreSQL"):
        worker.run(f"sqlite:///{tmp_path}/elsewhere/digits.sqlite", "run", "task")
    assert list(tmp_path.iterdir()) == []


def test_errors_survive_the_way_back_from_a_worker() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(worker.NoSharedStore("A worker cannot see {what}.", what="it")))
    assert isinstance(error, LabError)
    assert str(error) == "A worker cannot see it."


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_that_it_compiles_is_said_when_that_takes_longer_than_a_moment(
    lab: Store, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOMENT", 1.0)
    run_id = lab.runs.create("anna", SETTINGS)
    claim = lab.claims.take(run_id, "worker")
    assert claim is not None
    life = worker.SignsOfLife(lab, claim)
    assert life._compiles_since is not None
    life._compiles_since -= seconds
    assert life.record([], None, None)
    assert lab.runs.get(run_id).is_compiling == (seconds > 1)
    life.begin_turn()
    assert life.record([Point(0, 0.0, 0.0)], None, None)
    run = lab.runs.get(run_id)
    assert (run.status, run.is_compiling, run.message) == ("running", False, None)


def test_what_a_function_raises_is_told_from_a_function_that_is_not_done() -> None:
    def refuse() -> None:
        raise TimeoutError("of its own")

    assert loops.run(worker.aside(sum, [[1, 2]], 60)) == 3
    with pytest.raises(worker.Raised) as raised:
        loops.run(worker.aside(refuse, [], 60))
    assert str(raised.value.error) == "of its own"
    error = pickle.loads(pickle.dumps(raised.value)).error
    assert (type(error), str(error)) == (TimeoutError, "of its own")
    done = threading.Event()
    with pytest.raises(worker.TookTooLong, match=r"computed for 0\.01 seconds"):
        loops.run(_left_behind(done))


async def _left_behind(done: threading.Event) -> None:
    """``aside`` with a function that lasts until after its time; the loop's end waits for its thread."""
    try:
        await worker.aside(done.wait, [60], 0.01)
    finally:
        done.set()
