"""The WebSocket on which a tab follows its runs; ``dashboard/browser/run_stream.js`` is the other end.

A tab sends which runs it watches, ``{"watch": {id: {"after": step, "layers": step, "answers": step}}}``,
again whenever that changes; ``layers`` and ``answers`` only where the layers' gradients, or the answers to
the witnesses, are wanted, too. It gets ``{id: news}`` whenever something is new, ``news`` being what
``Watched.news`` writes.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, urlparse

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.server_util import is_url_from_allowed_origins

from core import limits
from core.errors import LabError
from core.record import rights
from core.runs.run import Run
from core.translation import supported
from dashboard.browser.run_stream import REFUSED, SOCKET, TRY_LATER
from dashboard.frame import identity, resources
from dashboard.frame.addresses import address
from dashboard.frame.sharing import Once
from dashboard.stream.poller import Poller, Watcher
from dashboard.stream.watched import Known

_RUN = re.compile(r"[A-Za-z0-9_-]{4,40}")
_open: dict[str, deque[WebSocket]] = {}
"""Learner → their sockets, the oldest first."""
_leaving: set[asyncio.Task[None]] = set()
"""Sockets that make room just now; a task that nobody holds may be forgotten."""

poller = Once(lambda: Poller(resources.store(), resources.engine()))
"""The one of this process."""


def route() -> WebSocketRoute:
    """The route of the WebSocket."""
    return WebSocketRoute(address(SOCKET), follow_runs)


async def follow_runs(socket: WebSocket) -> None:
    """Tell a tab what is new of the runs it watches, until it leaves."""
    cookie = identity.read_cookie(socket.headers.get("cookie"))
    if cookie is None or not is_from_the_lab(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(REFUSED)
        return
    learner = identity.learner(cookie)
    with _place(learner, socket) as has_place:
        await socket.accept()
        if not has_place:
            await socket.close(TRY_LATER)
            return
        try:
            found = await asyncio.to_thread(poller)  # a record that does not answer holds up nobody else
        except LabError:  # pages say it
            await _close(socket)
            return
        await _follow(socket, found, learner)


async def _follow(socket: WebSocket, found: Poller, learner: str) -> None:
    """Let the tab be a watcher of the poller's until it leaves."""
    watcher = Watcher(supported(parse_qs(socket.url.query).get("lang", [None])[0]))
    found.attach(watcher)
    telling = asyncio.create_task(_tell(socket, found, watcher, learner))
    try:
        await _listen(socket, found, watcher)
    except WebSocketDisconnect:
        pass
    finally:
        found.detach(watcher)
        telling.cancel()


def is_from_the_lab(origin: str | None, host: str | None) -> bool:
    """Whether a page of the lab opened the socket; a browser sends another site's page's cookie along.

    As Streamlit decides it: programs name no origin, a page names the host that it came from, or one that
    ``server.corsAllowedOrigins`` and ``browser.serverAddress`` allow.
    """
    return origin is None or urlparse(origin).netloc == host or bool(is_url_from_allowed_origins(origin))


@contextmanager
def _place(learner: str, socket: WebSocket) -> Iterator[bool]:
    """Whether there is room for this socket of the learner's, which has its place inside the block."""
    count = len(_open.get(learner, ()))
    has_place = count < limits.MOST_STREAMS and _has_room(count)
    if has_place:
        _open.setdefault(learner, deque()).append(socket)
    try:
        yield has_place
    finally:
        _forget(learner, socket)


def _has_room(count: int) -> bool:
    """Whether who has so many may have one more; when all are taken, who has most gives up the oldest."""
    if sum(map(len, _open.values())) < limits.MOST_STREAMS_IN_ALL:
        return True
    greediest = max(_open, key=lambda learner: len(_open[learner]))
    if len(_open[greediest]) <= count + 1:
        return False
    oldest = _open[greediest][0]
    _forget(greediest, oldest)
    task = asyncio.ensure_future(_close(oldest))
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)
    return True


def _forget(learner: str, socket: WebSocket) -> None:
    sockets = _open.get(learner, deque())
    if socket in sockets:
        sockets.remove(socket)
    if not sockets:
        _open.pop(learner, None)


async def _close(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # it may just have left
        await socket.close(TRY_LATER)


async def _listen(socket: WebSocket, found: Poller, watcher: Watcher) -> None:
    """Take over each list of runs that the tab sends."""
    times: deque[float] = deque(maxlen=limits.MOST_WATCHES)
    while True:
        wanted = read_watch(await socket.receive_text())
        is_flood = len(times) == limits.MOST_WATCHES and times[0] > time.monotonic() - limits.MINUTE
        times.append(time.monotonic())
        if wanted is None or is_flood:
            await socket.close(REFUSED)
            return
        found.follow(watcher, wanted)
        watcher.bell.set()


def read_watch(text: str) -> dict[str, Known] | None:
    """The runs that a tab wants to watch, each with the last steps that it knows; None for anything else."""
    if len(text) > limits.LONGEST_WATCH:
        return None
    try:
        wanted = json.loads(text)["watch"]
        found = {run_id: _known(asked) for run_id, asked in wanted.items() if _RUN.fullmatch(run_id)}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    return found if len(found) <= limits.MOST_WATCHED else None


def _known(asked: dict[str, int]) -> Known:
    return Known(
        point=int(asked["after"]),
        layer=int(asked.get("layers", -1)),
        layers="layers" in asked,
        answer=int(asked.get("answers", -1)),
        answers="answers" in asked,
    )


async def _tell(socket: WebSocket, found: Poller, watcher: Watcher, learner: str) -> None:
    """Send what is new; a slow line delays nobody else, and is sent the sum of what it missed."""

    def may_read(run: Run) -> bool:
        return rights.may("read", run.learner, learner)

    while True:
        await watcher.bell.wait()
        watcher.bell.clear()
        if news := found.news(watcher, may_read):
            try:
                await socket.send_text(news)
            except (WebSocketDisconnect, RuntimeError):  # it has just left
                return
