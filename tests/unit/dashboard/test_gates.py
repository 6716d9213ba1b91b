"""What the server lets in: browsers by address, files by session and in all."""

from pathlib import Path

import loops
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core import limits
from dashboard import gates, server
from dashboard.browser.run_stream import TRY_LATER
from dashboard.frame import identity
from dashboard.gates import Newcomers, Uploads, make_room

MEGABYTE = 2**20


class Door:
    """A server with nothing but the gate, and a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passed = 0
        self._gate = Newcomers(self._lab, lambda: self.now)

    async def _lab(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        self.passed += 1

    def come(
        self,
        kind: str,
        *,
        cookie: str | None = None,
        address: str = "10.0.0.1",
        stream: str = gates.STREAMS[0],
    ) -> list[Message]:
        """What the gate itself answers to a stream ("websocket") or a page ("http"); [] when it lets in."""
        headers = [(b"accept", b"text/html,*/*"), (b"accept-language", b"en-GB,en")]
        if cookie:
            headers.append((b"cookie", f"{identity.NAME}={cookie}".encode()))
        path = stream if kind == "websocket" else "/draw"
        scope = {"type": kind, "path": path, "headers": headers, "client": (address, 4711), "method": "GET"}
        return answers(self._gate, scope)


def answers(app: ASGIApp, scope: Scope) -> list[Message]:
    """All that an app sends to one connection."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": f"{scope['type']}.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def connect() -> None:
        await app(scope, receive, send)

    loops.run(connect())
    return sent


def cookie(number: int) -> str:
    return f"{number:032d}"


def test_a_made_up_cookie_comes_no_further_by_the_line_that_follows_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_NEW_LEARNERS", 2)
    door = Door()
    for number in range(2):
        assert door.come("websocket", cookie=cookie(number), stream="/lab/live/runs") == []
    (closed,) = door.come("websocket", cookie=cookie(2), stream="/lab/live/runs")
    assert closed["code"] == TRY_LATER
    assert door.come("websocket", cookie=cookie(1), stream="/lab/live/runs") == []


def test_a_class_and_a_school_come_in_and_the_next_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NEW_LEARNERS", 3)
    door = Door()
    assert [door.come("websocket", cookie=cookie(number)) for number in range(3)] == [[], [], []]
    (closed,) = door.come("websocket", cookie=cookie(3))
    assert (closed["type"], closed["code"]) == ("websocket.close", 1013)
    start, body = door.come("http", cookie=cookie(3))
    assert start["status"] == 429
    assert b"3 new browsers came from your address" in body["body"]
    assert door.come("websocket", cookie=cookie(1)) == []  # known: a reload, another tab
    assert door.come("http", cookie=cookie(1)) == []
    assert door.come("websocket", cookie=cookie(3), address="10.0.0.2") == []
    door.now += limits.MINUTE
    assert door.come("websocket", cookie=cookie(4)) == []


def test_a_client_without_a_cookie_is_new_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NEW_LEARNERS", 2)
    door = Door()
    assert door.come("websocket") == door.come("websocket") == []
    assert door.come("websocket") != []
    assert door.come("websocket", cookie="too short") != []


def test_pages_alone_make_no_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NEW_LEARNERS", 2)
    door = Door()
    assert all(door.come("http") == [] for _visit in range(9))


def test_one_household_has_one_network_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NEW_LEARNERS", 2)
    door = Door()
    told = [door.come("websocket", cookie=cookie(n), address=f"2001:db8::{n:x}") for n in range(3)]
    assert told[:2] == [[], []]
    assert told[2] != []
    assert door.come("websocket", cookie=cookie(9), address="2001:db8:0:1::1") == []


def store(manager: MemoryUploadedFileManager, holder: str, file: str, megabytes: float) -> None:
    record = UploadedFileRec(file, "photo.jpg", "image/jpeg", bytes(int(megabytes * MEGABYTE)))
    manager.add_file(holder, record)


def held(manager: MemoryUploadedFileManager, holder: str) -> list[str]:
    return list(manager.file_storage.get(holder, {}))


def test_a_session_keeps_its_newest_files() -> None:
    manager = MemoryUploadedFileManager(gates.UPLOAD)
    for number in range(20):
        store(manager, "greedy", str(number), 0.1)
        make_room(manager)
    assert held(manager, "greedy") == ["16", "17", "18", "19"]


def test_many_greedy_sessions_leave_somebodys_photo_alone() -> None:
    manager = MemoryUploadedFileManager(gates.UPLOAD)
    store(manager, "anna", "her photo", 2)
    for number in range(60):
        store(manager, f"greedy {number % 30}", str(number), 4.9)
        make_room(manager)
    assert held(manager, "anna") == ["her photo"]
    sizes = [len(file.data) for files in manager.file_storage.values() for file in files.values()]
    assert sum(sizes) <= limits.UPLOADED_MEGABYTES * MEGABYTE


def test_a_single_file_of_the_largest_size_is_never_removed() -> None:
    assert limits.UPLOADED_MEGABYTES >= 5
    manager = MemoryUploadedFileManager(gates.UPLOAD)
    store(manager, "anna", "her photo", 5)
    make_room(manager)
    assert held(manager, "anna") == ["her photo"]


def test_room_is_made_when_a_file_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager(gates.UPLOAD)
    monkeypatch.setattr(gates, "_manager", lambda: manager)

    async def takes_it(_scope: Scope, _receive: Receive, send: Send) -> None:
        for number in range(9):
            store(manager, "greedy", str(number), 0.1)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    answers(Uploads(takes_it), {"type": "http", "method": "PUT", "path": f"{gates.UPLOAD}greedy/8"})
    assert len(held(manager, "greedy")) == limits.MOST_FILES


def test_the_server_has_both_gates_and_bounds_a_message() -> None:
    assert {Newcomers, Uploads} <= {middleware.cls for middleware in server.MIDDLEWARE}
    config = (Path(server.__file__).parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert "maxWidgetStateSize = 1 " in config
