"""What starts, hears and ends the embedded cluster, which itself is ``core/cluster/local.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from core import ROOT
from core.errors import N_, LabError

QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical", "PYTHONWARNINGS": "ignore:resource_tracker"}
"""The cluster ends abruptly, on purpose. Dask and Python would tell of it at length."""
FAREWELL = 1.0
"""Seconds in which a process, and then the engine's dispatcher, may end by itself."""
SEPARATE: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"process_group": 0}  # no new session: Linux would not heed the workers' low priority then
)
"""How a process is started that Ctrl+C does not reach: whoever started it ends it."""


class NoCluster(LabError):
    """There is no cluster to train on."""


def start(workers: int | None = None) -> subprocess.Popen[str]:
    """Start the cluster's process, which ends when its standard input does.

    Args:
        workers: None is one a core, as far as memory allows.
    """
    count = ("--workers", str(workers)) if workers else ()
    return subprocess.Popen(
        [sys.executable, "-m", "core.cluster", "embedded", *count],
        cwd=ROOT,
        env=QUIET | os.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **SEPARATE,
    )


def wait_for_greeting(process: subprocess.Popen[str]) -> str:
    """What the cluster says when its workers are ready: its address and its key, in a line.

    Raises NoCluster.
    """
    assert process.stdout is not None
    greeting = process.stdout.readline().strip()
    if not greeting:
        raise NoCluster(N_("The workers could not be started. Look into the server's log for the reason."))
    return greeting


def read_greeting(line: str) -> tuple[str, Any]:
    """The address and the security of the cluster that said this line."""
    from distributed.security import Security

    said = json.loads(line)
    security = Security(  # type: ignore[no-untyped-call]
        require_encryption=True,
        tls_ca_file=said["certificate"],
        tls_client_cert=said["certificate"],
        tls_client_key=said["key"],
    )
    return said["address"], security


def end(process: subprocess.Popen[str] | None) -> None:
    """Close the process' standard input, which ends it; be blunt if that does not help."""
    if process is None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=FAREWELL)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
