"""A class at work: ``python -m benchmarks.classroom [--learners N] [--seconds S] [--json FILE]``.

Starts the real server, opens N real sessions over websockets in Streamlit's own protocol, and lets every
learner browse, train, watch and draw for S seconds while every core trains. Each click and each tick of a
live page is timed from sending it until the server says that the page is complete.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from core.drawing.strokes import Stroke, to_pad
from core.record.store import Store
from dashboard.frame import identity

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 30.0
"""Seconds after which an unanswered click counts as failed."""
MEGABYTE = 2**20


@dataclass
class Record:
    """What all learners met."""

    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Learner:
    """One browser: knows what is on its page by the messages it got, and clicks it."""

    def __init__(self, number: int, socket: ClientConnection, record: Record) -> None:
        self.query = urlencode({"train": 20_000, "epochs": 4, "seed": number})
        self._socket = socket
        self._record = record
        self._known: dict[str, ForwardMsg] = {}  # messages the server may refer to by their hash
        self._pages: dict[str, str] = {}
        self._page = ""
        self.elements: dict[str, tuple[str, str]] = {}  # name → (widget id, fragment id)
        self.timer: tuple[str, float] | None = None

    async def open(self, page: str) -> None:
        """Go to a lesson by its path; "" is the first page."""
        self._page = self._pages.get(page, "")
        await self._rerun()

    async def press(self, label: str) -> None:
        """Press a button."""
        widget, fragment = self.elements[label]
        await self._rerun(WidgetState(id=widget, trigger_value=True), fragment)

    async def draw(self, strokes: tuple[Stroke, ...]) -> None:
        """Lift the pen: send what the drawing pad sends."""
        widget, fragment = self.elements["drawing-pad"]
        said = json.dumps({"drawing": {"raw": to_pad(strokes) | {"background": "#000000"}, "data": None}})
        await self._rerun(WidgetState(id=widget, json_value=said), fragment)

    async def watch(self) -> None:
        """Wait for the live page's timer, once."""
        assert self.timer is not None
        fragment, interval = self.timer
        await asyncio.sleep(interval)
        await self._rerun(None, fragment, by_timer=True)

    async def _rerun(
        self, widget: WidgetState | None = None, fragment: str = "", *, by_timer: bool = False
    ) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.query, self._page
        state.fragment_id, state.is_auto_rerun = fragment, by_timer
        if widget is not None:
            state.widget_states.widgets.append(widget)
        else:
            state.widget_states.SetInParent()
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._until_complete()
        except TimeoutError:
            self._record.failures.append("no answer")
            return
        self._record.latencies.append(time.perf_counter() - began)

    async def _until_complete(self) -> None:
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self._known[message.ref_hash]
                kind = message.WhichOneof("type")
            elif message.metadata.cacheable:
                self._known[message.hash] = message
            if kind == "new_session" and not message.metadata.run.fragment_ids:
                self.timer = None
            if kind == "script_finished" and message.script_finished in COMPLETE:
                return
            self._take(kind, message)

    def _take(self, kind: str | None, message: ForwardMsg) -> None:
        if kind == "navigation":
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.timer = (message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element, message.delta.fragment_id)

    def _see(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self._record.failures.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self._record.failures.append(element.alert.body)
        elif kind == "button":
            self.elements[element.button.label] = (element.button.id, fragment)
        elif kind == "bidi_component" and element.bidi_component.id.endswith("drawing-pad"):
            self.elements["drawing-pad"] = (element.bidi_component.id, fragment)


async def learn(number: int, url: str, record: Record, until: float) -> None:
    """One learner's lesson: look around, then train, watch and draw until the time is up."""
    dice = random.Random(number)
    address = url.replace("http", "ws") + "/_stcore/stream"
    cookie = {"Cookie": f"{identity.NAME}={cookie_of(number)}"}
    async with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=cookie,
        max_size=None,
    ) as socket:
        learner = Learner(number, socket, record)
        await asyncio.sleep(dice.uniform(0, 3))
        for page in ("", "digits", "normalization", "activations", "network"):
            await learner.open(page)
            await asyncio.sleep(dice.uniform(1, 5))
        while time.monotonic() < until:
            await learner.press("Train")
            while learner.timer is not None and time.monotonic() < until:
                await learner.watch()
            if time.monotonic() > until:
                return  # not all at the same moment to the next page
            await learner.open("draw")
            for strokes in doodles(dice):
                await asyncio.sleep(dice.uniform(0.5, 1.5))
                await learner.draw(strokes)
            await learner.open("train")


