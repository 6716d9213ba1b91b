"""The embedded Dask cluster, in a process of its own: ``python -m core.cluster WORKERS``.

It prints its address, and ends when its standard input does, that is, when whoever started it is gone,
however that happened. Its workers in turn end with it.
"""

from __future__ import annotations

import logging
import os
import sys

import dask
from distributed import LocalCluster

CONFIGURATION = {
    # The engine itself submits a run again when its worker died: it knows whose turn it is.
    "distributed.scheduler.allowed-failures": 0,
    # Nothing can be spilled to disk; pausing would only make a run silent.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.interval": "10s",
}


def main(workers: int) -> None:
    """Serve until standard input ends."""
    with dask.config.set(CONFIGURATION):
        cluster = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=0,
            threads_per_worker=1,
            processes=True,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=_memory_limit(workers),
            preload=["core.worker"],
            silence_logs=logging.ERROR,
        )
        cluster.scale(workers)  # type: ignore[no-untyped-call]
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
        # Runs are safe in the store, and a worker that trains would make a polite end take seconds.
        os._exit(0)


def _memory_limit(workers: int) -> int:
    """Bytes a worker may use before it is restarted: nine tenths of the memory, shared equally."""
    import psutil

    return int(0.9 * psutil.virtual_memory().total / workers)


if __name__ == "__main__":
    main(int(sys.argv[1]))
