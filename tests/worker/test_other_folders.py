"""Whichever folder the lab is started from, it has its own configuration, and tells nobody of its use."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from loops import run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config
from worker_lab import wait_for

from benchmarks.protocol import stream
from core import ROOT


class Server:
    """The lab, started in a folder that has nothing to do with it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        options = {"headless": "true", "address": "127.0.0.1", "port": str(port)}
        environment = {f"STREAMLIT_SERVER_{name.upper()}": value for name, value in options.items()}
        environment |= {
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",  # as somebody's machine may say for all its apps
            "DIGITS_DATABASE_URL": f"sqlite:///{(folder / 'digits.sqlite').as_posix()}",
            "DASK_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9",
            "HOME": str(folder),
        }
        with self.log.open("wb") as log:
            self.process = psutil.Popen(
                [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")],
                cwd=folder,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def answers(self) -> bool:
        """Whether it serves pages."""
        with suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).status == 200)
        return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    with suppress(psutil.NoSuchProcess):
        started.process.kill()
    started.process.wait()


async def configuration(url: str) -> Config:
    """What the server tells a new browser."""
    async with stream(url, 1) as browser:
        await browser.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        async for said in browser:
            message = ForwardMsg.FromString(said if isinstance(said, bytes) else said.encode())
            if message.WhichOneof("type") == "new_session":
                told: Config = message.new_session.config
                return told
    raise AssertionError("no session began")


def test_a_lab_started_elsewhere_has_its_configuration_and_stops_when_told(server: Server) -> None:
    wait_for(server.answers, "the server")
    told = run(asyncio.wait_for(configuration(server.url), 60))
    assert not told.gather_usage_stats
    assert told.toolbar_mode == Config.VIEWER  # as dashboard/.streamlit/config.toml says
    server.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    server.process.wait(20)
    assert time.monotonic() - began < 3 + psutil.getloadavg()[0]  # three seconds on a quiet machine
    assert "usage statistics" not in server.log.read_text(encoding="utf-8").lower()
