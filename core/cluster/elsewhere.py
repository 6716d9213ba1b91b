"""Scheduler and workers of several machines: Dask's own commands, kept running.

Dask's workers end when their scheduler does, and do not wait for one that is late. Whoever trains here is
started again until it is told to end, so that the parts of a lab may come and go in any order.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType
from urllib.parse import urlsplit

from distributed.system import MEMORY_LIMIT

from core import ROOT, logs
from core.cluster.local import CONFIGURATION
from core.cluster.programs import SharedPrograms
from core.errors import N_, LabError, shown

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks whether a scheduler is there."""
BRIEF = 10.0
"""Seconds; what ends sooner is started again after a pause that grows."""
LONGEST_PAUSE = 30.0
FAREWELL = 2.0
"""Seconds in which a part may end by itself."""


class NoSchedulersAddress(LabError):
    """What should be a scheduler's address is none."""


def scheduler(host: str | None, port: int) -> None:
    """Run a scheduler until this process is told to end.

    Args:
        host: where it listens; None is every address of this machine.
    """
    where = ("--host", host) if host else ()
    _keep_running(("scheduler", *where, "--port", str(port), "--no-dashboard"))


def worker(address: str, workers: int) -> None:
    """Run so many workers for a scheduler, also for one that comes later or again, until told to end.

    Raises NoSchedulersAddress.
    """
    place = read_address(address)
    memory = str(int(0.9 * MEMORY_LIMIT / workers))
    options = ("--nthreads", "1", "--nworkers", str(workers), "--memory-limit", memory, "--no-dashboard")
    command = ("worker", address, *options, "--preload", "core.cluster.worker")
    programs = SharedPrograms()
    try:
        _keep_running(command, lambda: _wait_for_scheduler(address, place))
    finally:
        programs.close()


def read_address(address: str) -> tuple[str, int]:
    """Host and port of a scheduler's address. Raises NoSchedulersAddress."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in ("tcp", "tls"):
        raise NoSchedulersAddress(
            N_("{address} is no scheduler's address. Expected tcp://host:8786 or tls://host:8786."),
            address=shown(address),
        )
    return host, port


def environment(configuration: Mapping[str, object]) -> dict[str, str]:
    """Dask's settings as the variables in which its processes read them."""
    return {
        f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": str(value)
        for name, value in configuration.items()
    }


def _keep_running(command: tuple[str, ...], wait: Callable[[], None] = lambda: None) -> None:
    """Start ``dask COMMAND`` whenever ``wait`` returns and it does not run; end it with this process."""
    logs.begin()
    signal.signal(signal.SIGTERM, _end)
    child: subprocess.Popen[bytes] | None = None
    pause = LOOK
    try:
        while True:
            wait()
            began = time.monotonic()
            child = _start(command)
            code = child.wait()
            pause = LOOK if time.monotonic() - began > BRIEF else min(2 * pause, LONGEST_PAUSE)
            log.warning(N_("The %s ended (%s); it is started again."), command[0], code)
            time.sleep(pause)
    except (KeyboardInterrupt, SystemExit):
        if child is not None:
            _farewell(child)


def _start(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    settings = environment(CONFIGURATION) | {"DASK_LOGGING__DISTRIBUTED": "error"}
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *command],
        cwd=ROOT,
        env=settings | os.environ,
        stdin=subprocess.DEVNULL,
    )


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _farewell(child: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and be blunt if that does not help: what it trains is safe in the store."""
    child.terminate()
    blunt = threading.Timer(FAREWELL, child.kill)
    blunt.start()
    child.wait()
    blunt.cancel()


def _wait_for_scheduler(address: str, place: tuple[str, int]) -> None:
    """Return when something listens there; say once that nothing does."""
    missed = False
    while True:
        try:
            socket.create_connection(place, timeout=LOOK).close()
        except OSError as error:
            if not missed:
                log.warning(
                    N_("The scheduler at %s does not answer yet (%s); waiting for it."), address, error
                )
            missed = True
            time.sleep(LOOK)
        else:
            if missed:
                log.warning(N_("The scheduler at %s answers."), address)
            return
