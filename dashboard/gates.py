"""What passes before a page is asked for: how many browsers one address brings, how many files are kept."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from cachetools import LRUCache
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core import limits
from core.translation import accepted, speaking, supported
from dashboard.browser.run_stream import SOCKET, TRY_LATER
from dashboard.frame import identity
from dashboard.language import _

ADDRESSES, BROWSERS = 10_000, 20_000
"""How many are remembered, those seen last: some ten megabytes."""
STREAMS, UPLOAD = ("/_stcore/stream", SOCKET), "/_stcore/upload_file/"


class Newcomers:
    """Lets ``limits.MOST_NEW_LEARNERS`` browsers a minute in from one address; those that are known always.

    A browser becomes a learner when it opens a stream, so streams are counted, the lab's own and Streamlit's.
    The address is what uvicorn says: it believes a proxy's X-Forwarded-For only if the proxy's address is in
    FORWARDED_ALLOW_IPS.

    Args:
        clock: seconds, rising.
    """

    def __init__(self, app: ASGIApp, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._clock = clock
        self._came: LRUCache[str, deque[float]] = LRUCache(ADDRESSES)
        self._known: LRUCache[str, bool] = LRUCache(BROWSERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page with a sentence, and close a stream, where too many came."""
        is_stream = scope["type"] == "websocket" and scope["path"].endswith(STREAMS)
        if not is_stream and not asks_for_a_page(scope):
            await self.app(scope, receive, send)
            return
        cookie, came = _cookie(scope), self._lately(_address(scope))
        if cookie in self._known or len(came) < limits.MOST_NEW_LEARNERS:
            if is_stream and cookie not in self._known:
                came.append(self._clock())
            if is_stream and cookie:
                self._known[cookie] = True
            await self.app(scope, receive, send)
        elif is_stream:
            await receive()
            await send({"type": "websocket.close", "code": TRY_LATER, "reason": ""})
        else:
            wait = {"Retry-After": f"{limits.MINUTE:.0f}"}
            await PlainTextResponse(_too_many(scope), 429, wait)(scope, receive, send)

    def _lately(self, address: str) -> deque[float]:
        """When new browsers came from this address within the last minute."""
        came = self._came.setdefault(address, deque(maxlen=limits.MOST_NEW_LEARNERS))
        while came and came[0] <= self._clock() - limits.MINUTE:
            came.popleft()
        return came


def asks_for_a_page(scope: Scope) -> bool:
    """Whether this is a browser that wants a page, not what a page loads."""
    return scope["type"] == "http" and "text/html" in HTTPConnection(scope).headers.get("accept", "")


def _cookie(scope: Scope) -> str | None:
    return identity.read_cookie(HTTPConnection(scope).headers.get("cookie"))


def _address(scope: Scope) -> str:
    """Whom the connection comes from; of an IPv6 address the network: one household's or school's."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:  # a Unix socket has none
        return host
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def _too_many(scope: Scope) -> str:
    wanted = accepted(HTTPConnection(scope).headers.get("accept-language", ""))
    with speaking(supported(*wanted)):
        return _(
            "{count} new browsers came from your address within a minute, as many as the lab lets in. Wait a "
            "minute, then reload this page."
        ).format(count=limits.MOST_NEW_LEARNERS)


class Uploads:
    """Keeps what is uploaded within ``limits``: Streamlit takes any number of files into memory.

    A session's oldest file makes room for its next one, as a photo that was looked at may. When all sessions
    together hold too much, the one that holds most makes room: whoever uploads one photo is not touched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make room as soon as a file was taken."""
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOAD not in scope["path"]:
            await self.app(scope, receive, send)
            return

        async def send_with_room(message: Message) -> None:
            if message["type"] == "http.response.start":
                make_room(_manager())
            await send(message)

        await self.app(scope, receive, send_with_room)


def _manager() -> MemoryUploadedFileManager:
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    return manager


def make_room(manager: MemoryUploadedFileManager) -> None:
    """Remove files until each session holds ``MOST_FILES``, and all together ``UPLOADED_MEGABYTES``."""
    for holder, files in list(manager.file_storage.items()):
        for file in list(files)[: -limits.MOST_FILES]:
            manager.remove_file(holder, file)
    while sum((held := _held(manager)).values()) > limits.UPLOADED_MEGABYTES * 2**20:
        largest = max(held, key=held.__getitem__)
        manager.remove_file(largest, next(iter(manager.file_storage[largest])))


def _held(manager: MemoryUploadedFileManager) -> dict[str, int]:
    """Session → bytes of its files."""
    return {
        holder: sum(len(file.data) for file in files.values())
        for holder, files in list(manager.file_storage.items())
    }
