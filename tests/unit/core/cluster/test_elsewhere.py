"""Workers elsewhere: where their scheduler is, what Dask is told, and that they are started again."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import dask.config
import pytest

from core.cluster import __main__ as command
from core.cluster import elsewhere
from core.cluster.elsewhere import NoSchedulersAddress, read_address
from core.cluster.local import CONFIGURATION


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("tcp://scheduler-host:8786", ("scheduler-host", 8786)),
        ("tls://10.0.0.7:1", ("10.0.0.7", 1)),
        ("tcp://[fd00::7]:8786", ("fd00::7", 8786)),
    ],
)
def test_a_schedulers_address_is_read(address: str, place: tuple[str, int]) -> None:
    assert read_address(address) == place


@pytest.mark.parametrize(
    "address", ["scheduler-host:8786", "tcp://scheduler-host", "http://a:1", "tcp://a:port", "tcp://:1", ""]
)
def test_what_is_no_address_is_refused_with_what_is_expected(address: str) -> None:
    with pytest.raises(NoSchedulersAddress, match="tcp://host:8786"):
        read_address(address)


def test_the_command_says_what_is_wrong_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["worker", "nonsense"]) == 1
    assert capsys.readouterr().err.startswith("nonsense is no scheduler's address.")


def test_dask_reads_from_the_environment_what_the_embedded_cluster_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in elsewhere.environment(CONFIGURATION):
        assert name.replace("_", "").isalnum()
    read = dask.config.collect_env(elsewhere.environment(CONFIGURATION))
    for name, value in CONFIGURATION.items():
        assert dask.config.get(name, config=read) == value


class Child:
    """A process that ends at once."""

    def wait(self) -> int:
        return 1


def test_what_ends_is_started_again_after_a_pause_that_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: list[tuple[str, ...]] = []
    pauses: list[float] = []

    def start(what: tuple[str, ...]) -> Any:
        starts.append(what)
        return Child()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(elsewhere, "_start", start)
    monkeypatch.setattr(elsewhere, "_farewell", lambda _child: None)
    monkeypatch.setattr("core.cluster.elsewhere.signal.signal", lambda *_: None)
    monkeypatch.setattr("core.cluster.elsewhere.time.sleep", sleep)
    elsewhere._keep_running(("worker", "tcp://a:1"))
    assert starts == [("worker", "tcp://a:1")] * 7
    assert pauses == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


def test_a_worker_waits_for_a_scheduler_that_comes_late_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(elsewhere, "LOOK", 0.02)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = probe.getsockname()
    waits = threading.Thread(target=elsewhere._wait_for_scheduler, args=("tcp://a:1", place))
    with caplog.at_level("WARNING"):
        waits.start()
        time.sleep(0.2)
        assert waits.is_alive()
        with socket.create_server(place):
            waits.join(10)
    assert not waits.is_alive()
    assert len(caplog.messages) == 2
    assert "waiting for it" in caplog.messages[0]
    assert "answers" in caplog.messages[1]
