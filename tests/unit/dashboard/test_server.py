"""What the server does with a browser's cookie, and with what ends a page."""

import logging
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import loops
import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit import config, error_util
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import create_reference_msg, populate_hash_if_needed
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core.errors import LabError
from dashboard import server
from dashboard.frame import identity
from dashboard.server import LearnerCookie

DASHBOARD = Path(server.__file__).parent
OURS = "AbCdEfGhIjKlMnOpQrStUvWxYz-_0123"


async def never() -> Message:
    raise AssertionError


def answer(
    cookie: str | None = None,
    *,
    kind: str = "text/html; charset=utf-8",
    scheme: str = "http",
    forwarded: str | None = None,
    client: str = "127.0.0.1",
    trusted: str = "127.0.0.1",
) -> list[str]:
    """The cookies that a browser with this cookie header is given with an answer of this kind.

    Args:
        scheme: of the connection to the server. forwarded: the X-Forwarded-Proto that came with it.
        client: where it came from. trusted: what FORWARDED_ALLOW_IPS says, for uvicorn's own middleware.
    """

    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind.encode())]}
        )

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    headers = [] if cookie is None else [(b"cookie", cookie.encode("latin-1"))]
    headers += [] if forwarded is None else [(b"x-forwarded-proto", forwarded.encode())]
    scope = {"type": "http", "scheme": scheme, "headers": headers, "client": (client, 50000)}
    served = ProxyHeadersMiddleware(LearnerCookie(page), trusted_hosts=trusted)  # type: ignore[arg-type]
    loops.run(served(scope, never, keep))  # type: ignore[arg-type]
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_a_browser_without_a_cookie_is_given_one_that_is_ours() -> None:
    (first,), (second,) = answer(), answer()
    assert identity.read_cookie(first.partition(";")[0])
    assert first != second


@pytest.mark.parametrize("header", [f"{identity.NAME}={OURS}", f"theme=dark; {identity.NAME}={OURS}; a=b"])
def test_a_browser_that_is_known_keeps_its_cookie_for_another_year(header: str) -> None:
    assert answer(header) == [identity.set_cookie(OURS, secure=False)]


@pytest.mark.parametrize(
    "header",
    [
        f"{identity.NAME}=",
        f"{identity.NAME}=short",
        f"{identity.NAME}={'x' * 33}",
        f"{identity.NAME}=<script>alert(document.cookie)</script>",
        f"{identity.NAME}_of_another_lab={OURS}",
        f"note={identity.NAME}",
        "\xff\xfe",
    ],
)
def test_a_cookie_that_cannot_be_ours_is_replaced(header: str) -> None:
    """Kept, it would make each reload a new learner, whose runs are not found again."""
    (given,) = answer(header)
    assert identity.read_cookie(given.partition(";")[0])
    assert OURS not in given


def test_only_pages_carry_the_cookie() -> None:
    assert answer(kind="text/javascript") == []


def test_under_https_the_cookie_is_secure_also_one_that_was_given_before() -> None:
    for header in (None, f"{identity.NAME}={OURS}"):
        (given,) = answer(header, scheme="https")
        assert given.endswith("; Secure")


def test_a_forwarded_protocol_counts_from_a_trusted_proxy_only() -> None:
    (trusted,) = answer(forwarded="https")
    (elsewhere,) = answer(forwarded="https", client="192.0.2.7")
    (named,) = answer(forwarded="https", client="192.0.2.7", trusted="127.0.0.1,192.0.2.7")
    assert [given.endswith("; Secure") for given in (trusted, elsewhere, named)] == [True, False, True]


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
    """Errors whose tracebacks reach the server's log, ours or Streamlit's, under the lab's configuration."""
    configuration = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    enriched = config.get_option("logger.enableRich")
    config.set_option("logger.enableRich", configuration["logger"]["enableRich"])
    handler = Tracebacks()
    loggers = [logging.getLogger(name) for name in ("streamlit.error_util", "dashboard.server")]
    for logger in loggers:
        logger.addHandler(handler)
        monkeypatch.setattr(logger, "propagate", False)
    yield handler.errors
    config.set_option("logger.enableRich", enriched)
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


def in_part(path: list[int], text: str = "") -> ForwardMsg:
    """What a part of a page draws: a box, or a text in it."""
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = "part"
    if text:
        message.delta.new_element.markdown.body = text
    else:
        message.delta.add_block.flex_container.SetInParent()
    return message


@pytest.fixture
def smallest_kept() -> Iterator[None]:
    """From how many bytes on a browser keeps a message to be referred to, as the lab configures it."""
    configuration = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    name = "global.minCachedMessageSize"
    before = config.get_option(name)
    config.set_option(name, configuration["global"].get("minCachedMessageSize", before))
    yield
    config.set_option(name, before)


@pytest.mark.usefixtures("smallest_kept")
def test_a_part_that_is_drawn_anew_at_once_leaves_nothing_without_its_box() -> None:
    queue = ForwardMsgQueue()
    for message in (in_part([0, 6]), in_part([0, 6, 0]), in_part([0, 6, 0, 0], text="a digit" * 100_000)):
        populate_hash_if_needed(message)
        queue.enqueue(create_reference_msg(message) if message.metadata.cacheable else message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])  # before it could be sent
    assert not queue.flush()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_server_may_open_more_files_than_a_program_is_given() -> None:
    import resource

    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
        server.open_many_files()
        allowed, still = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert allowed == (server.DESCRIPTORS if most < 0 else min(server.DESCRIPTORS, most))
        assert still == most
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given, most))
