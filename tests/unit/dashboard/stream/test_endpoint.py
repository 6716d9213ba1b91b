"""Who may follow runs on the lab's WebSocket, and how much a tab may ask of it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import loops
import pytest
from record_lab import SETTINGS, point, take
from starlette.websockets import WebSocket

from core import limits
from core.cluster.engine import Engine, EngineState
from core.record.database import DatabaseProblem
from core.record.store import Store
from dashboard.browser.run_stream import REFUSED, TRY_LATER
from dashboard.frame import identity
from dashboard.stream import endpoint
from dashboard.stream.poller import Poller

COOKIE = "A" * 32
WATCH = json.dumps({"watch": {"no-such-run": {"after": -1}}})


class _Engine:
    def state(self) -> EngineState:
        return EngineState(2, None)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    found = Store(f"sqlite:///{(tmp_path / 'lab.sqlite').as_posix()}")
    made: list[Poller] = []

    def poller() -> Poller:
        if not made:
            made.append(Poller(found, cast(Engine, _Engine())))
        return made[0]

    monkeypatch.setattr(endpoint, "poller", poller)
    yield found
    found.close()


def talk(
    said: Sequence[str] = (), *, cookie: str | None = COOKIE, origin: str | None = None, answers: int = 0
) -> list[dict[str, Any]]:
    """What the lab sends to a tab that says this, and leaves after so many answers."""
    headers = [(b"host", b"lab:8501")]
    headers += [(b"cookie", f"{identity.NAME}={cookie}".encode())] if cookie else []
    headers += [(b"origin", origin.encode())] if origin else []
    scope = {"type": "websocket", "path": "/live/runs", "query_string": b"lang=en", "headers": headers}

    async def run() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        heard = asyncio.Event()
        words = iter(
            [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": s} for s in said)]
        )

        async def receive() -> Any:
            if (word := next(words, None)) is not None:
                return word
            while sum(each["type"] == "websocket.send" for each in sent) < answers:
                await asyncio.wait_for(heard.wait(), 10)
                heard.clear()
            return {"type": "websocket.disconnect", "code": 1001}

        async def send(message: Any) -> None:
            sent.append(message)
            heard.set()

        await endpoint.follow_runs(WebSocket(scope, receive, send))
        return sent

    return loops.run(run())


def test_a_visitor_with_a_link_is_told_of_the_run(store: Store) -> None:
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [point(2)])
    accepted, told = talk([json.dumps({"watch": {run: {"after": -1}}})], origin="http://lab:8501", answers=1)
    assert accepted["type"] == "websocket.accept"
    assert json.loads(told["text"])[run]["points"]["step"] == [2]
    assert endpoint._open == {}


@pytest.mark.parametrize(
    "asked", [{"cookie": None}, {"cookie": "short"}, {"origin": "http://elsewhere.example"}]
)
def test_whoever_is_no_browser_of_the_lab_is_not_let_in(store: Store, asked: dict[str, Any]) -> None:
    (refused,) = talk([WATCH], **asked)
    assert (refused["type"], refused["code"]) == ("websocket.close", REFUSED)


class Line:
    """A socket that only notes that it is closed."""

    def __init__(self) -> None:
        self.closed: int | None = None

    async def close(self, code: int) -> None:
        self.closed = code


def test_a_learner_has_so_many_lines_and_all_together_have(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_STREAMS_IN_ALL", 30)
    learner = identity.learner(COOKIE)
    for counted in ({learner: limits.MOST_STREAMS}, {f"other {number}": 1 for number in range(30)}):
        lines = {who: deque(Line() for _ in range(count)) for who, count in counted.items()}
        monkeypatch.setattr(endpoint, "_open", lines)
        *_accepted, refused = talk([WATCH])
        assert (refused["type"], refused["code"]) == ("websocket.close", TRY_LATER)
        assert {who: len(each) for who, each in lines.items()} == counted


def test_who_has_most_lines_gives_one_up_when_all_are_taken(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_STREAMS_IN_ALL", 30)
    lines = {f"greedy {number}": deque(Line() for _ in range(15)) for number in range(2)}
    oldest, *others = [*lines["greedy 0"], *lines["greedy 1"]]
    monkeypatch.setattr(endpoint, "_open", lines)
    run = store.runs.create("anna", SETTINGS)
    store.claims.record(take(store, run), [point(2)])
    _accepted, told = talk([json.dumps({"watch": {run: {"after": -1}}})], answers=1)
    assert json.loads(told["text"])[run]["points"]["step"] == [2]
    assert oldest.closed == TRY_LATER
    assert [line.closed for line in others] == [None] * 29
    assert {who: len(each) for who, each in lines.items()} == {"greedy 0": 14, "greedy 1": 15}


@pytest.mark.parametrize("said", [["nonsense"], [WATCH] * (limits.MOST_WATCHES + 1)])
def test_a_tab_that_says_nonsense_or_too_much_is_closed(store: Store, said: list[str]) -> None:
    sent = talk(said)
    assert ("websocket.close", REFUSED) in [(each["type"], each.get("code")) for each in sent]


def test_a_record_that_does_not_answer_holds_up_nobody_and_is_tried_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Opening it may take ten seconds: the loop on which all pages go is not where that happens."""

    def poller() -> Poller:
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        raise DatabaseProblem("It does not answer.")

    monkeypatch.setattr(endpoint, "poller", poller)
    _accepted, refused = talk([WATCH])
    assert (refused["type"], refused["code"]) == ("websocket.close", TRY_LATER)
    assert endpoint._open == {}
