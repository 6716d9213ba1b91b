"""The browser's modules that follow runs while they train, and where these find what they need.

``run_stream.js`` says how a part of a page uses it; ``dashboard/stream`` is the server's side. A component of
Streamlit is one text of JavaScript, which cannot import the file beside it and is sent anew with each change
of what it shows. So these are served by a route, and the live chart's own script too.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import translation
from dashboard.frame.addresses import address

STREAM, TRACES, CHART, LABELS = "run_stream", "run_traces", "live_chart", "line_labels"
SOCKET = "/live/runs"
"""Path of the WebSocket below the server's base path."""
TRY_LATER, REFUSED = 1013, 1008
"""Codes that close it, of RFC 6455's registry: come again later; what was sent breaks the rules."""

# What a file holds is part of its address, so what a browser has stored under it never changes.
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}


class Link(TypedDict):
    """What a component is given to follow runs: addresses of the two modules, and of the socket."""

    stream: str
    traces: str
    socket: str


def link() -> Link:
    """The addresses, for whoever reads this page in their language."""
    asks = urlencode({"lang": translation.spoken()})
    return {
        "stream": module(STREAM),
        "traces": module(TRACES),
        "socket": f"{address(SOCKET)}?{asks}",
    }


def routes() -> list[Route]:
    """The routes that serve the modules."""
    return [Route(module(name), partial(_answer, name)) for name in (STREAM, TRACES, CHART, LABELS)]


def module(name: str) -> str:
    """The address of one of the modules."""
    return address(f"/live/{name}-{_mark(name)}.js")


@cache
def _mark(name: str) -> str:
    return hashlib.sha256(_text(name)).hexdigest()[:12]


@cache
def _text(name: str) -> bytes:
    return Path(__file__).with_name(f"{name}.js").read_bytes()


async def _answer(name: str, _: Request) -> Response:
    return Response(_text(name), headers=_HEADERS, media_type="text/javascript")
