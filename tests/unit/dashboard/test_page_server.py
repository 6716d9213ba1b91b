"""Page processes of one lab do not get into each other's way."""

import io
import subprocess
import sys
from typing import Any

import pytest

from dashboard import page_server, serve
from dashboard.frame import resources


class Process:
    """What a start was asked for."""

    def __init__(self, command: list[str], **_given: Any) -> None:
        self.command, self.stdin = command, io.StringIO()


def test_each_page_process_keeps_a_log_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", "sqlite:///folder/digits.sqlite")
    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr("dashboard.page_server.cli.main", lambda _options: None)
    monkeypatch.setattr("dashboard.page_server.threading.Thread.start", lambda _thread: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(resources, "_numbers", [])
    assert str(resources.log_file()).endswith("lab.log")
    names = []
    for number in (1, 2):
        started = serve._start(number, 8000 + number, "", (), "127.0.0.1")
        place = started.command.index("dashboard.page_server")  # type: ignore[attr-defined]
        told = started.command[place + 1 :]  # type: ignore[attr-defined]
        page_server.main(int(told[0]), told[1:])
        log = resources.log_file()
        assert log is not None
        names.append(log.name)
    assert names == ["lab-1.log", "lab-2.log"]
