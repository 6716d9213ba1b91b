"""What is printed at the start: which address is for whom, and how to stop."""

from __future__ import annotations

import errno
import socket
import tomllib
from ipaddress import ip_address
from pathlib import Path

import house
import pytest
import streamlit as st

from dashboard import greeting


def test_learners_are_given_the_address_in_their_network() -> None:
    learners, here, stop = greeting.lines("192.168.1.5", None, 8501)
    assert learners == "Learners in the same network open http://192.168.1.5:8501"
    assert here == "On this machine: http://localhost:8501"
    assert "Ctrl+C" in stop


@pytest.mark.parametrize("host", greeting.EVERYWHERE)
def test_without_a_network_nobody_is_sent_anywhere(host: str | None) -> None:
    said = greeting.lines(greeting.ALONE, host, 8501)
    assert not any("Learners" in line or "127.0.0.1" in line for line in said)
    assert any("no network" in line for line in said)


def test_a_host_a_base_path_and_https_are_in_the_address() -> None:
    assert greeting.lines("192.168.1.5", "::1", 8501, "/some/lab/", "https") == [
        "The lab is at https://[::1]:8501/some/lab",
        "Ctrl+C stops the lab. Runs that are not done go on at the next start.",
    ]
    learners, here, _stop = greeting.lines("192.168.1.5", "", 80, "lab")
    assert (learners.split()[-1], here.split()[-1]) == (
        "http://192.168.1.5:80/lab",
        "http://localhost:80/lab",
    )


def test_streamlit_s_options_and_the_server_s_language_are_followed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"server.port": 8600, "server.baseUrlPath": "lab", "server.sslCertFile": "it.pem"}
    monkeypatch.setattr(st, "get_option", options.get)
    monkeypatch.setattr(greeting, "own_address", lambda: "10.0.0.2")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    greeting.say()
    told = capsys.readouterr().out
    assert "同一网络里的学习者打开 https://10.0.0.2:8600/lab\n" in told
    assert "Learners" not in told


def test_the_own_address_is_that_of_the_way_out_or_of_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ip_address(greeting.own_address()).version == 4

    class Unconnected(socket.socket):
        def connect(self, _address: object) -> None:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "socket", Unconnected)
    assert greeting.own_address() == greeting.ALONE


def test_streamlit_s_own_lines_are_off() -> None:
    """They would ask a server on the internet, and warn where there is none."""
    file = Path(greeting.__file__).parent / ".streamlit" / "config.toml"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["logger"]["hideWelcomeMessage"] is True


def test_readme_tells_what_is_printed() -> None:
    learners, here, stop = greeting.lines("192.168.1.5", None, 8501)
    start = (house.ROOT / "README.md").read_text(encoding="utf-8").split("## ")[0]
    assert "prints two addresses: the first, such as `http://192.168.1.5:8501`" in start
    assert "http://192.168.1.5:8501" in learners
    assert "localhost" in here
    assert "Ctrl+C stops the lab" in start
    assert "Ctrl+C stops the lab" in stop
