"""The splitter keeps a browser with its page process, and passes on what a browser says as it is."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import loops
import pytest

from dashboard.frame import identity
from dashboard.splitter import LONGEST_HEAD, Backend, Splitter, cookie_of, passed_on, trusted

COOKIES = [f"browser-{number:024d}" for number in range(6)]
GET = b"GET /train?run=abc HTTP/1.1\r\nHost: lab:8501\r\n"


def nobody(_peer: str) -> bool:
    return False


def request(cookie: str | None = None, *lines: bytes) -> bytes:
    own = [] if cookie is None else [f"Cookie: theme=dark; {identity.NAME}={cookie}".encode()]
    return GET + b"".join(line + b"\r\n" for line in [*own, *lines]) + b"\r\n"


def splitter(count: int) -> tuple[Splitter, list[Backend]]:
    backends = [Backend(port, is_up=True) for port in range(count)]
    return Splitter(backends, nobody), backends


def test_a_browser_stays_with_its_process_until_that_dies_and_then_with_the_next() -> None:
    split, backends = splitter(2)
    first = split.home(COOKIES[0])
    assert first is not None
    first.connections = 9
    assert {split.home(COOKIES[0]) for _ in range(5)} == {first}
    assert split.home(COOKIES[1]) is not first  # the one with fewer connections
    first.is_up = False
    (other,) = (backend for backend in backends if backend is not first)
    assert split.home(COOKIES[0]) is other
    first.is_up, first.connections = True, 0
    assert split.home(COOKIES[0]) is other  # its session is there now
    other.is_up = first.is_up = False
    assert split.home(COOKIES[0]) is None


def test_browsers_are_spread_by_connections() -> None:
    split, backends = splitter(3)
    for cookie in COOKIES:
        home = split.home(cookie)
        assert home is not None
        home.connections += 1
    assert [backend.connections for backend in backends] == [2, 2, 2]


@pytest.mark.parametrize("name", ["Cookie", "cookie", "COOKIE"])
def test_the_labs_cookie_is_found_and_nothing_else(name: str) -> None:
    head = GET + f"{name}: a=b; {identity.NAME}={COOKIES[0]}\r\n\r\n".encode()
    assert cookie_of(head) == COOKIES[0]
    assert cookie_of(request()) is None
    assert cookie_of(GET + b"X-Cookie: " + COOKIES[0].encode() + b"\r\n\r\n") is None


def test_each_request_is_one_connection_and_a_websocket_stays_open() -> None:
    plain = passed_on(request(None, b"Connection: keep-alive"), "10.0.0.7", nobody)
    assert plain.count(b"Connection:") == 1
    assert b"\r\nConnection: close\r\n" in plain
    socket = passed_on(request(None, b"Connection: Upgrade", b"Upgrade: websocket"), "10.0.0.7", nobody)
    assert b"\r\nConnection: Upgrade\r\n" in socket
    for head in (plain, socket):
        assert head.startswith(b"GET /train?run=abc HTTP/1.1\r\n")
        assert head.endswith(b"\r\n\r\n")
        assert b"\r\nHost: lab:8501\r\n" in head


def test_nobody_can_speak_for_a_proxy() -> None:
    said = request(
        None, b"X-Forwarded-For: 1.2.3.4", b"x-forwarded-for: 5.6.7.8", b"X-Forwarded-Proto: https"
    )
    stranger = passed_on(said, "10.0.0.7", nobody)
    assert b"X-Forwarded-For: 1.2.3.4, 5.6.7.8, 10.0.0.7\r\n" in stranger
    assert stranger.lower().count(b"x-forwarded-for") == 1
    assert b"https" not in stranger
    assert b"X-Forwarded-Proto: https\r\n" in passed_on(said, "10.0.0.7", trusted("127.0.0.1, 10.0.0.7"))


@pytest.mark.parametrize(
    ("named", "peer", "is_trusted"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8, ::1", "::1", True),
        ("", "127.0.0.1", False),
        ("*", "192.0.2.7", True),
        ("nonsense", "nonsense else", False),
    ],
)
def test_whom_to_believe_is_read_as_uvicorn_reads_it(named: str, peer: str, is_trusted: bool) -> None:
    assert trusted(named)(peer) is is_trusted


Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]


@asynccontextmanager
async def standing_before(*answers: Answer) -> AsyncIterator[int]:
    """A splitter before real processes, as far as it can tell; gives its port."""
    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for answer in answers]  # type: ignore[arg-type]
    backends = [Backend(server.sockets[0].getsockname()[1], is_up=True) for server in servers]
    split = Splitter(backends, nobody)
    front = await asyncio.start_server(split.serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
    async with front:
        yield front.sockets[0].getsockname()[1]
    for server in servers:
        server.close()


async def say(port: int, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


def test_an_upload_goes_through_byte_for_byte() -> None:
    body = bytes(range(256)) * 2000

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(await reader.readexactly(len(body)))
        writer.close()

    async def upload() -> bytes:
        async with standing_before(echo) as port:
            return await say(port, request(COOKIES[0], f"Content-Length: {len(body)}".encode()) + body)

    assert loops.run(upload()) == body


@pytest.mark.parametrize("words", [b"\r\n", b"x" * (LONGEST_HEAD + 10), b"GET /"])
def test_whoever_says_no_request_is_given_none(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.splitter.HEAD_SECONDS", 0.2)

    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"reached")
        writer.close()

    async def speak() -> bytes:
        async with standing_before(never) as port:
            return await say(port, words)

    assert loops.run(speak()) == b""


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        ([], "The lab is starting. Reload this page in a moment."),
        ([b"Accept-Language: de, en;q=0.5"], "The lab is starting. Reload this page in a moment."),
        ([b"accept-language: zh-CN,zh;q=0.9,en;q=0.8"], "实验室正在启动，请稍后刷新页面。"),
    ],
)
def test_while_no_process_is_up_a_browser_is_told_so_in_its_language(
    languages: list[bytes], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.splitter.START_SECONDS", 0.1)

    async def speak() -> bytes:
        async with standing_before() as port:
            return await say(port, request(None, *languages))

    head, _end, body = loops.run(speak()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"charset=utf-8" in head
    assert body.decode() == told


def test_a_connection_whose_browser_has_left_is_kept_until_its_process_has_answered() -> None:
    """asyncio holds a connection by weak references only: collected half-way, it is said to be destroyed."""
    said: list[dict[str, object]] = []

    async def leave() -> Backend:
        may_answer = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await may_answer.wait()
            writer.close()

        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context))
        server = await asyncio.start_server(slow, "127.0.0.1", 0)
        backend = Backend(server.sockets[0].getsockname()[1], is_up=True)
        front = await asyncio.start_server(Splitter([backend], nobody).serve, "127.0.0.1", 0)
        async with server, front:
            _reader, writer = await asyncio.open_connection(*front.sockets[0].getsockname())
            writer.write(request(COOKIES[0]))
            while not backend.connections:
                await asyncio.sleep(0.01)
            writer.transport.abort()
            await asyncio.sleep(0.05)
            gc.collect()
            assert backend.connections == 1
            may_answer.set()
            while backend.connections:
                await asyncio.sleep(0.01)
        return backend

    assert loops.run(leave()).connections == 0
    assert said == []
