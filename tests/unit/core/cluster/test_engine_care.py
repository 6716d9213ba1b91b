"""Beside training, the engine sees to the database now and then."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.cluster import engine as module
from core.cluster import worker
from core.cluster.embedded import NoCluster
from core.cluster.engine import Engine
from core.errors import LabError
from core.record.store import Store


def test_a_disk_that_fills_is_told_and_looked_at_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    def look_after(_database: object) -> LabError | None:
        nonlocal looks
        looks += 1
        return LabError("Only 250 MB are left.")

    monkeypatch.setattr(module, "look_after", look_after)
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store)
    for _ in range(5):
        engine._look_after()
    assert looks == 1
    assert str(engine.warning) == "Only 250 MB are left."
    assert caplog.messages == ["Only 250 MB are left."]
    store.close()


@pytest.mark.parametrize(
    ("address", "told"), [(None, [False, False, True]), ("tcp://127.0.0.1:9", [True] * 3)]
)
def test_of_its_own_cluster_that_is_started_again_only_the_log_tells_for_a_minute(
    address: str | None,
    told: list[bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store, address=address)
    problems = []
    for seconds in (100, 159, 161):
        monkeypatch.setattr(time, "monotonic", partial(float, seconds))
        engine._fail(NoCluster("Nobody answers."))
        problems.append(engine.state().problem)
    assert [problem is not None for problem in problems] == told
    assert str(problems[-1]) == "Nobody answers."
    assert caplog.messages[0] == "Nobody answers."
    store.close()


def test_however_often_its_own_cluster_fails_the_next_try_is_half_a_minute_away_at_most(
    tmp_path: Path,
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store)
    pauses = []
    for _ in range(5_000):
        engine._fail(NoCluster("Nobody answers."))
        pauses.append(engine._patience())
    assert pauses[:5] == [0, 2, 6, 14, 30]
    assert set(pauses[5:]) == {30}
    store.close()


class _Client:
    """Stands for Dask's: notes how it is asked, and raises what it is told to."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.told: dict[str, Any] = {}

    def run(self, *_args: object, **told: Any) -> None:
        self.told = told
        raise self.error


@pytest.mark.parametrize(
    ("met", "told", "match"),
    [
        (worker.Raised(FileNotFoundError("no mnist.npz")), FileNotFoundError, "no mnist"),
        (worker.TookTooLong("It computed for 5 seconds."), worker.TookTooLong, "computed for 5"),
        (ConnectionResetError("gone"), NoCluster, r"do not answer \(ConnectionResetError gone\)"),
        (TimeoutError("timed out"), NoCluster, "do not answer"),
        (CancelledError(), NoCluster, "do not answer"),
    ],
)
def test_a_function_a_slow_one_and_a_silent_worker_are_told_apart(
    met: BaseException,
    told: type[Exception],
    match: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine, client = Engine(store), _Client(met)
    monkeypatch.setattr(engine, "_idlest_worker", lambda _patience: (client, "tcp://127.0.0.1:1"))
    with pytest.raises(told, match=match):
        engine.compute(sum, [1, 2], timeout=5)
    assert client.told == {"workers": ["tcp://127.0.0.1:1"], "callback_timeout": 5 + module.CONNECT}
    store.close()
