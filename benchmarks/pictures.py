"""The picture of every page and tab, at four widths, by day and by night: to be looked at.

Trains a learner's runs first (two minutes on two cores), then writes FOLDER/page-tab-width-scheme.png. A
whole picture shows what is folded, too.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browsing import SIZES, browser, complete, lab, visit, window
from core.translation import LANGUAGES, SOURCE
from dashboard.frame.pages import PAGES

FOLDS = "main details:not([open]) > summary"
SETTLED = 700
"""Milliseconds until what slides has arrived."""


def take(folder: Path, folders: list[str], whole: bool, language: str) -> list[Path]:
    """Take the pictures of these pages; ``whole`` ones are as long as the page. Returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as place, lab(Path(place)) as url, browser() as chromium:
        for scheme in ("light", "dark"):
            for width in SIZES:
                context = window(chromium, url, width, scheme, language)
                page = context.new_page()
                for row in PAGES:
                    if folders and row.folder not in folders:
                        continue
                    visit(page, f"{url}/{row.address}")
                    for tab in _tabs(page):
                        if whole:
                            _unfold(page, width)
                        page.wait_for_timeout(SETTLED)
                        taken.append(folder / f"{row.folder}{tab}-{width}-{scheme}.png")
                        page.screenshot(path=taken[-1])
                        page.set_viewport_size({"width": width, "height": SIZES[width]})
                context.close()
    return taken


def _tabs(page: Page) -> Iterator[str]:
    """Open the page's tabs one after the other; what the picture's name says of each: its place, from 1."""
    tabs = page.get_by_role("tab").all()
    for place, tab in enumerate(tabs, start=1):
        tab.click()
        complete(page)
        yield f"-{place}"
    if not tabs:
        yield ""


def _unfold(page: Page, width: int) -> None:
    """Open what is folded, and make the window as high as the page."""
    page.evaluate(f"document.querySelectorAll('{FOLDS}').forEach(fold => fold.click())")
    complete(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": int(height)})


def main() -> None:
    """Take the pictures and name their files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="append", default=[], choices=[row.folder for row in PAGES])
    parser.add_argument("--whole", action="store_true", help="the whole page, unfolded")
    parser.add_argument("--language", default=SOURCE, choices=LANGUAGES, help="of the browser")
    options = parser.parse_args()
    for file in take(options.folder, options.page, options.whole, options.language):
        print(file)


if __name__ == "__main__":
    main()
