"""Learners before a real server, in Streamlit's own protocol over websockets: what benchmarks of it share."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from core.drawing.strokes import Stroke, to_pad
from core.record.store import Store
from core.settings import DEFAULT
from dashboard.browser.run_stream import SOCKET
from dashboard.frame import identity

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "dashboard" / "app.py"
COMPLETE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 30.0
"""Seconds after which an unanswered click counts as failed."""
BETWEEN = 1.0
"""Seconds that a browser leaves between two drawings anew, as ``run_watch.js`` does."""
LOOK = 5.0
"""Seconds between two looks at the memory, of which each takes Linux some fifty milliseconds."""
MEGABYTE = 2**20


def cookie_of(number: int) -> str:
    """The cookie of a learner's browser."""
    return f"benchmark-learner-{number:014d}"


def learner_of(number: int) -> str:
    """Who that browser is in the record."""
    return identity.learner(cookie_of(number))


def stream(url: str, number: int) -> connect:
    """A learner's connection, to be entered with ``async with``."""
    return connect(
        url.replace("http", "ws") + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{identity.NAME}={cookie_of(number)}"},
        max_size=None,
    )


def live_stream(url: str, number: int) -> connect:
    """A learner's second connection, on which the lab pushes what its runs do."""
    return connect(
        f"{url.replace('http', 'ws')}{SOCKET}?lang=en",
        additional_headers={"Cookie": f"{identity.NAME}={cookie_of(number)}"},
        max_size=None,
    )


class Arrival(NamedTuple):
    """A point that came to a screen: when, and since when its run was watched there; ``time.monotonic()``."""

    run: str
    step: int
    moment: float
    since: float


@dataclass
class Record:
    """What all learners met.

    Attributes:
        latencies: seconds from each click until the page was complete. failures: what went wrong instead.
        arrivals: each point that came to a screen.
    """

    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)


@dataclass(frozen=True)
class Watching:
    """A part of the page that is drawn anew when a run goes on: what ``run_watch`` was given."""

    widget: str
    fragment: str
    drawn: Mapping[str, Mapping[str, Any]]
    at: str

    def has_gone_on(self, news: Mapping[str, Any]) -> bool:
        """Whether a run is no longer what this part was drawn from."""
        told = {run: news[run]["told"] for run in self.drawn if "told" in news.get(run, {})}
        return any(
            self.drawn[run][what] != now[what] for run, now in told.items() for what in ("stage", self.at)
        )


@dataclass(frozen=True)
class Verdict:
    """A run's verdict, which is drawn anew when it is another: what ``run_fare`` was given."""

    widget: str
    fragment: str
    run: str
    epoch: int
    code: str

    @property
    def drawn(self) -> Mapping[str, Any]:
        """The run."""
        return {self.run: self.code}

    def has_gone_on(self, news: Mapping[str, Any]) -> bool:
        """Whether the verdict is another one by now."""
        told = news.get(self.run, {}).get("told") or {}
        fare = told.get("fare")
        return fare is not None and told["epoch"] >= self.epoch and fare["code"] != self.code


