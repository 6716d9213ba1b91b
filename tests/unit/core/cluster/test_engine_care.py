"""Beside training, the engine sees to the database now and then."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cluster import engine as module
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


@pytest.mark.parametrize(("address", "first"), [(None, None), ("tcp://127.0.0.1:9", "Nobody answers.")])
def test_of_its_own_cluster_that_is_started_again_at_once_only_the_log_tells(
    address: str | None, first: str | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store, address=address)
    told = []
    for _ in range(2):
        engine._fail(NoCluster("Nobody answers."))
        told.append(engine.state().problem)
    assert [problem and str(problem) for problem in told] == [first, "Nobody answers."]
    assert caplog.messages[0] == "Nobody answers."
    store.close()
