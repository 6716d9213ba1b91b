"""A cluster ends with its server, and a server ends when it is told to, at whatever moment."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from worker_lab import wait_for

from core import ROOT
from core.cluster.engine import Engine
from core.record.store import Store

QUICKLY = 2.0


def cluster() -> psutil.Popen:
    """An embedded cluster that starts two workers."""
    return psutil.Popen(
        [sys.executable, "-m", "core.cluster", "embedded", "--workers", "2"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_cluster_whose_server_dies_while_its_workers_start_is_gone_at_once() -> None:
    """Killed one to five seconds after its start, it used to outlive its server by as long."""
    started = cluster()
    wait_for(lambda: len(started.children(recursive=True)) >= 3, "its workers' processes")
    family = [started, *started.children(recursive=True)]
    assert started.stdin is not None
    started.stdin.close()
    began = time.monotonic()
    _gone, left = psutil.wait_procs(family, timeout=20)
    assert not left
    assert time.monotonic() - began < QUICKLY + psutil.getloadavg()[0]  # on a quiet machine


def test_an_engine_that_is_closed_while_its_workers_start_ends_soon_and_complains_of_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store, workers=1)
    engine.start()
    wait_for(lambda: engine._process is not None, "a cluster's process")
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < QUICKLY + psutil.getloadavg()[0]
    assert caplog.messages == []
    wait_for(lambda: not engine._thread.is_alive(), "the dispatcher's end")
    store.close()


def test_an_engine_without_a_scheduler_is_closed_soon(tmp_path: Path) -> None:
    """It is just waiting for an answer."""
    store = Store(f"sqlite:///{tmp_path}/digits.sqlite")
    engine = Engine(store, address="tcp://10.255.255.1:8786")
    engine.start()
    time.sleep(0.5)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < QUICKLY + psutil.getloadavg()[0]
    wait_for(lambda: not engine._thread.is_alive(), "the dispatcher's end")
    store.close()
