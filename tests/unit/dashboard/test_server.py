"""What the server does with a browser's cookie, and with what ends a page."""

import asyncio
import logging
import re
from collections.abc import Iterator

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit import error_util

from core.errors import LabError
from dashboard import server
from dashboard.frame import session
from dashboard.server import LearnerCookie

OURS = "AbCdEfGhIjKlMnOpQrStUvWxYz-_0123"


def answer(cookie: str | None, *, kind: str = "text/html; charset=utf-8") -> list[str]:
    """The cookies that a browser with this cookie header is given with an answer of this kind."""

    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]}
        )

    async def never() -> Message:
        raise AssertionError

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    headers = [] if cookie is None else [(b"cookie", cookie.encode("latin-1"))]
    asyncio.run(LearnerCookie(page)({"type": "http", "headers": headers}, never, keep))
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_a_browser_without_a_cookie_is_given_one_that_is_ours() -> None:
    (given,) = answer(None)
    name, value = re.match(r"(\w+)=([^;]+); Path=/; ", given).groups()  # type: ignore[union-attr]
    assert name == session.COOKIE
    assert session.is_learner(value)
    assert "HttpOnly" in given


@pytest.mark.parametrize("header", [f"{session.COOKIE}={OURS}", f"theme=dark; {session.COOKIE}={OURS}; a=b"])
def test_a_browser_that_is_known_keeps_its_cookie(header: str) -> None:
    assert answer(header) == []


@pytest.mark.parametrize(
    "header",
    [
        f"{session.COOKIE}=",
        f"{session.COOKIE}=short",
        f"{session.COOKIE}={'x' * 65}",
        f"{session.COOKIE}=<script>alert(document.cookie)</script>",
        f"{session.COOKIE}_of_another_lab={OURS}",
        f"note={session.COOKIE}",
        "\xff\xfe",
    ],
)
def test_a_cookie_that_cannot_be_ours_is_replaced(header: str) -> None:
    """Kept, it would make each reload a new learner, whose runs are not found again."""
    assert len(answer(header)) == 1


def test_only_pages_carry_the_cookie() -> None:
    assert answer(None, kind="text/javascript") == []


class Tracebacks(logging.Handler):
    """Keeps what is logged with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[BaseException | None] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's error."""
        self.errors += [record.exc_info[1]] if record.exc_info else []


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException | None]]:
    """Errors whose tracebacks reach the server's log, ours or Streamlit's."""
    handler = Tracebacks()
    loggers = [logging.getLogger(name) for name in ("streamlit.error_util", "dashboard.server")]
    for logger in loggers:
        logger.addHandler(handler)
        monkeypatch.setattr(logger, "propagate", False)
    yield handler.errors
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("error", "times"), [(ZeroDivisionError("nobody foresaw this"), 1), (LabError("Choose {n}.", n=3), 0)]
)
def test_an_unnamed_error_is_logged_once_and_a_named_one_is_only_told(
    error: Exception, times: int, logged: list[BaseException | None]
) -> None:
    error_util.handle_user_script_exception(error, server.on_script_error)
    assert logged == [error] * times
