"""A cluster that somebody else started, in a folder of its own, sharing nothing with us but PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from worker_lab import LONG, Lab, listening, wait_for

from core import ROOT
from core.cluster.engine import Engine
from core.record.store import Store


class Elsewhere:
    """Starts ``dask`` commands in a copy of ``core`` that has no other file in common with this project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[psutil.Popen] = []
        shutil.copytree(ROOT / "core", folder / "core", ignore=shutil.ignore_patterns("__pycache__"))

    def start(self, *command: Any) -> Any:
        """Start ``python -m dask …`` here, without any address in its environment."""
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("DASK", "DIGITS"))
        }
        environment.pop("PYTHONPATH", None)
        process = psutil.Popen(
            [sys.executable, "-m", "dask", *command],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            for each in [*process.children(recursive=True), process]:
                each.kill()
            process.wait()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    place = Elsewhere(tmp_path_factory.mktemp("elsewhere"))
    yield place
    place.close()


@pytest.fixture(scope="module")
def scheduler(elsewhere: Any) -> Any:
    """Address of a scheduler started by hand."""
    process = elsewhere.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    return wait_for(lambda: _address(process), "a listening scheduler")


@pytest.fixture(scope="module")
def workers(elsewhere: Any, scheduler: Any) -> Any:
    """The command that starts two workers by hand."""
    options = ("--nthreads", "1", "--nworkers", "2", "--preload", "core.cluster.worker", "--no-dashboard")
    return elsewhere.start("worker", scheduler, *options, "--host", "127.0.0.1")


def test_the_same_lab_trains_on_it_with_postgresql_between(
    postgres_url: Any, scheduler: Any, workers: Any, lab: Lab, undisturbed: Any
) -> None:
    store = Store(postgres_url)
    with Engine(store, address=scheduler) as engine:
        here = Lab(store, engine)
        wait_for(lambda: engine.state().workers == 2, "two workers")
        run_id = Lab(store, engine).submit(LONG)
        here.wait_for_epochs(run_id, 2)
        _process_at(store.queue.running()[run_id], workers).kill()
        here.finish(run_id)
        assert here.weights(run_id) == lab.weights(undisturbed)
        curve, expected = store.curves.points(run_id), lab.store.curves.points(undisturbed)
        assert curve.drop(columns="seconds").equals(expected.drop(columns="seconds"))
        asked = here.submit(LONG)
        here.wait_for_epochs(asked, 1)
        engine.stop(asked, learner="anna")
        here.finish(asked, "stopped")
    store.close()


def test_a_database_that_was_away_for_a_moment_changes_nothing(
    postgres_url: Any, scheduler: Any, workers: Any, lab: Lab, undisturbed: Any
) -> None:
    store = Store(postgres_url)
    with Engine(store, address=scheduler) as engine:
        here = Lab(store, engine)
        run_id = Lab(store, engine).submit(LONG)
        here.wait_for_epochs(run_id, 2)
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
        here.finish(run_id)
        assert here.weights(run_id) == lab.weights(undisturbed)
    store.close()


def test_a_run_outlives_the_engine_that_submitted_it(postgres_url: Any, scheduler: Any, workers: Any) -> None:
    store = Store(postgres_url)
    with Engine(store, address=scheduler) as engine:
        wait_for(lambda: engine.state().workers == 2, "two workers")
        run_id = Lab(store, engine).submit(LONG)
        wait_for(lambda: store.runs.get(run_id).status == "running", "the run")
    with Engine(store, address=scheduler) as engine:
        Lab(store, engine).finish(run_id)
    store.close()


def test_a_database_file_is_no_meeting_place_and_the_page_says_so(
    tmp_path: Path, scheduler: Any, workers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    monkeypatch.setattr(Store, "url", f"sqlite:///{tmp_path}/not-on-this-machine/digits.sqlite")
    with Engine(store, address=scheduler) as engine:
        run_id = Lab(store, engine).submit(LONG)
        wait_for(lambda: "PostgreSQL" in str(engine.state().problem), "the problem's name")
        assert store.runs.get(run_id).status == "waiting"
    store.close()


def test_a_worker_without_data_is_not_ready_and_the_page_says_why(tmp_path: Path, elsewhere: Any) -> None:
    scheduler = elsewhere.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = wait_for(lambda: _address(scheduler), "a listening scheduler")
    bare = Elsewhere(tmp_path)
    (tmp_path / "core" / "data" / "mnist.npz").unlink()
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    with Engine(store, address=address) as engine:
        bare.start(
            "worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--no-nanny"
        )
        wait_for(lambda: "mnist.npz" in str(engine.state().problem), "the problem's name")
        assert engine.state().workers == 0
        assert engine.state().workers == 0
    store.close()
    bare.close()


def test_a_worker_with_several_threads_is_refused(postgres_url: Any, elsewhere: Any) -> None:
    scheduler = elsewhere.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = wait_for(lambda: _address(scheduler), "a listening scheduler")
    store = Store(postgres_url)
    with Engine(store, address=address) as engine:
        run_id = Lab(store, engine).submit(LONG)
        wait_for(lambda: "has no worker" in str(engine.state().problem), "the problem's name")
        elsewhere.start("worker", address, "--nthreads", "2", "--no-dashboard", "--host", "127.0.0.1")
        wait_for(lambda: "several threads" in str(engine.state().problem), "the next problem's name")
        assert store.runs.get(run_id).status == "waiting"
        engine.stop(run_id, learner="anna")
    store.close()


def _address(scheduler: Any) -> Any:
    """Where a scheduler listens; its diagnostics, if any, are served elsewhere."""
    for connection in scheduler.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.ip == "127.0.0.1":
            return f"tcp://127.0.0.1:{connection.laddr.port}"
    return None


def _process_at(address: Any, workers: Any) -> Any:
    """The process among these that listens at a worker's address."""
    port = int(address.rpartition(":")[2])
    return next(each for each in workers.children(recursive=True) if port in listening(each))