def doodles(dice: random.Random) -> list[tuple[Stroke, ...]]:
    """A digit in the making: one stroke, then two."""
    x, y = dice.uniform(90, 190), dice.uniform(40, 80)
    down = Stroke(18.0, (("M", x, y), ("L", x - 10, y + 140)))
    bar = Stroke(18.0, (("M", x - 50, y + 20), ("L", x + 30, y)))
    return [(down,), (down, bar)]


class Memory:
    """The largest memory of the server and of its workers, looked at once a second."""

    def __init__(self, process: int) -> None:
        self._server = psutil.Process(process)
        self.server = self.workers = 0.0

    def look(self) -> None:
        """Measure once, in MB."""
        with suppress(psutil.NoSuchProcess):
            children = self._server.children(recursive=True)
            self.server = max(self.server, self._server.memory_info().rss / MEGABYTE)
            self.workers = max(self.workers, sum(child.memory_info().rss for child in children) / MEGABYTE)

    async def keep_looking(self) -> None:
        """Measure until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(1)


async def class_at_work(url: str, learners: int, seconds: float, memory: Memory) -> Record:
    """All learners at once."""
    record = Record()
    looking = asyncio.create_task(memory.keep_looking())
    until = time.monotonic() + seconds
    results = await asyncio.gather(
        *(learn(number, url, record, until) for number in range(learners)), return_exceptions=True
    )
    looking.cancel()
    record.failures += [f"{type(error).__name__}: {error}" for error in results if error is not None]
    return record


def start_server(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The lab as its README starts it, with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(ROOT / "dashboard" / "app.py"),
            f"--server.port={port}",
            "--server.address=127.0.0.1",
            "--server.headless=true",
        ],
        cwd=ROOT,
        env={**os.environ, "DIGITS_DATABASE_URL": f"sqlite:///{(folder / 'class.sqlite').as_posix()}"},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "server.log").open("wb"),
    )
    url = f"http://127.0.0.1:{port}"
    for _attempt in range(300):
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return process, url
        time.sleep(0.1)
    process.kill()
    raise SystemExit("The server did not start.")


def cookie_of(number: int) -> str:
    """The cookie of a learner's browser."""
    return f"benchmark-learner-{number:014d}"


def all_runs(store: Store, learners: int) -> list[Any]:
    """The class's runs."""
    return [run for number in range(learners) for run in store.runs.of(identity.learner(cookie_of(number)))]


def wait_for_workers(store: Store) -> None:
    """Until a first run was trained: a class meets a warm lab."""
    from core.settings import DEFAULT

    run_id = store.runs.create("the-teacher-before-class", DEFAULT.change(train=1000, epochs=1))
    while store.runs.get(run_id).status != "finished":
        time.sleep(0.2)


def wait_for_runs(store: Store, learners: int, patience: float = 300) -> list[Any]:
    """Until every run of the class ended, or patience does."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(run.unfinished for run in all_runs(store, learners)):
        time.sleep(1)
    return all_runs(store, learners)


def measure(learners: int, seconds: float, folder: Path) -> dict[str, Any]:
    """Run the class and sum it up."""
    process, url = start_server(folder)
    try:
        store = Store(f"sqlite:///{(folder / 'class.sqlite').as_posix()}")
        wait_for_workers(store)
        memory = Memory(process.pid)
        memory.look()
        before = memory.server
        record = asyncio.run(class_at_work(url, learners, seconds, memory))
        runs = wait_for_runs(store, learners)
    finally:
        for member in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                member.terminate()
        process.wait()
    if not record.latencies:
        raise SystemExit(f"No click was answered: {record.failures[:3]}")
    finished = sum(run.status == "finished" for run in runs)
    return {
        "learners": learners,
        "seconds": seconds,
        "reruns": len(record.latencies),
        "rerun_p50_seconds": float(np.percentile(record.latencies, 50)),
        "rerun_p95_seconds": float(np.percentile(record.latencies, 95)),
        "failed_reruns": len(record.failures),
        "failures": sorted(set(record.failures))[:10],
        "runs_submitted": len(runs),
        "runs_finished": finished,
        "runs_lost": len(runs) - finished,
        "server_megabytes": memory.server,
        "workers_megabytes": memory.workers,
        "megabytes_a_session": (memory.server - before) / learners,
    }


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        result = measure(options.learners, options.seconds, Path(folder))
    for name, value in result.items():
        print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
