"""A real browser before a real lab: what benchmarks of pages share."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.protocol import cookie_of, learner_of, serving
from core.record.store import Store
from core.runs.origin import Origin
from core.settings import DEFAULT, PRESETS, Settings
from dashboard.frame import identity

SIZES = {1440: 900, 1024: 768, 820: 1180, 390: 844}
"""Width → height of the windows that are looked at."""
SKELETON = '[data-testid="stSkeleton"]'
"""Where a widget is still being fetched."""
IDLE = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
CLICKED = 150
"""Milliseconds until a click has reached the server."""
SMALL = DEFAULT.change(train=5_000, epochs=4)
LONGEST = 600.0
"""Seconds that the runs may take."""


def experiments() -> list[tuple[Settings, Origin | None]]:
    """A learner's runs: the report's two, one that is stuck, a duel, a sweep."""
    deep = PRESETS["twenty-layer"]
    duel = [SMALL.change(activation=code) for code in ("relu", "tanh")]
    sweep = [SMALL.change(learning_rate=rate, seed=1) for rate in (0.01, 0.03, 0.1)]
    return [
        (SMALL.change(hidden=deep.network.hidden, activation="sigmoid"), None),
        *((settings, Origin.of("sweep", *sweep)) for settings in sweep),
        *((settings, Origin.of("duel", *duel)) for settings in duel),
        (deep.change(epochs=3), None),
        (DEFAULT, None),
    ]


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The lab with one learner's finished runs in it; yields its address."""
    with serving(folder) as (url, store, _memory):
        for settings, origin in experiments():
            store.runs.create(learner_of(0), settings, origin=origin)
        _wait(store)
        yield url


def _wait(store: Store) -> None:
    until = time.monotonic() + LONGEST
    while any(run.unfinished for run in store.runs.of(learner_of(0))):
        if time.monotonic() > until:
            raise SystemExit("The runs do not end.")
        time.sleep(0.5)


@contextmanager
def browser() -> Iterator[Browser]:
    """An installed Chromium, or the one that CHROMIUM names."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        raise SystemExit(f"No browser: install one of {', '.join(NAMES)} or name its path in CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield started
        started.close()


def window(
    browser: Browser, url: str, width: int, scheme: str = "light", language: str = "en"
) -> BrowserContext:
    """A window of this width as the learner's browser has it; scheme is "light" or "dark"."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=width < 1000,
        locale=language,
    )
    context.add_cookies([{"name": identity.NAME, "value": cookie_of(0), "url": url}])
    return context


def visit(page: Page, address: str) -> None:
    """Go there, and wait until the page is complete."""
    page.goto(address)
    complete(page)


def complete(page: Page) -> None:
    """Wait until all widgets are there and all charts are drawn."""
    page.wait_for_timeout(CLICKED)
    page.locator(IDLE).wait_for(timeout=60_000)
    page.wait_for_function(f"!document.querySelector('{SKELETON}')", timeout=60_000)
    page.wait_for_function(
        "[...document.querySelectorAll('.live-chart')].every(node => node.childElementCount)", timeout=60_000
    )
