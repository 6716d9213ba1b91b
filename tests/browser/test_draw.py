"""The drawing pad in a real browser: a mouse at several places and sizes, a finger, and what is kept."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core.drawing import strokes
from core.reading.damage import LEVELS
from core.record.store import Store

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
SLOW = 20_000  # milliseconds: a machine that does much else
WORKERS_START = 60_000  # they load TensorFlow first
Lines = list[list[tuple[float, float]]]

# Pen strokes on a square of side 1.
DIGITS: dict[int, Lines] = {
    2: [[(0.25, 0.3), (0.4, 0.14), (0.62, 0.14), (0.73, 0.3), (0.62, 0.5), (0.25, 0.86), (0.8, 0.86)]],
    3: [
        [
            (0.27, 0.2),
            (0.5, 0.12),
            (0.68, 0.24),
            (0.62, 0.4),
            (0.45, 0.48),
            (0.68, 0.58),
            (0.7, 0.76),
            (0.5, 0.88),
            (0.27, 0.8),
        ]
    ],
    5: [[(0.95, 0.05), (0.3, 0.06), (0.25, 0.42), (0.6, 0.4), (0.75, 0.62), (0.62, 0.85), (0.25, 0.86)]],
    7: [[(0.2, 0.15), (0.78, 0.17), (0.42, 0.9)], [(0.32, 0.52), (0.68, 0.52)]],
}


@pytest.fixture(scope="module")
def server(serve: Callable[..., Any]) -> Any:
    return serve(APP)


@pytest.fixture
def pad(server: Any, open_page: Callable[[str], Page]) -> Page:
    page = open_page(server.url + "/draw")
    canvas(page).wait_for(timeout=SLOW)
    return page


def canvas(page: Page) -> Locator:
    return page.locator("canvas.upper-canvas")


def place(page: Page, lines: Lines, corner: tuple[float, float], size: float) -> Lines:
    """Strokes in pixels of the window, from the pad's top left corner."""
    box = canvas(page).bounding_box()
    assert box is not None
    left, top = box["x"] + corner[0], box["y"] + corner[1]
    return [[(left + size * x, top + size * y) for x, y in line] for line in lines]


def draw(page: Page, digit: int, corner: tuple[float, float] = (0, 0), size: float = 280) -> None:
    for line in place(page, DIGITS[digit], corner, size):
        page.mouse.move(*line[0])
        page.mouse.down()
        for point in line[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


def touch(page: Page, digit: int) -> None:
    """Draw with a finger, as the browser itself reports touches."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )

    for line in place(page, DIGITS[digit], (0, 0), 280):
        send("touchStart", line[0])
        for (x0, y0), (x1, y1) in pairwise(line):
            for step in range(1, 9):
                send("touchMove", (x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8))
        send("touchEnd")


def expect_answer(page: Page, answer: str) -> None:
    expect(page.get_by_role("heading", name=answer, exact=True, level=1)).to_be_visible(timeout=SLOW)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_digit_is_read_at_two_places_and_sizes(pad: Page) -> None:
    expect_answer(pad, "–")
    for digit, corner, size in ((3, (0, 0), 280), (7, (190, 10), 80), (2, (5, 130), 140)):
        draw(pad, digit, corner, size)
        expect_answer(pad, str(digit))
        press(pad, "Clear")
        expect_answer(pad, "–")


def test_a_finger_draws_from_the_very_corner_and_nothing_moves(
    server: Any, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 820, "height": 700}, has_touch=True, is_mobile=True)
    page.goto(server.url + "/draw")
    expect_answer(page, "–")
    before = canvas(page).bounding_box()
    touch(page, 5)
    expect_answer(page, "5")
    assert canvas(page).bounding_box() == before
    assert page.evaluate("scrollY") == 0


def test_on_a_phone_pad_and_answer_are_seen_at_once_and_the_pen_is_crisp(
    server: Any, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, device_scale_factor=3)
    page.goto(server.url + "/draw")
    expect_answer(page, "–")
    paper = page.locator(".drawing-hand")
    box = paper.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 340
    assert paper.locator("canvas").evaluate("node => node.width") == round(3 * box["width"])
    draw(page, 7, size=box["width"])
    expect_answer(page, "7")
    answer = page.get_by_role("img", name=re.compile(r"7: ")).bounding_box()
    assert answer is not None
    assert answer["y"] + answer["height"] < 844
    assert page.evaluate("scrollY") == 0


def test_the_server_reads_the_very_picture_that_is_on_the_screen(server: Any, pad: Page) -> None:
    draw(pad, 3, (10, 10), 250)
    expect_answer(pad, "3")
    shown = pad.locator("canvas.lower-canvas.dc-canvas").evaluate("node => node.toDataURL()")
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(shown.split(",")[1]))).convert("L"), int)
    read = strokes.rasterize(strokes.loads(kept(server)))
    assert np.abs(picture - read).mean() < 1.5
    assert (np.abs(picture - read) > 128).mean() < 0.003


def kept(server: Any) -> str:
    """The drawing as the server keeps it for the one browser that drew last."""
    store = Store(f"sqlite:///{(server.folder / 'digits.sqlite').as_posix()}")
    with store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM documents WHERE kind = 'drawing'").all()
    store.close()
    return str(rows[-1][0])


def test_undo_replay_reload_and_clear(pad: Page) -> None:
    draw(pad, 7)
    expect_answer(pad, "7")
    before = canvas(pad).bounding_box()
    press(pad, "Replay")
    expect(pad.locator("img.film")).to_be_attached()
    assert canvas(pad).bounding_box() == before
    pad.reload()
    expect_answer(pad, "7")
    pad.wait_for_function(f"() => ({INK})({PAD}) > 1000")  # drawn on the new canvas too
    whole = ink(pad)
    press(pad, "Undo")
    pad.wait_for_function(f"() => ({INK})({PAD}) < {whole - 500}")
    draw(pad, 7)
    press(pad, "Clear")
    expect_answer(pad, "–")
    expect(pad.get_by_text("Draw a digit", exact=True)).to_be_visible()
    expect(pad.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


PAD = "document.querySelector('[data-testid=stBidiComponentIsolated]')"
INK = """host => {
    const node = host?.shadowRoot?.querySelector('canvas.lower-canvas.dc-canvas')
    if (!node) return NaN // not there yet: neither more nor less than any number
    const pixels = node.getContext('2d').getImageData(0, 0, node.width, node.height).data
    return pixels.reduce((sum, value, place) => sum + (place % 4 === 0 && value > 128), 0)
}"""


def ink(page: Page) -> int:
    return int(page.locator("[data-testid=stBidiComponentIsolated]").first.evaluate(INK))


def test_the_pad_s_buttons_are_reached_by_keyboard(pad: Page) -> None:
    draw(pad, 7)
    expect_answer(pad, "7")
    pad.get_by_role("application", name="Drawing pad").focus()
    for name in ("Pen", "Replay", "Clear"):
        pad.keyboard.press("Shift+Tab")
        expect(pad.get_by_role("button", name=name, exact=True)).to_be_focused()
    pad.keyboard.press("Enter")
    expect_answer(pad, "–")


def test_robustness_is_measured_by_a_real_worker(pad: Page) -> None:
    pad.get_by_role("tab", name="Damage").click()
    press(pad, "Measure")
    curve = pad.locator(".st-key-robustness .scatterlayer .point")
    expect(curve).to_have_count(len(LEVELS["rotation"]), timeout=WORKERS_START + SLOW)
    expect(pad.get_by_role("button", name="Measure", exact=True)).to_have_count(0)
