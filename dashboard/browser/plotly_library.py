"""plotly.js for the browser, served from the installed plotly package.

Nothing is fetched from the internet, and no copy of the library (4.8 MB) lies in the repository. The
server gets one route more, ``st.App(..., routes=[plotly_library.route()])``; live_chart.js loads the
library from there once per browser tab, and the browser keeps it between visits.
"""

from __future__ import annotations

import gzip
from functools import cache

from plotly.offline import get_plotlyjs, get_plotlyjs_version
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.frame import addresses

# The version is part of the address, so what a browser has stored under it never changes.
_HEADERS = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}


def address() -> str:
    """Path of the library on this server, below ``server.baseUrlPath`` when the lab runs under one."""
    return addresses.address(f"/plotly/plotly-{get_plotlyjs_version()}.min.js")


def route() -> Route:
    """The route that answers at ``address()``."""
    return Route(address(), _answer)


async def _answer(_: Request) -> Response:
    # On the event loop, so that thirty browsers at once wait for one compression (0.15 s) and do not
    # each start their own.
    return Response(_compressed(), headers=_HEADERS, media_type="text/javascript")


@cache
def _compressed() -> bytes:
    """The library as gzip, 1.5 MB; every browser that runs Streamlit accepts gzip."""
    return gzip.compress(get_plotlyjs().encode(), compresslevel=6)
