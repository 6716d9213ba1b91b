"""The embedded Dask cluster, in a process of its own: ``python -m core.cluster embedded``.

It prints its address and its key when its workers are ready, and ends when its standard input does, that is,
when whoever started it is gone, however that happened. Its workers end with it, also those that still start.

A scheduler does what it is told: whoever reaches it runs code as the lab. So all that its parts and the
engine say to each other is encrypted, and each must show a key that exists in their memory only. Another
account of the same machine does not have it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from contextlib import suppress
from typing import NoReturn

import dask
import psutil
from dask.system import CPU_COUNT
from distributed import LocalCluster, Status
from distributed.security import Security
from distributed.system import MEMORY_LIMIT

from core.cluster.programs import SharedPrograms

CONFIGURATION = {
    # The engine itself submits a run again when its worker died: it knows whose turn it is.
    "distributed.scheduler.allowed-failures": 0,
    # A worker that dies again while it is started again is not lost: its keeper starts it once more.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    # Nothing can be spilled to disk; pausing would only make a run silent.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    # Their pages ask nobody for a key, and name runs.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.nanny.http.routes": [],
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.tick.interval": "1s",
}
CHECK = 1.0
"""Seconds between two looks at the workers' keepers."""
MEMORY = 1.5e9
"""Bytes set aside for a worker: TensorFlow with MNIST takes 1.0e9."""


def usual_workers() -> int:
    """One a core, as far as memory allows; a container's limits are heeded."""
    return max(1, min(CPU_COUNT, int(MEMORY_LIMIT / MEMORY)))


def main(workers: int) -> None:
    """Serve until standard input ends, or a worker cannot be started again.

    Args:
        workers: how many runs it trains at once.
    """
    programs = SharedPrograms()
    threading.Thread(target=_end_with_input, args=(programs,), daemon=True).start()
    security = Security.temporary()  # type: ignore[no-untyped-call]
    with dask.config.set(CONFIGURATION):
        cluster = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            protocol="tls",
            security=security,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=int(0.9 * MEMORY_LIMIT / workers),
            preload=["core.cluster.worker"],
            silence_logs=logging.ERROR,
        )
        print(greeting(cluster.scheduler_address, security), flush=True)
        while _count_running(cluster) >= workers:
            time.sleep(CHECK)
    _end(programs)  # whoever started this starts it again, whole


def _count_running(cluster: LocalCluster) -> int:
    return sum(nanny.status == Status.running for nanny in cluster.workers.values())


def greeting(address: str, security: Security) -> str:
    """Where the scheduler is, and what opens it, in one line for whoever started this."""
    keys = security.get_tls_config_for_role("client")  # type: ignore[no-untyped-call]
    return json.dumps({"address": address, "certificate": keys["cert"], "key": keys["key"]})


def _end_with_input(programs: SharedPrograms) -> None:
    """Wait until whoever started this is gone."""
    sys.stdin.read()
    _end(programs)


def _end(programs: SharedPrograms) -> NoReturn:
    """End at once: closing politely would wait for what trains, or starts. Runs are safe in the store.

    A worker notices by itself that its keeper is gone, but not while it loads TensorFlow.
    """
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    programs.close()
    os._exit(0)
