"""The pictures of README: six pages, and a short moving one of a network that is trained and then reads.

Trains a learner's runs first, then writes them into FOLDER (``docs``) as WebP. The moving picture is a fresh
learner's: from the first page to an own digit that the own network reads.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.browsing import IDLE, SIZES, browser, lab, visit, window

WIDTH = 1440
SHOWN, MOVING = 1200, 960
"""Pixels across of a picture, and of the moving one."""
QUALITY, MOVING_QUALITY = 85, 65
SETTLED = 1_500
"""Milliseconds until what slides has arrived."""
STEP, HELD = 160, 2_500
"""Milliseconds for which a frame stands, and the first and the last one."""
AFTERWARDS = 8
"""Frames in which the answer comes."""
MOST_FRAMES, LONGEST = 40, 180.0
"""Frames of the training, thinned to so many; seconds that it may take."""
UNTRAINED = "?seed=1"
"""An experiment that nobody has trained yet: another's curve would be there at once."""
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))
"""Corners of a seven, in shares of the pad."""


def write(page: Page, watch: Callable[[], object] = lambda: None) -> None:
    """Write a seven on the page's pad; ``watch`` is called now and then."""
    pad = page.locator("canvas.upper-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    if box is None:
        raise SystemExit("There is no pad to write on.")
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=12)
        watch()
    page.mouse.up()
    page.mouse.move(0, 0)


def open_envelope(page: Page) -> None:
    """Put the test set to the network that is offered."""
    page.get_by_role("button", name="Open the envelope").click()
    page.get_by_text("wrong of 10,000").first.wait_for(timeout=60_000)


PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "start": ("", write),
    "train": ("train", lambda _page: None),
    "inside": ("inside", lambda _page: None),
    "compare": ("compare", lambda _page: None),
    "test": ("test", open_envelope),
    "draw": ("draw", write),
}
"""Name of a picture → the page's address, and what is done there before."""


def take(chromium: Browser, url: str, folder: Path) -> None:
    """The six pages, as high as the window."""
    context = window(chromium, url, WIDTH)
    page = context.new_page()
    for name, (address, prepare) in PAGES.items():
        visit(page, f"{url}/{address}")
        prepare(page)
        page.wait_for_timeout(SETTLED)
        page.locator(IDLE).wait_for()
        page.wait_for_timeout(SETTLED)
        _smaller(page.screenshot(), SHOWN).save(folder / f"{name}.webp", quality=QUALITY)
    context.close()


def film(chromium: Browser, url: str, file: Path) -> None:
    """A fresh learner trains, and writes a digit."""
    context = chromium.new_context(viewport={"width": WIDTH, "height": SIZES[WIDTH]})
    page = context.new_page()
    visit(page, f"{url}/{UNTRAINED}")
    page.wait_for_timeout(SETTLED)
    frames = [_frame(page)]
    page.get_by_role("button", name="Train my own network").click()
    done = page.get_by_role("button", name="Draw with it")
    frames += _training(page, lambda: done.is_visible())
    done.click()
    page.get_by_role("heading", name="Draw", exact=True).wait_for()
    page.wait_for_timeout(SETTLED)
    frames.append(_frame(page))
    write(page, lambda: frames.append(_frame(page)))
    for _repeat in range(AFTERWARDS):
        frames.append(_frame(page))
    context.close()
    _save(frames, file)


def _training(page: Page, is_done: Callable[[], bool]) -> list[Image.Image]:
    """Frames from the click until the run has ended, evenly thinned."""
    frames, until = [], time.monotonic() + LONGEST
    while not is_done() and time.monotonic() < until:
        frames.append(_frame(page))
    every = max(1, -(-len(frames) // MOST_FRAMES))
    return [*frames[::every], _frame(page)]


def _frame(page: Page) -> Image.Image:
    return _smaller(page.screenshot(), MOVING)


def _smaller(picture: bytes, width: int) -> Image.Image:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)


def _save(frames: list[Image.Image], file: Path) -> None:
    durations = [HELD, *[STEP] * (len(frames) - 2), HELD]
    frames[0].save(
        file,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        quality=MOVING_QUALITY,
        method=6,
        kmax=1,  # each frame by itself: else what was there shines through
    )


def main() -> None:
    """Make the pictures and say how large they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as place, lab(Path(place)) as url, browser() as chromium:
        take(chromium, url, folder)
        film(chromium, url, folder / "lab.webp")
    for file in [*(folder / f"{name}.webp" for name in PAGES), folder / "lab.webp"]:
        print(f"{file}: {file.stat().st_size / 1_000:,.0f} kB")


if __name__ == "__main__":
    main()
