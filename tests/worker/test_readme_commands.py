"""README's lines for several machines, word for word: only hosts and ports are this machine's."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from record_lab import share_no_more
from worker_lab import LONG, wait_for

from core import ROOT
from core.record.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="README's lines are for a shell")


def commands() -> dict[str, str]:
    """The comment above each line of README's block → the line."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## When one machine is not enough")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    lines = block[1].splitlines()
    assert all(comment.startswith("# ") for comment in lines[::2])
    return dict(zip(lines[::2], lines[1::2], strict=True))


class Room:
    """Machines of a school, each a folder of its own with a copy of the project."""

    def __init__(self, folder: Path, database: str) -> None:
        self._folder = folder
        self._server = urlsplit(database)
        self._processes: list[psutil.Popen] = []
        self._port, self._pages = free_port(), free_port()

    def localized(self, line: str) -> str:
        """The line with this machine's hosts and ports."""
        database = f"{self._server.hostname}:{self._server.port}"
        line = line.replace("database-host:5432", database).replace("scheduler-host", "127.0.0.1")
        return line.replace("8786", str(self._port))

    def start(self, machine: str, line: str) -> psutil.Popen:
        """Type the line on a machine."""
        home = self._folder / machine
        if not home.exists():
            for wing in ("core", "dashboard"):
                without = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / wing, home / wing, ignore=without)
            (home / ".venv").symlink_to(ROOT / ".venv")
        log = (home / "log").open("a", encoding="utf-8")
        process = psutil.Popen(
            self.localized(line),
            shell=True,
            cwd=home,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        log.close()
        self._processes.append(process)
        return process

    def log(self, machine: str) -> str:
        """What the machine's commands said."""
        return (self._folder / machine / "log").read_text(encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        ours = ("DASK", "DIGITS", "PYTHONPATH", "STREAMLIT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        database = {"PGHOST": str(self._server.hostname), "PGPORT": str(self._server.port)}
        pages = {"HEADLESS": "true", "ADDRESS": "127.0.0.1", "PORT": str(self._pages)}
        return kept | database | {f"STREAMLIT_SERVER_{name}": value for name, value in pages.items()}

    def close(self) -> None:
        for process in self._processes:
            end(process)


@pytest.fixture
def room(tmp_path: Path, empty_postgres_url: str) -> Iterator[Room]:
    opened = Room(tmp_path, empty_postgres_url)
    yield opened
    opened.close()
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS digits WITH (FORCE)")
        connection.execute("DROP ROLE IF EXISTS lab")


def test_the_lines_make_a_lab_in_whichever_order_and_each_part_may_come_back(room: Room) -> None:
    """First the pages, then workers, then the scheduler, then the database; then the scheduler comes back."""
    database, scheduler, worker, pages = commands().values()
    address = re.search(r"DIGITS_DATABASE_URL=(\S+)", pages)
    assert address is not None
    room.start("pages", pages)
    room.start("worker", worker)
    wait_for(lambda: "waiting for it" in room.log("worker"), "the worker's word")
    wait_for(lambda: "cannot be reached" in room.log("pages"), "the pages' word")
    first = room.start("scheduler", scheduler)
    assert room.start("database", database).wait() == 0
    store = Store(room.localized(address[1]))
    finish(store)
    end(first)
    share_no_more(store)
    run_id = store.runs.create("anna", LONG)
    room.start("scheduler", scheduler)
    finish(store, run_id)
    store.close()
    told = room.log("pages").splitlines()
    sentences = [line.split(" ", 2)[-1] for line in told]
    assert len(sentences) == len(set(sentences)), told  # each trouble once
    assert all(line.startswith("20") for line in told), told  # in one line


def finish(store: Store, run_id: str | None = None) -> None:
    """Wait until a run, a new one unless told, is trained."""
    run_id = run_id or store.runs.create("anna", LONG)
    wait_for(lambda: not store.runs.get(run_id).unfinished, "the end of a run", 120)
    assert store.runs.get(run_id).status == "finished", store.runs.get(run_id).message


def end(process: psutil.Popen) -> None:
    """End what a line started, with all that belongs to it."""
    if process.is_running():
        family = [*process.children(recursive=True), process]
        for each in family:
            if each.is_running():
                each.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
