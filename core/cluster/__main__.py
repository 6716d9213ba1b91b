"""A cluster's parts: ``python -m core.cluster scheduler | worker ADDRESS | embedded``.

Where one machine is not enough, one runs the scheduler, and each machine that trains runs
``python -m core.cluster worker tcp://scheduler-host:8786``. Both go on until they are stopped, whatever ends
around them. The server itself runs ``embedded``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.cluster import elsewhere, local
from core.command_line import HIGHEST_PORT, MOST_PROCESSES, between, in_the_servers_language, refuse
from core.errors import LabError
from core.translation import _


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks, until it is ended; 1 when it asked for what cannot be."""
    with in_the_servers_language():
        asked = _parser().parse_args(arguments)
        try:
            _do(asked)
        except LabError as error:
            return refuse(error)
    return 0


def _do(asked: argparse.Namespace) -> None:
    if asked.part == "embedded":
        local.main(asked.workers or local.usual_workers())
    elif asked.part == "scheduler":
        elsewhere.scheduler(asked.host, asked.port)
    else:
        elsewhere.worker(asked.scheduler, asked.workers or local.usual_workers())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.cluster",
        description=_("The parts of a lab on several machines. Each goes on until it is stopped."),
    )
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("embedded", help=_("a cluster for the server that starts this"))
    scheduler = parts.add_parser("scheduler", help=_("the scheduler of several machines"))
    scheduler.add_argument("--host", help=_("address to listen at (all of this machine's)"))
    scheduler.add_argument(
        "--port", type=between(int, 0, HIGHEST_PORT), default=8786, help=_("port to listen at (8786)")
    )
    worker = parts.add_parser("worker", help=_("what trains on this machine"))
    worker.add_argument("scheduler", help=_("the scheduler's address, tcp://host:8786 or tls://host:8786"))
    for part in (parts.choices["embedded"], worker):
        part.add_argument(
            "--workers",
            type=between(int, 1, MOST_PROCESSES),
            help=_("runs trained at once (one a core, as memory allows)"),
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
