"""What is printed at the start: which address is for whom, and how to stop."""

from __future__ import annotations

import tomllib
from pathlib import Path

import house
import pytest
import streamlit as st

from core.translation import speaking
from dashboard import greeting


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The server's options, as a test sets them."""
    chosen: dict[str, object] = {"server.port": 8501, "server.baseUrlPath": ""}
    monkeypatch.setattr(st, "get_option", lambda name: chosen.get(name))
    return chosen


def test_learners_are_given_the_address_in_their_network(options: dict[str, object]) -> None:
    learners, here, stop = greeting.lines("192.168.1.5")
    assert learners == "Learners in the same network open http://192.168.1.5:8501"
    assert here == "On this machine: http://localhost:8501"
    assert "Ctrl+C" in stop


@pytest.mark.parametrize("own", [None, "127.0.0.1"])
def test_without_a_network_nobody_is_sent_anywhere(options: dict[str, object], own: str | None) -> None:
    said = greeting.lines(own)
    assert not any("Learners" in line or "127.0.0.1" in line for line in said)
    assert any("no network" in line for line in said)


def test_a_host_a_base_path_and_https_are_in_the_address(options: dict[str, object]) -> None:
    options |= {"server.address": "::1", "server.baseUrlPath": "/lab/", "server.sslCertFile": "it.pem"}
    assert greeting.lines("192.168.1.5")[0] == "The lab is at https://[::1]:8501/lab"


def test_it_is_said_in_the_server_s_language(options: dict[str, object]) -> None:
    with speaking("zh-CN"):
        assert "http://10.0.0.2:8501" in greeting.lines("10.0.0.2")[0]
        assert "Learners" not in greeting.lines("10.0.0.2")[0]


def test_streamlit_s_own_lines_are_off() -> None:
    """They would ask a server on the internet, and warn where there is none."""
    file = Path(greeting.__file__).parent / ".streamlit" / "config.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["logger"]["hideWelcomeMessage"] is True


def test_readme_tells_what_is_printed(options: dict[str, object]) -> None:
    learners, here, stop = greeting.lines("192.168.1.5")
    start = (house.ROOT / "README.md").read_text(encoding="utf-8").split("## ")[0]
    assert "prints two addresses: the first, such as `http://192.168.1.5:8501`" in start
    assert "http://192.168.1.5:8501" in learners
    assert "localhost" in here
    assert "Ctrl+C stops the lab" in start
    assert "Ctrl+C stops the lab" in stop
