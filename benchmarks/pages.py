"""How quick pages are to the eye: seconds, bytes and layout shift of each page, at three widths.

Each load is cold: the browser has nothing stored. Layout shift is the browser's own measure (Layout
Instability API) of what moved. It is given from the first moment on, and from when title and sidebar stand.
``--baseline`` measures a Streamlit app with the same frame and nothing in it as well. A switch is a click on
the next page, in a window that has seen none of them: seconds until its title stands, all that moved from the
click on, the sidebar that comes or goes with it, too, and what moved later than half a second after the
click, which is what the API calls unexpected.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request

from benchmarks.browsing import browser, lab, visit, window
from benchmarks.protocol import serving
from dashboard.frame.pages import PAGES
from dashboard.frame.pages import Page as Row

EMPTY = Path(__file__).with_name("empty_frame.py")
WIDTHS = (1440, 1024, 390)
WATCH = """() => {
    const seen = window.seen = { moves: [], title: "", stood: 0 }
    new PerformanceObserver(list => {
        for (const { startTime, value, hadRecentInput } of list.getEntries())
            seen.moves.push([startTime, value, hadRecentInput])
    }).observe({ type: "layout-shift", buffered: true })
    const look = () => {
        const main = document.querySelector("[data-testid=stMain]")
        const title = main?.querySelector("h1")?.textContent, left = main?.getBoundingClientRect().left
        if (title && (title !== seen.title || left !== seen.left)) {
            Object.assign(seen, { title, left })
            requestAnimationFrame(() => (seen.stood = performance.now()))
        }
        requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    addEventListener("click", event => {
        if (event.target.closest("a")) Object.assign(seen, { clicked: performance.now(), stood: 0 })
    }, true)
}"""
"""Notes when something moved and how much, when the title and the page beside the sidebar last came to stand
where they stand, and when a link was clicked."""
MOVED = 800
"""Milliseconds after a page is complete in which it may still move."""


def cold(chromium: Browser, url: str, width: int, row: Row) -> dict[str, float]:
    """A page in a browser that knows nothing of the server."""
    context = window(chromium, url, width)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    began = time.perf_counter()
    visit(page, f"{url}/{row.address}")
    seconds = time.perf_counter() - began
    page.wait_for_timeout(MOVED)
    size = sum(request.sizes()["responseBodySize"] for request in [*finished])
    seen = page.evaluate("seen")
    context.close()
    moved = {"shift": _moved(seen, since=0), "later": _moved(seen, since=seen["stood"])}
    return {"seconds": seconds, "bytes": float(size), **moved}


def _moved(seen: dict[str, Any], *, since: float, expected: bool = True) -> float:
    """What moved, in all or without what may be ``expected`` so soon after a click."""
    return float(sum(value for at, value, soon in seen["moves"] if at > since and (expected or not soon)))


def switches(chromium: Browser, url: str, width: int, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Folder → seconds and shift of the switch to it, from the page before it; the first follows the last."""
    context = window(chromium, url, width)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    visit(page, f"{url}/{rows[-1].address}")
    page.wait_for_timeout(MOVED)
    found = {row.folder: _switch(page, row) for row in rows}
    context.close()
    return found


def _switch(page: Page, row: Row) -> dict[str, float]:
    link = page.locator(f'a[href$="/{row.address}"]:is([role=menuitem], [data-testid=stSidebarNavLink])')
    drawer = page.get_by_test_id("stExpandSidebarButton")
    if page.get_by_test_id("stTopNav").is_visible():
        page.get_by_test_id("stTopNavSection").filter(has_text=re.compile(rf"^{row.section}$")).click()
    elif drawer.is_visible():  # the empty app's stays open
        drawer.click()
    link.click()
    page.wait_for_function("seen.clicked && seen.stood")
    page.wait_for_timeout(MOVED)
    seen = page.evaluate("seen")
    page.evaluate("delete seen.clicked")
    seconds = (seen["stood"] - seen["clicked"]) / 1_000
    since = seen["clicked"]
    return {
        "switch": seconds,
        "switch shift": _moved(seen, since=since),
        "switch later": _moved(seen, since=since, expected=False),
    }


def measure(chromium: Browser, url: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Page → width → its figures."""
    loaded = {row.folder: {str(width): cold(chromium, url, width, row) for width in WIDTHS} for row in rows}
    for width in WIDTHS:
        for folder, figures in switches(chromium, url, width, rows).items():
            loaded[folder][str(width)] |= figures
    return loaded


def print_table(found: dict[str, Any]) -> None:
    """One line for each page and width."""
    print(f"{'page':14} {'width':>5} {'seconds':>8} {'kB':>7} {'shift':>7} {'later':>7}", end="")
    print(f" {'switch':>7} {'shift':>7} {'later':>7}")
    for folder, widths in found.items():
        for width, figures in widths.items():
            size = figures["bytes"] / 1_000
            print(f"{folder:14} {width:>5} {figures['seconds']:8.2f} {size:7.0f}", end="")
            print(f" {figures['shift']:7.3f} {figures['later']:7.3f}", end="")
            print(f" {figures['switch']:7.2f} {figures['switch shift']:7.3f} {figures['switch later']:7.3f}")


def main() -> None:
    """Measure, print a table, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--page", action="append", default=[], choices=[row.folder for row in PAGES])
    parser.add_argument("--baseline", action="store_true", help="an empty app with the same frame, too")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    rows = [row for row in PAGES if not options.page or row.folder in options.page]
    found = {}
    with tempfile.TemporaryDirectory() as place, browser() as chromium:
        if options.baseline:
            with serving(Path(place), app=EMPTY) as (url, _store, _memory):
                found["an empty app"] = measure(chromium, url, rows)
        with lab(Path(place)) as url:
            found["the lab"] = measure(chromium, url, rows)
    for whose, figures in found.items():
        print(whose)
        print_table(figures)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