class Learner:
    """One browser: knows what is on its page by the messages it got, and clicks it.

    Args:
        query: what its address asks for beside the page.
        socket: from ``stream``.

    Attributes:
        session: as the server calls it. watching: the parts of its page that move, by their widgets.
        texts: what it was given to read, in the order of coming.
    """

    def __init__(self, query: Mapping[str, object], socket: ClientConnection, record: Record) -> None:
        self.query = urlencode(query)
        self.session = ""
        self.texts: list[str] = []
        self._socket = socket
        self._record = record
        self._known: dict[str, ForwardMsg] = {}  # messages the server may refer to by their hash
        self._pages: dict[str, str] = {}
        self._page = ""
        self.elements: dict[str, tuple[str, str]] = {}  # name → (widget id, fragment id)
        self._since: dict[str, float] = {}  # run → when it was first watched
        self._moved = 0.0  # when the page was drawn anew last
        self._last_steps: dict[str, int] = {}  # run → step of the newest point that came
        self.watching: dict[str, Watching | Verdict] = {}

    async def open(self, page: str) -> None:
        """Go to a lesson by its path; "" is the first page."""
        self._page = self._pages.get(page, "")
        await self._rerun()

    async def go_back_to(self, query: Mapping[str, object]) -> None:
        """Come to what another address asks for, as by the browser's Back."""
        self.query = urlencode(query)
        await self._rerun(by_history=True)

    async def press(self, label: str) -> None:
        """Press a button."""
        widget, fragment = self.elements[label]
        await self._rerun(WidgetState(id=widget, trigger_value=True), fragment)

    async def press_unheard(self, label: str) -> None:
        """Press a button and do not wait for what comes of it."""
        widget, fragment = self.elements[label]
        await self._send(WidgetState(id=widget, trigger_value=True), fragment)

    async def draw(self, strokes: tuple[Stroke, ...]) -> None:
        """Lift the pen: send what the drawing pad sends."""
        await self.draw_raw(to_pad(strokes))

    async def draw_raw(self, pad: Mapping[str, object]) -> None:
        """Send any JSON as what is on the drawing pad."""
        widget, fragment = self.elements["drawing-pad"]
        said = json.dumps({"drawing": {"raw": {**pad, "background": "#000000"}, "data": None}})
        await self._rerun(WidgetState(id=widget, json_value=said), fragment)

    async def clear_caches(self) -> None:
        """What Streamlit's developer menu sends; no answer comes."""
        await self._socket.send(BackMsg(clear_cache=True).SerializeToString())

    async def watch(self, live: ClientConnection, until: float) -> None:
        """Watch the runs on the page until one is no longer what was drawn, and let the page draw it anew.

        Args:
            live: from ``live_stream``. until: ``time.monotonic()`` at which to stop watching.
        """
        runs = {run for part in self.watching.values() for run in part.drawn}
        asked = {run: {"after": self._last_steps.get(run, -1)} for run in runs}
        for part in self.watching.values():
            if isinstance(part, Verdict):  # the witnesses' answers move beside it
                asked[part.run]["answers"] = asked[part.run]["after"]
        await live.send(json.dumps({"watch": asked}))
        for run in asked:
            self._since.setdefault(run, time.monotonic())
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                while not (moved := self._moved_by(json.loads(await live.recv()))):
                    pass
        except TimeoutError:
            return
        await asyncio.sleep(max(0.0, self._moved + BETWEEN - time.monotonic()))
        self._moved = time.monotonic()
        for part in moved:
            if self.watching.get(part.widget) is part:  # else it was drawn anew with the whole page
                event = json.dumps([{"event": "moved", "value": next(iter(part.drawn))}])
                name = f"$$STREAMLIT_INTERNAL_KEY_{part.widget}__events"
                await self._rerun(WidgetState(id=name, json_trigger_value=event), part.fragment)
        if not self.watching:
            await live.send(json.dumps({"watch": {}}))

    def _moved_by(self, news: Mapping[str, Any]) -> list[Watching | Verdict]:
        """Note the points that came, and tell which parts of the page must be drawn anew."""
        for run, each in news.items():
            for step in each.get("points", {}).get("step", []):
                self._record.arrivals.append(Arrival(run, step, time.monotonic(), self._since[run]))
                self._last_steps[run] = step
        return [part for part in self.watching.values() if part.has_gone_on(news)]

    async def _rerun(
        self, widget: WidgetState | None = None, fragment: str = "", *, by_history: bool = False
    ) -> None:
        began = time.perf_counter()
        await self._send(widget, fragment, by_history=by_history)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._until_complete()
        except TimeoutError:
            self._record.failures.append("no answer")
            return
        self._record.latencies.append(time.perf_counter() - began)

    async def _send(
        self, widget: WidgetState | None = None, fragment: str = "", *, by_history: bool = False
    ) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.query, self._page
        state.fragment_id, state.is_history_navigation = fragment, by_history
        if widget is not None:
            state.widget_states.widgets.append(widget)
        else:
            state.widget_states.SetInParent()
        await self._socket.send(message.SerializeToString())

    async def _until_complete(self) -> None:
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self._known[message.ref_hash]
                kind = message.WhichOneof("type")
            elif message.metadata.cacheable:
                self._known[message.hash] = message
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id or self.session
            if kind == "new_session":  # what is drawn anew says itself whether it still moves
                again = message.metadata.run.fragment_ids
                kept = [part for part in self.watching.values() if again and part.fragment not in again]
                self.watching = {part.widget: part for part in kept}
            if kind == "script_finished" and message.script_finished in COMPLETE:
                return
            self._take(kind, message)

    def _take(self, kind: str | None, message: ForwardMsg) -> None:
        if kind == "navigation":
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
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
            self.texts.append(element.alert.body)
        elif kind == "markdown":
            self.texts.append(element.markdown.body)
        elif kind == "heading":
            self.texts.append(element.heading.body)
        elif kind == "button":
            self.elements[element.button.label] = (element.button.id, fragment)
        elif kind == "bidi_component" and element.bidi_component.id.endswith("drawing-pad"):
            self.elements["drawing-pad"] = (element.bidi_component.id, fragment)
        elif kind == "bidi_component" and element.bidi_component.component_name == "run_watch":
            (said,) = json.loads(element.bidi_component.json)
            widget = element.bidi_component.id
            self.watching[widget] = Watching(widget, fragment, said["runs"], said["at"])
        elif kind == "bidi_component" and element.bidi_component.component_name == "run_fare":
            self._see_verdict(element.bidi_component, fragment)

    def _see_verdict(self, component: Any, fragment: str) -> None:
        (said,) = json.loads(component.json)
        if said["moves"]:
            verdict = Verdict(component.id, fragment, said["run"], said["epoch"], said["told"]["code"])
            self.watching[component.id] = verdict


