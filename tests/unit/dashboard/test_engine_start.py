"""The engine starts by itself as soon as its database is there, and ends with the server."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import pytest

from core.errors import LabError
from dashboard import engine_start
from dashboard.engine_start import EngineStart
from dashboard.frame import resources
from dashboard.frame.sharing import Once


class Engine:
    """Knows whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def replace(monkeypatch: pytest.MonkeyPatch, make: Any) -> None:
    monkeypatch.setattr(engine_start, "PAUSE", 0.001)
    monkeypatch.setattr(resources, "engine", Once(make))


def test_a_database_that_comes_late_is_found_without_a_click(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    def make() -> Engine:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise LabError("The database cannot be reached.")
        return Engine()

    replace(monkeypatch, make)
    start = EngineStart()
    with caplog.at_level(logging.ERROR):
        start.begin()
        start._thread.join(10)
    assert tries == 4
    assert caplog.messages == ["The database cannot be reached."] * 3  # ``core.logs`` tells it once
    made: Any = resources.engine.made()
    start.close()
    assert made.closed


def test_closing_waits_for_no_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer = threading.Event(), threading.Event()

    def make() -> Engine:
        asked.set()
        answer.wait(10)
        raise LabError("The database cannot be reached.")

    replace(monkeypatch, make)
    start = EngineStart()
    start.begin()
    assert asked.wait(10)
    began = time.monotonic()
    start.close()
    assert time.monotonic() - began < 1
    answer.set()
    start._thread.join(10)
    assert not start._thread.is_alive()


def test_nothing_is_started_once_the_server_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, Engine)
    start = EngineStart()
    start.close()
    start.begin()
    start._thread.join(10)
    assert resources.engine.made() is None
