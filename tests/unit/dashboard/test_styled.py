"""The style stands in the page that a browser loads, and in nothing else."""

from __future__ import annotations

import loops
import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard.styled import FILES, Styled, style

PAGE = (b"<html><body>", b"<div></div></body></html>")
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"38"), (b"etag", b'"a"')]


async def never() -> Message:
    raise AssertionError


def answer(
    *pieces: bytes, accept: str = "text/html,*/*;q=0.8", headers: list[tuple[bytes, bytes]] = HEADERS
) -> tuple[dict[bytes, bytes], list[bytes], set[bytes]]:
    """Headers and pieces of what a browser is answered, and the names of the headers that it asked with."""
    asked: set[bytes] = set()

    async def page(scope: Scope, _receive: Receive, send: Send) -> None:
        asked.update(name for name, _ in scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for place, piece in enumerate(pieces, start=1):
            await send({"type": "http.response.body", "body": piece, "more_body": place < len(pieces)})

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    wanted = [(b"accept", accept.encode()), (b"if-none-match", b'"a"'), (b"accept-encoding", b"gzip")]
    loops.run(Styled(page)({"type": "http", "headers": wanted}, never, keep))
    return dict(sent[0]["headers"]), [message["body"] for message in sent[1:]], asked


def test_a_page_ends_with_the_style_of_the_lab() -> None:
    headers, bodies, asked = answer(*PAGE)
    assert bodies == [b"<html><body><div></div>" + style() + b"</body></html>"]
    assert headers[b"content-length"] == str(len(bodies[0])).encode()
    assert b"etag" not in headers  # it was the file's: a browser would keep an old style
    assert asked == {b"accept"}


@pytest.mark.parametrize("pieces", [PAGE, (b"nothing",)])
def test_what_a_page_loads_passes_as_it_comes(pieces: tuple[bytes, ...]) -> None:
    headers, bodies, asked = answer(*pieces, accept="*/*")
    assert (headers, bodies) == (dict(HEADERS), list(pieces))
    assert b"if-none-match" in asked


def test_an_answer_that_is_no_page_is_not_changed() -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"38")]
    assert answer(*PAGE, headers=headers)[:2] == (dict(headers), [b"".join(PAGE)])


def test_the_style_holds_every_file_and_cannot_end_early() -> None:
    text = style().decode()
    assert len(FILES) == 2
    assert ".stMainBlockContainer" in text  # look/lab.css
    assert ".st-key-stage" in text  # app_pages/start/start.css
    assert text.count("</") == 1
