"""The lab's own style, put into the page that a browser loads: it is there before anything is drawn.

Were it sent with what a page draws, it would come after it, and move it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.gates import asks_for_a_page

FILES = ("look/lab.css", "app_pages/*/*.css")
"""Where style lives that is no component's own."""
END = b"</body>"
"""Behind everything: Streamlit writes its own style into the head, and of two equal rules the last counts."""
_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
"""Of a request: the page is wanted whole, as it is."""
_ANSWERED = ("etag", "last-modified", "accept-ranges")
"""Of the answer: they are the file's, and the style can change when it does not."""


@cache
def style() -> bytes:
    """All rules, as an element of a page."""
    here = Path(__file__).parent
    files = [file for pattern in FILES for file in sorted(here.glob(pattern))]
    rules = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return f"<style>{rules}</style>".encode()


class Styled:
    """Writes the style into every page that is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a page when it is whole, and anything else as it comes."""
        if not asks_for_a_page(scope):
            await self.app(scope, receive, send)
            return
        asked = [(name, value) for name, value in scope["headers"] if name.lower() not in _ASKED]
        await self.app({**scope, "headers": asked}, receive, _Styling(send))


class _Styling:
    """Sends a page's answer on, with the style in it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._answer()

    async def _answer(self) -> None:
        headers = MutableHeaders(raw=self._start["headers"])
        if headers.get("content-type", "").startswith("text/html") and END in self._body:
            self._body = self._body.replace(END, style() + END)
            headers["content-length"] = str(len(self._body))
            for name in _ANSWERED:
                del headers[name]
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": self._body})
