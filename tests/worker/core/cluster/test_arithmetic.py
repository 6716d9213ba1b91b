"""Whether workers calculate alike is found out, a room can be made alike, and a mixed one is told apart."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from worker_lab import LONG, Lab, wait_for

from core import ROOT
from core.cluster.engine import Engine
from core.cluster.programs import SharedPrograms
from core.network import arithmetic
from core.record.store import Store

x86 = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"), reason="oneDNN's limit is for x86 processors"
)

PROBE = """
from core.network import training
training.use_one_thread()
found = training.warm_up()
print(found.instructions, found.probe)
"""


def probe(limit: str) -> tuple[str, str]:
    """Instructions and probe of a process with this limit."""
    environment = os.environ | {"ONEDNN_MAX_CPU_ISA": limit}
    command = [sys.executable, "-c", PROBE]
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    instructions, digits = told.stdout.split()
    return instructions, digits


@x86
def test_the_documented_limit_reaches_the_weights_and_is_named() -> None:
    """Each process trains the same; were the limit not heeded, the narrower one would give the same bits."""
    narrow, again, wider = probe("SSE41"), probe("SSE41"), probe("AVX2")
    assert narrow == again
    assert (narrow[0], wider[0]) == ("SSE", "AVX2")
    assert narrow[1] != wider[1]


def test_a_program_that_a_neighbour_compiled_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_XLA_FLAGS", "")
    alone = probe("")
    programs = SharedPrograms()
    try:
        first = probe("")
        compiled = {file: file.stat().st_mtime_ns for file in programs.folder.iterdir()}
        assert compiled
        assert probe("") == first == alone
        assert {file: file.stat().st_mtime_ns for file in programs.folder.iterdir()} == compiled
    finally:
        programs.close()


@x86
@pytest.mark.parametrize(
    ("limit", "expected"),
    [("SSE41", "SSE"), ("sse41", "SSE"), ("AVX", "AVX"), ("AVX2", "AVX2"), ("AVX2_VNNI", "AVX2")],
)
def test_the_instructions_are_those_of_the_processor_within_the_limit(
    limit: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", limit)
    assert arithmetic.instructions() == expected


@x86
@pytest.mark.parametrize("limit", ["", "ALL", "AVX512_CORE_VNNI", "nonsense"])
def test_a_limit_that_says_nothing_leaves_what_the_processor_has(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONEDNN_MAX_CPU_ISA", raising=False)
    unlimited = arithmetic.instructions()
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", limit)
    assert arithmetic.instructions() == unlimited


class Room:
    """A scheduler, and workers of different kinds on this one machine."""

    def __init__(self) -> None:
        self.processes: list[psutil.Popen] = []
        scheduler = self._start({}, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = str(wait_for(lambda: _address(scheduler), "a listening scheduler"))

    def worker(self, limit: str) -> Any:
        """Start a worker whose matrix products are limited so."""
        options = ("--nthreads", "1", "--preload", "core.cluster.worker", "--no-dashboard", "--no-nanny")
        return self._start({"ONEDNN_MAX_CPU_ISA": limit}, "worker", self.address, *options)

    def _start(self, environment: dict[str, str], *command: str) -> Any:
        process = psutil.Popen(
            [sys.executable, "-m", "dask", *command],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room()
    yield opened
    opened.close()


@x86
def test_workers_that_differ_never_mix_in_one_run_without_its_being_said(room: Room, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    with Engine(store, address=room.address) as engine:
        lab = Lab(store, engine)
        narrow = room.worker("SSE41")
        wait_for(lambda: engine.state().workers == 1, "the first worker")
        run_id = engine.submit("anna", LONG)
        lab.wait_for_epochs(run_id, 1)
        engine.stop(run_id, learner="anna")
        lab.finish(run_id, "stopped")
        room.worker("AVX2")
        wait_for(lambda: engine.state().workers == 2, "the second worker")
        for epochs in (3, 4, 5):  # either worker would do; it always goes to its own kind
            engine.resume(run_id, epochs, learner="anna")
            lab.finish(run_id)
        assert [each.arithmetic.instructions for each in store.runs.get(run_id).arithmetic] == ["SSE"]
        narrow.kill()
        wait_for(lambda: engine.state().workers == 1, "the end of the first worker")
        engine.resume(run_id, 6, learner="anna")
        lab.finish(run_id)
        run = store.runs.get(run_id)
        first, second = run.arithmetic
        assert (first.step, first.arithmetic.instructions) == (0, "SSE")
        assert (second.step, second.arithmetic.instructions) == (5 * run.steps_per_epoch, "AVX2")
    store.close()


def _address(scheduler: Any) -> str | None:
    for connection in scheduler.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.ip == "127.0.0.1":
            return f"tcp://127.0.0.1:{connection.laddr.port}"
    return None
