"""Whatever dies, runs go on by themselves, and end as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from worker_lab import LONG, Lab, wait_for

from core import ROOT
from core.record.store import Store

SERVER = """
import sys, time
from core.cluster.engine import Engine
from core.record.store import Store
with Engine(Store(sys.argv[1]), workers=1):
    time.sleep(600)
"""


def kill(process: Any) -> None:
    """Like kill -9, on every system."""
    process.kill()
    process.wait(10)


def test_a_killed_worker_changes_nothing(lab: Lab, undisturbed: Any) -> None:
    run_id = lab.submit(LONG)
    lab.wait_for_epochs(run_id, 2)
    kill(lab.worker_process(run_id))
    lab.finish(run_id)
    lab.check_same_training(run_id, undisturbed)


def test_four_killed_workers_in_one_run_change_nothing(lab: Lab, undisturbed: Any) -> None:
    run_id = lab.submit(LONG)
    for epoch in (1, 3, 5, 7):
        wait_for(
            lambda epoch=epoch: (
                lab.store.runs.get(run_id).epochs_done >= epoch and run_id in lab.store.queue.running()
            ),
            f"epoch {epoch}",
        )
        kill(lab.worker_process(run_id))
    lab.finish(run_id)
    lab.check_same_training(run_id, undisturbed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot pause a process by a signal")
def test_a_worker_that_goes_silent_is_replaced_and_writes_nothing_more(lab: Lab, undisturbed: Any) -> None:
    run_id = lab.submit(LONG)
    lab.wait_for_epochs(run_id, 1)
    silent = lab.worker_process(run_id)
    silent.suspend()
    wait_for(lambda: lab.store.runs.get(run_id).status == "waiting", "the lease's end", 20)
    lab.finish(run_id)
    lab.check_same_training(run_id, undisturbed)
    wait_for(lambda: not silent.is_running(), "the silent worker's end", 30)


def test_a_killed_scheduler_changes_nothing_and_leaves_no_process(lab: Lab, undisturbed: Any) -> None:
    run_id = lab.submit(LONG)
    lab.wait_for_epochs(run_id, 2)
    cluster, *others = lab.processes()
    kill(cluster)
    wait_for(lambda: not any(process.is_running() for process in others), "the end of its workers", 20)
    lab.finish(run_id)
    lab.check_same_training(run_id, undisturbed)


@contextmanager
def running_server(url: str, **options: Any) -> Iterator[psutil.Popen]:
    """A server in a process of its own, which no failing test leaves behind."""
    server = psutil.Popen([sys.executable, "-c", SERVER, url], cwd=ROOT, **options)
    try:
        yield server
    finally:
        with suppress(psutil.NoSuchProcess):
            server.kill()
        server.wait()


def test_a_killed_server_goes_on_when_it_is_started_again_and_leaves_no_process(
    lab: Lab, undisturbed: Any, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/digits.sqlite"
    store = Store(url)
    run_id = store.runs.create("anna", LONG)
    for epochs in (2, 5):
        with running_server(url) as server:
            wait_for(lambda epochs=epochs: store.runs.get(run_id).epochs_done >= epochs, f"epoch {epochs}")
            # psutil leaves out children that seem older than their parent, as after a step of the clock.
            wait_for(lambda server=server: len(server.children(recursive=True)) >= 2, "its cluster's listing")
            family = server.children(recursive=True)
            assert len(family) >= 2
            kill(server)
        wait_for(lambda family=family: not any(each.is_running() for each in family), "the end of all", 20)
    wait_for(lambda: store.runs.get(run_id).status == "waiting", "the lease's end", 20)
    with running_server(url, stderr=subprocess.DEVNULL) as server:
        here = Lab(store, None)
        here.finish(run_id)
        server.terminate()
        server.wait(20)
    assert here.weights(run_id) == lab.weights(undisturbed)
    curve, expected = store.curves.points(run_id), lab.store.curves.points(undisturbed)
    assert curve.drop(columns="seconds").equals(expected.drop(columns="seconds"))
    store.close()


def test_closing_the_engine_leaves_no_process(tmp_path: Path) -> None:
    from core.cluster.engine import Engine

    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store, workers=1)
    engine.start()
    family = Lab(store, engine)
    wait_for(lambda: engine._process is not None, "a cluster's process", 20)
    time.sleep(0.5)
    processes = family.processes()
    engine.close()
    wait_for(lambda: not any(process.is_running() for process in processes), "the end of all", 20)
    store.close()
