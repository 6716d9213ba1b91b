"""The outages of ``benchmarks.faults``: parts that come late, go and come back around one run.

Each takes a real server through one outage and returns the run that was trained in it; what it has learnt
must be what a run learns that nobody disturbed.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil

from benchmarks.protocol import start_server
from core.record.database import DatabaseGone
from core.record.store import Store
from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0
NOTICED = 5.0
"""Seconds in which a file that is gone must be noticed."""
HOUR = 3_600.0


class Outage:
    """One server in a folder of its own, and what else belongs to it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.file = folder / "kept" / "digits.sqlite"
        self.url = f"sqlite:///{self.file.as_posix()}"
        self._processes: list[int] = []

    def serve(self) -> int:
        """Start the server; returns its process' number."""
        process, _address = start_server(self.folder, self.url)
        self._processes.append(process.pid)
        return process.pid

    def part(self, *arguments: str) -> int:
        """Start a part of a cluster; returns its process' number."""
        command = [sys.executable, "-m", "core.cluster", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        self._processes.append(process.pid)
        return process.pid

    def kill(self, number: int) -> None:
        """Kill a process with all that it started."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(number)
            family = [*process.children(recursive=True), process]
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(family, timeout=10)

    def close(self) -> None:
        """End all that runs."""
        for number in self._processes:
            self.kill(number)


def late_database(outage: Outage, settings: Settings) -> tuple[Store, str]:
    """The server starts while its database cannot be had; a run that is found there then is trained."""
    outage.file.parent.write_text("in the way", encoding="utf-8")
    outage.serve()
    outage.file.parent.unlink()
    store = Store(outage.url)
    return store, store.runs.create("anna", settings)


def scheduler_restart(outage: Outage, settings: Settings) -> tuple[Store, str]:
    """The scheduler of workers elsewhere is killed in the middle of a run, and started again."""
    port = str(_free_port())
    address = f"tcp://127.0.0.1:{port}"
    listening = ("scheduler", "--host", "127.0.0.1", "--port", port)
    first = outage.part(*listening)
    outage.part("worker", address, "--workers", "1")
    with _environment({"DASK_SCHEDULER_ADDRESS": address}):
        outage.serve()
    store = Store(outage.url)
    run_id = store.runs.create("anna", settings)
    wait_until(lambda: store.runs.get(run_id).epochs_done >= 1, "an epoch")
    outage.kill(first)
    outage.part(*listening)
    return store, run_id


def clock_set_back(outage: Outage, settings: Settings) -> tuple[Store, str]:
    """The server is killed in the middle of a run; when it starts again the clock is an hour earlier."""
    server = outage.serve()
    store = Store(outage.url)
    run_id = store.runs.create("anna", settings)
    wait_until(lambda: store.runs.get(run_id).epochs_done >= 1, "an epoch")
    outage.kill(server)
    _move_leases(store, HOUR)
    outage.serve()
    return store, run_id


def file_gone(outage: Outage, settings: Settings) -> tuple[Store, str]:
    """The database's file is moved away in the middle of a run; it is noticed, and put back."""
    outage.serve()
    store = Store(outage.url)
    run_id = store.runs.create("anna", settings)
    wait_until(lambda: store.runs.get(run_id).epochs_done >= 1, "an epoch")
    aside = outage.file.with_name("aside")
    outage.file.rename(aside)
    began = time.monotonic()
    with suppress(DatabaseGone):
        while True:
            store.runs.create("ben", settings)
    if time.monotonic() - began > NOTICED:
        raise SystemExit("That the database's file is gone was not noticed in time.")
    time.sleep(NOTICED)
    aside.rename(outage.file)
    return store, run_id


OUTAGES: Mapping[str, Callable[[Outage, Settings], tuple[Store, str]]] = {
    "late database": late_database,
    "scheduler restart": scheduler_restart,
    "clock set back": clock_set_back,
    "file gone": file_gone,
}


def survive_all(settings: Settings) -> dict[str, bool]:
    """Each outage → whether a run that goes through it ends as one that nobody disturbed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        expected = _through(_nothing, Path(folder) / "undisturbed", settings)
        same = {}
        for name, outage in OUTAGES.items():
            same[name] = _through(outage, Path(folder) / name, settings) == expected
            print(f"{name}: {'the same' if same[name] else 'NOT the same'}", file=sys.stderr)
    return same


def _nothing(outage: Outage, settings: Settings) -> tuple[Store, str]:
    outage.serve()
    store = Store(outage.url)
    return store, store.runs.create("anna", settings)


def _through(
    happens: Callable[[Outage, Settings], tuple[Store, str]], folder: Path, settings: Settings
) -> str:
    """The digest of a run that goes through an outage in a folder of its own."""
    outage = Outage(folder)
    try:
        store, run_id = happens(outage, settings)
        wait_until(lambda: not store.runs.get(run_id).unfinished, f"the end of the run in {folder.name}")
        told = digest(store, run_id)
        store.close()
    finally:
        outage.close()
    return told


def digest(store: Store, run_id: str) -> str:
    """A run's weights, and its curve but its seconds, in one number."""
    told = hashlib.sha256()
    for name, weight in sorted((store.curves.weights(run_id) or {}).items()):
        told.update(name.encode() + np.ascontiguousarray(weight).tobytes())
    told.update(store.curves.points(run_id).drop(columns="seconds").to_numpy().tobytes())
    return told.hexdigest()


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until ``condition()`` is true; give the benchmark up when it takes too many seconds."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come within {patience:g} seconds")
        time.sleep(0.02)


def _move_leases(store: Store, seconds: float) -> None:
    """As if the clock had been so much later when they were given."""
    connection = sqlite3.connect(store.database.file, timeout=10)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        if "lease_until" in columns:
            connection.execute(f"UPDATE {table} SET lease_until = lease_until + ?", (seconds,))
    connection.commit()
    connection.close()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
