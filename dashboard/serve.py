"""The lab in several page processes: ``python -m dashboard.serve --pages N [--port P] [--host H] [OPTIONS]``.

One process carries a class of thirty; a hundred learners need two or more. This command starts one cluster,
N page processes on this machine's own address, and a splitter before them on the port that browsers see.
Whatever ends is started again; all ends with this command. OPTIONS are Streamlit's, such as
``--server.baseUrlPath=lab``. README's plain ``streamlit run`` serves the same lab in one process.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from core import ROOT, logs
from core.cluster import embedded
from core.cluster.embedded import NoCluster
from core.command_line import HIGHEST_PORT, MOST_PROCESSES, between, in_the_servers_language
from core.errors import N_
from core.translation import _
from dashboard import greeting
from dashboard.splitter import LONGEST_HEAD, Backend, Splitter, trusted

log = logging.getLogger("dashboard.serve")

LONGEST_PAUSE = 20.0
"""Seconds before something that died again and again is started anew."""
LOCAL = "127.0.0.1"
BASE, BASE_VARIABLE = "--server.baseUrlPath", "STREAMLIT_SERVER_BASE_URL_PATH"
"""Streamlit's names for the path below which pages lie: it is handed on, and told in the address."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    with in_the_servers_language():
        asked, options = _parser().parse_known_args(arguments)
        logs.begin()
        _serve(asked, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard.serve",
        usage="%(prog)s [-h] [--pages N] [--port P] [--host H] [OPTIONS]",
        description=_(
            "The lab in several page processes, as more than thirty learners need it. OPTIONS are "
            "Streamlit's, such as --server.baseUrlPath=lab."
        ),
    )
    pages, port = between(int, 1, MOST_PROCESSES), between(int, 1, HIGHEST_PORT)
    parser.add_argument("--pages", type=pages, default=2, metavar="N", help=_("page processes"))
    parser.add_argument("--port", type=port, default=8501, metavar="P", help=_("the port that browsers see"))
    parser.add_argument(
        "--host", metavar="H", help=_("the address to listen on; all of this machine's where none is named")
    )
    parser.add_argument(BASE, dest="base", default=os.environ.get(BASE_VARIABLE, ""), help=argparse.SUPPRESS)
    return parser


def _serve(asked: argparse.Namespace, options: Sequence[str]) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    where = (asked.host, asked.port, asked.base)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(asked.pages, where, [f"{BASE}={asked.base}", *options] if asked.base else options))


async def serve(pages: int, where: tuple[str | None, int, str], options: Sequence[str]) -> None:
    """Serve until cancelled.

    Args:
        pages: page processes.
        where: the host, or None for all addresses, the port, and the path below which the pages lie.
        options: of each page process.
    """
    host, port, _base = where
    trust = os.environ.get("FORWARDED_ALLOW_IPS", LOCAL)
    backends = [Backend(free_port()) for _ in range(pages)]
    splitter = Splitter(backends, trusted(trust))
    listening = await asyncio.start_server(splitter.serve, host, port, limit=LONGEST_HEAD)
    greeting.tell(greeting.lines(greeting.own_address(), *where))
    async with listening:
        await _keep_cluster(backends, options, trust)


def free_port() -> int:
    """A port of this machine's own address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


async def _keep_cluster(backends: Sequence[Backend], options: Sequence[str], trust: str) -> None:
    """Keep a cluster and its page processes; these begin anew with another cluster, whose key they need."""
    pause = 0.0
    while True:
        cluster = None if os.environ.get("DASK_SCHEDULER_ADDRESS") else embedded.start()
        try:
            said = await asyncio.to_thread(embedded.wait_for_greeting, cluster) if cluster else ""
            pause = 0.0
            async with asyncio.TaskGroup() as group:
                kept = [
                    group.create_task(_keep(number, one, said, options, trust))
                    for number, one in enumerate(backends, start=1)
                ]
                while cluster is None or cluster.poll() is None:
                    await asyncio.sleep(0.5)
                log.warning(N_("The cluster has ended; it and the page processes are started again."))
                for task in kept:
                    task.cancel()
        except NoCluster as problem:
            log.error("%s", problem)
            pause = min(LONGEST_PAUSE, 2 * pause + 1)
        finally:
            await asyncio.to_thread(embedded.end, cluster)
        await asyncio.sleep(pause)


async def _keep(number: int, backend: Backend, said: str, options: Sequence[str], trust: str) -> None:
    """Keep one page process: start it, say when it is up, start it again when it has died."""
    pause = 0.0
    while True:
        process = _start(number, backend.port, said, options, trust)
        try:
            while process.poll() is None:
                if not backend.is_up and await _listens(backend.port):
                    backend.is_up, pause = True, 0.0
                await asyncio.sleep(0.2)
        finally:
            backend.is_up = False
            await asyncio.to_thread(embedded.end, process)
        log.warning(N_("The page process on port %s has ended; it is started again."), backend.port)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, 2 * pause + 1)


def _start(number: int, port: int, said: str, options: Sequence[str], trust: str) -> subprocess.Popen[str]:
    where = [f"--server.port={port}", f"--server.address={LOCAL}", "--server.headless=true"]
    process: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, "-m", "dashboard.page_server", str(number), *where, *options],
        cwd=ROOT,
        env={**os.environ, "FORWARDED_ALLOW_IPS": f"{LOCAL},{trust}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # it would print an address that is not for browsers
        text=True,
        **embedded.SEPARATE,
    )
    assert process.stdin is not None
    process.stdin.write(f"{said}\n")
    process.stdin.flush()
    return process


async def _listens(port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection(LOCAL, port)
    except OSError:
        return False
    writer.close()
    return True


if __name__ == "__main__":
    main()
