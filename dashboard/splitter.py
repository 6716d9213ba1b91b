"""Stands before several page processes and keeps each browser with one of them.

A browser's page, its WebSockets and its uploads must meet the same process, for it holds the session. The
lab's cookie tells browsers apart. The head of each request is read, the rest only passed on, both ways:
whatever a WebSocket or an upload says goes through as it is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from cachetools import LRUCache

from core.translation import accepted, speaking, supported
from dashboard.frame import identity
from dashboard.language import _

LONGEST_HEAD = 64 * 2**10
"""Bytes of a request before its body; Streamlit's own are a few thousand."""
HEAD_SECONDS, START_SECONDS = 20.0, 30.0
"""How long a browser may take to say what it wants; how long it waits for a process that is starting."""
PIECE = 64 * 2**10
BROWSERS = 20_000
_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 5\r\n"
    b"Connection: close\r\n\r\n"
)
_FORWARDED_PROTO = re.compile(rb"(?im)^x-forwarded-proto:[^\r\n]*\r\n")
_FORWARDED_FOR = re.compile(rb"(?im)^x-forwarded-for:[ \t]*([^\r\n]*)\r\n")
_CONNECTION = re.compile(rb"(?im)^connection:[^\r\n]*\r\n")
_UPGRADE = re.compile(rb"(?im)^upgrade:")
_LANGUAGES = re.compile(rb"(?im)^accept-language:[ \t]*([^\r\n]*)")
_COOKIE = re.compile(rb"(?im)^cookie:[ \t]*([^\r\n]*)")


@dataclass(eq=False)
class Backend:
    """A page process: where it listens, whether it does, and how many connections it has from here."""

    port: int
    is_up: bool = False
    connections: int = 0


class Splitter:
    """Passes connections on to page processes.

    Args:
        backends: the page processes; whoever starts them says when they are up.
        trusts: whether to believe the X-Forwarded-Proto of a connection from this address.
    """

    def __init__(self, backends: Sequence[Backend], trusts: Callable[[str], bool]) -> None:
        self._backends = backends
        self._trusts = trusts
        self._homes: LRUCache[str, Backend] = LRUCache(BROWSERS)
        self._connections: set[asyncio.Task[None] | None] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on until either side ends it."""
        connection = asyncio.current_task()
        self._connections.add(connection)  # asyncio knows it by a weak reference only
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._pass_on(head, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
            pass  # it left, or says nothing that a browser says
        finally:
            self._connections.discard(connection)
            writer.close()

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        backend = await self._wait_for_home(cookie_of(head))
        if backend is None:
            writer.write(_UNAVAILABLE + _starting(head).encode())
            await writer.drain()
            return
        there, back = await asyncio.open_connection("127.0.0.1", backend.port)
        backend.connections += 1
        try:
            back.write(passed_on(head, str(writer.get_extra_info("peername")[0]), self._trusts))
            await _both_ways((reader, back), (there, writer))
        finally:
            backend.connections -= 1
            back.close()

    async def _wait_for_home(self, cookie: str | None) -> Backend | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while (backend := self.home(cookie)) is None:
                    await asyncio.sleep(0.1)
                return backend
        return None

    def home(self, cookie: str | None) -> Backend | None:
        """The process of the browser with this cookie, the same as long as it is up; None while none is.

        A browser that is new, or whose process died, is given the one with the fewest connections.
        """
        if cookie is not None and (known := self._homes.get(cookie)) is not None and known.is_up:
            return known
        up = [backend for backend in self._backends if backend.is_up]
        if not up:
            return None
        chosen = min(up, key=lambda backend: backend.connections)
        if cookie is not None:
            self._homes[cookie] = chosen
        return chosen


def cookie_of(head: bytes) -> str | None:
    """The lab's cookie in the head of a request."""
    found = _COOKIE.search(head)
    return identity.read_cookie(found[1].decode("latin-1")) if found else None


def _starting(head: bytes) -> str:
    """What a browser is told, in its language, while no page process is up."""
    wanted = _LANGUAGES.search(head)
    with speaking(supported(*accepted(wanted[1].decode("latin-1") if wanted else ""))):
        return _("The lab is starting. Reload this page in a moment.")


def passed_on(head: bytes, peer: str, trusts: Callable[[str], bool]) -> bytes:
    """The head as a page process is to see it: with the browser's address, and for this one request only.

    Each request has a connection of its own: the next one on it might belong to a browser that has just been
    given its cookie, and its head would not be read. A WebSocket is one request for good.

    Args:
        peer: address that the connection came from.
    """
    first, _end, rest = head.partition(b"\r\n")
    came_by = [
        *_FORWARDED_FOR.findall(rest),
        peer.encode(),
    ]  # uvicorn reads from the end
    rest = _FORWARDED_FOR.sub(b"", rest)
    if not trusts(peer):
        rest = _FORWARDED_PROTO.sub(b"", rest)
    if not _UPGRADE.search(rest):
        rest = b"Connection: close\r\n" + _CONNECTION.sub(b"", rest)
    return first + b"\r\nX-Forwarded-For: " + b", ".join(came_by) + b"\r\n" + rest


def trusted(named: str) -> Callable[[str], bool]:
    """Whether an address is one of those that FORWARDED_ALLOW_IPS names, as uvicorn reads it.

    Args:
        named: addresses and networks, separated by commas; "*" is any.
    """
    words = [word.strip() for word in named.split(",") if word.strip()]
    networks = []
    for word in words:
        with suppress(ValueError):
            networks.append(ip_network(word, strict=False))

    def trusts(peer: str) -> bool:
        if "*" in words or peer in words:
            return True
        try:
            return any(ip_address(peer) in network for network in networks)
        except ValueError:
            return False

    return trusts


async def _both_ways(*ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    """Copy until the page process has said all, or either side is gone."""
    up, down = (asyncio.create_task(_copy(*way)) for way in ways)
    try:
        await down
    finally:
        up.cancel()
        down.cancel()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
