"""How quick pages are to the eye: seconds, bytes and layout shift of each page, at three widths.

Each load is cold: the browser has nothing stored. Layout shift is the browser's own measure (Layout
Instability API), of what moved without having been touched.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request

from benchmarks.browsing import browser, lab, visit, window
from dashboard.frame.pages import PAGES

WIDTHS = (1440, 1024, 390)
WATCH = """() => {
    window.shifted = 0
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
    }).observe({ type: "layout-shift", buffered: true })
}"""
MOVED = 500
"""Milliseconds after a page is complete in which it may still move."""


def cold(chromium: Browser, url: str, width: int, address: str) -> dict[str, float]:
    """A page in a browser that knows nothing of the lab."""
    context = window(chromium, url, width)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    began = time.perf_counter()
    visit(page, f"{url}/{address}")
    seconds = time.perf_counter() - began
    page.wait_for_timeout(MOVED)
    size = sum(request.sizes()["responseBodySize"] for request in [*finished])
    figures = {"seconds": seconds, "bytes": float(size), "shift": float(page.evaluate("shifted"))}
    context.close()
    return figures


def measure() -> dict[str, Any]:
    """Page → width → its figures."""
    with tempfile.TemporaryDirectory() as place, lab(Path(place)) as url, browser() as chromium:
        return {
            row.folder: {str(width): cold(chromium, url, width, row.address) for width in WIDTHS}
            for row in PAGES
        }


def main() -> None:
    """Measure, print a table, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    found = measure()
    print(f"{'page':14} {'width':>5} {'seconds':>8} {'kB':>7} {'shift':>7}")
    for folder, widths in found.items():
        for width, figures in widths.items():
            size = figures["bytes"] / 1_000
            print(f"{folder:14} {width:>5} {figures['seconds']:8.2f} {size:7.0f} {figures['shift']:7.3f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
