"""A real Streamlit server and a real Chromium for every browser test.

Fixtures: ``serve`` (script → server), ``page`` (a fresh 1440 × 900 window), ``new_page`` (one more, or one of
another kind) and ``open_page`` (go there in ``page`` and wait until the app is connected). Wait on what the
page shows, never on a clock.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CONNECTED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path
    folder: Path  # temporary; the lab's database is in it

    def stop(self) -> None:
        """End the server and every process it started."""
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            family = [*parent.children(recursive=True), parent]
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.terminate()
            for member in psutil.wait_procs(family, timeout=5)[1]:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        reason = f"no browser: install one of {', '.join(names)} or name its path in CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """``serve(script, *options, **environment)`` starts ``streamlit run script``; ends with the module."""
    servers: list[Server] = []

    def start(script: Path, *options: str, **environment: str) -> Server:
        servers.append(_start(script, options, environment, tmp_path_factory.mktemp("server")))
        _wait_until_healthy(servers[-1])
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def _start(script: Path, options: tuple[str, ...], environment: dict[str, str], folder: Path) -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in settings.items()]
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *flags, *options],
            cwd=ROOT,
            env={
                **os.environ,
                "DIGITS_DATABASE_URL": f"sqlite:///{(folder / 'digits.sqlite').as_posix()}",
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    base = next((o.split("=", 1)[1].strip("/") for o in options if o.startswith("--server.baseUrlPath=")), "")
    return Server(f"http://127.0.0.1:{port}/{base}".rstrip("/"), process, log, folder)


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1).close()
            return
        time.sleep(0.05)
    server.stop()
    pytest.fail(f"the server did not start:\n{server.log.read_text(encoding='utf-8', errors='replace')}")


@pytest.fixture
def console_errors() -> list[str]:
    """What the page wrote to the browser's console as errors so far."""
    return []


@pytest.fixture
def new_page(browser: Browser, console_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """``new_page(**options)`` opens a browser of its own (no shared cookies), 1440 × 900 unless told.

    An uncaught error in any of its pages fails the test.
    """
    uncaught: list[str] = []
    contexts: list[BrowserContext] = []

    def start(**options: Any) -> Page:
        contexts.append(browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: uncaught.append(str(error)))
        page.on("console", lambda line: console_errors.append(line.text) if line.type == "error" else None)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not uncaught, f"uncaught errors in the page: {uncaught}; console: {console_errors}"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A fresh window of 1440 × 900."""
    return new_page()


@pytest.fixture
def open_page(page: Page) -> Callable[[str], Page]:
    """``open_page(url)`` goes there and waits until the app is connected."""

    def go(url: str) -> Page:
        page.goto(url)
        expect(page.locator(CONNECTED)).to_be_visible(timeout=START_SECONDS * 1000)
        return page

    return go