class Memory:
    """The largest memory of all page processes together, and of all that trains."""

    def __init__(self, process: int) -> None:
        self._server = psutil.Process(process)
        self.server = self.workers = 0.0

    def look(self) -> None:
        """Measure once, in MB."""
        with suppress(psutil.NoSuchProcess):
            training = [one for each in self._clusters() for one in (each, *each.children(recursive=True))]
            pages = [one for one in self._server.children(recursive=True) if one not in training]
            self.server = max(self.server, _megabytes([self._server, *pages]))
            self.workers = max(self.workers, _megabytes(training))

    def clusters(self) -> int:
        """How many clusters the server has started that still run."""
        return len(self._clusters())

    def _clusters(self) -> list[psutil.Process]:
        found = []
        for child in self._server.children(recursive=True):
            with suppress(psutil.Error):
                found += [child] if "core.cluster" in child.cmdline() else []
        return found

    async def keep_looking(self) -> None:
        """Measure until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK)


def _megabytes(processes: Iterable[psutil.Process]) -> float:
    """What they take together. What they share, libraries above all, is counted once where Linux tells."""
    total = 0.0
    for process in processes:
        with suppress(psutil.Error):
            taken = process.memory_full_info()
            total += getattr(taken, "pss", taken.rss) / MEGABYTE
    return total


@contextmanager
def serving(folder: Path, pages: int = 1, *, app: Path = APP) -> Iterator[tuple[str, Store, Memory]]:
    """The lab as its README starts it, on this machine only, with a database of its own in this folder.

    Args:
        pages: page processes. app: another script instead, that Streamlit serves in one.

    Yields:
        its address, its store, and the memory of its processes. All of them end with the block.
    """
    database = f"sqlite:///{(folder / 'lab.sqlite').as_posix()}"
    process, url = start_server(folder, database, pages, app=app)
    try:
        store = Store(database)
        yield url, store, Memory(process.pid)
        store.close()
    finally:
        with suppress(psutil.NoSuchProcess):  # whoever used it has ended it
            for member in [*psutil.Process(process.pid).children(recursive=True), process]:
                with suppress(psutil.NoSuchProcess):
                    member.terminate()
        process.wait()


def start_server(
    folder: Path, database: str, pages: int = 1, *, port: int | None = None, app: Path = APP
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the lab's server and wait until it answers; returns its process and its address.

    Args:
        folder: where its log goes. database: its address. pages: page processes. port: a free one if None.
        app: the script that Streamlit serves in one process.
    """
    port = port or _free_port()
    where = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    alone = [sys.executable, "-m", "streamlit", "run", str(app), *where]
    several = [sys.executable, "-m", "dashboard.serve", f"--pages={pages}", f"--port={port}"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            alone if pages == 1 else [*several, "--host=127.0.0.1"],
            cwd=ROOT,
            env={**os.environ, "DIGITS_DATABASE_URL": database},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    for _attempt in range(600):
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return process, url
        time.sleep(0.1)
    process.kill()
    raise SystemExit("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_workers(store: Store) -> None:
    """Until a first run was trained: a class meets a warm lab."""
    run_id = store.runs.create("the-teacher-before-class", DEFAULT.change(train=1000, epochs=1))
    while store.runs.get(run_id).status != "finished":
        time.sleep(0.2)
