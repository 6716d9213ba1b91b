"""Every page's picture, at four widths, by day and by night: to be looked at.

Trains a learner's runs first (two minutes on two cores), then writes FOLDER/page-width-scheme.png.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.browsing import SIZES, browser, lab, visit, window
from core.translation import LANGUAGES, SOURCE
from dashboard.frame.pages import PAGES

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
                    if whole:
                        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                        page.set_viewport_size({"width": width, "height": int(height)})
                    page.wait_for_timeout(SETTLED)
                    taken.append(folder / f"{row.folder}-{width}-{scheme}.png")
                    page.screenshot(path=taken[-1])
                    page.set_viewport_size({"width": width, "height": SIZES[width]})
                context.close()
    return taken


def main() -> None:
    """Take the pictures and name their files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="append", default=[], choices=[row.folder for row in PAGES])
    parser.add_argument("--whole", action="store_true", help="as long as the page, not as the window")
    parser.add_argument("--language", default=SOURCE, choices=LANGUAGES, help="of the browser")
    options = parser.parse_args()
    for file in take(options.folder, options.page, options.whole, options.language):
        print(file)


if __name__ == "__main__":
    main()
