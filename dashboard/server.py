"""What the server does once, beside serving pages: start the engine, know browsers, serve Plotly."""

from __future__ import annotations

import ctypes
import gc
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from threadpoolctl import threadpool_limits

from core import logs
from core.errors import LabError
from core.translation import speaking
from dashboard import greeting
from dashboard.browser import plotly_library, run_stream
from dashboard.engine_start import EngineStart
from dashboard.frame import identity, page, resources, session
from dashboard.gates import Newcomers, Uploads
from dashboard.language import _
from dashboard.stream import endpoint
from dashboard.styled import Styled

log = logging.getLogger(__name__)

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of glibc's malloc.h
DESCRIPTORS = 8_192
"""Files and connections that may be open at a time."""


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Start training what waits, and warm the workers, before the first learner comes."""
    tell_nobody_else()
    logs.begin(resources.log_file())
    multiply_in_one_thread()
    _share_one_heap()
    open_many_files()
    send_at_once()
    greeting.say()
    engine = EngineStart()
    engine.begin()
    set_aside()
    threading.Thread(target=_warm_up, daemon=True).start()  # no thread that stopping would wait for
    try:
        yield {}
    finally:
        engine.close()


def tell_nobody_else() -> None:
    """Let no browser send Streamlit's usage statistics, whatever a file, a flag or the environment says."""
    config.set_option("browser.gatherUsageStats", False)


def multiply_in_one_thread() -> None:
    """Pages multiply small matrices while every core trains: threads that wait for each other cost time."""
    threadpool_limits(1, user_api="blas")


def _share_one_heap() -> None:
    """Keep what freed memory there is in two heaps, and give large blocks back to the system.

    Every rerun has a thread of its own, and glibc a heap for each thread: a class would leave freed memory in
    sixteen of them. Other systems' allocators do not, so that there is nothing to do.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # musl has none
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 2**20)


def open_many_files() -> None:
    """Let the server have ``DESCRIPTORS`` open at a time, or as many as its account may ask for.

    Streamlit keeps three for every visit, two minutes longer than that lasts, beside its two connections.
    Most systems give a program 1,024 unless it asks for more, macOS 256: a hundred learners who reload their
    page would find it closed. Windows has no such limit.
    """
    if sys.platform != "win32":
        import resource

        given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
        if given != resource.RLIM_INFINITY and given < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def set_aside() -> None:
    """Collect garbage everywhere, and keep what is left, modules and caches, out of the collections to come.

    Python then collects by itself when a quarter is new. ``runner.postScriptGC`` keeps Streamlit from doing
    it after every rerun, which held up a class more than all that a page does.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def send_at_once() -> None:
    """Let what the server's connections send go out at once: they inherit it from the socket they come by.

    A rerun is many small messages, and Nagle's algorithm keeps each until the one before it is answered.
    asyncio turns it off, but not for a socket that was made without naming its protocol, as Streamlit's.
    """
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and _listens(found):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listens(found: socket.socket) -> bool:
    try:
        is_internet = found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM
        return is_internet and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
    except OSError:  # it was closed
        return False


def _warm_up() -> None:
    try:
        resources.warm_up()
    except LabError as error:  # pages say it too
        log.error("%s", error)
    set_aside()


class LearnerCookie:
    """Gives a browser its cookie with every page, so that a reload finds its own runs again.

    The one it has is given again: it lasts a year from the last visit, and is marked secure from the first
    page on that comes over HTTPS. The scheme is what uvicorn says: it believes a proxy's X-Forwarded-Proto
    only if the proxy's address is in FORWARDED_ALLOW_IPS.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the cookie to every HTML answer; a new one where there is none, or none that can be ours."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookie = identity.read_cookie(Headers(scope=scope).get("cookie")) or identity.new_cookie()
        value = identity.set_cookie(cookie, secure=scope.get("scheme") == "https")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_html(message):
                message["headers"] = [*message["headers"], (b"set-cookie", value.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _is_html(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message["headers"]
    )


class Unnamed(logging.Filter):
    """Lets through what Streamlit logs of errors without a name; one with a name is told to its learner."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record goes to the log."""
        return not (record.exc_info and isinstance(record.exc_info[1], LabError))


logging.getLogger("streamlit.error_util").addFilter(Unnamed())


def on_script_error(error: Exception) -> bool:
    """Show an error in plain words instead of a traceback; Streamlit has logged the traceback already."""
    if isinstance(error, LabError):
        page.problem(error)
    else:
        with speaking(session.language()):
            st.error(
                _("Something went wrong on this page. Reload it; your runs are safe."),
                icon=":material/error:",
            )
    return True


MIDDLEWARE = [Middleware(Newcomers), Middleware(Uploads), Middleware(LearnerCookie), Middleware(Styled)]
ROUTES = [plotly_library.route(), *run_stream.routes(), endpoint.route()]
