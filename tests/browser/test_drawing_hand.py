"""Who draws on the pad: cancelled touches, a palm before the pen, a keyboard, and nothing to scroll."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
SLOW = 20_000
INK = """() => {
    const host = document.querySelector('.st-key-paper [data-testid=stBidiComponentIsolated]')
    const node = host?.shadowRoot?.querySelector('canvas.lower-canvas.dc-canvas')
    if (!node) return -1
    const pixels = node.getContext('2d').getImageData(0, 0, node.width, node.height).data
    return pixels.reduce((sum, value, place) => sum + (place % 4 === 0 && value > 128), 0)
}"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., Any]) -> Any:
    return serve(APP)


@pytest.fixture
def page(server: Any, new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport={"width": 820, "height": 700}, has_touch=True)
    page.goto(server.url + "/draw")
    expect(page.get_by_role("heading", name="–", exact=True, level=1)).to_be_visible(timeout=SLOW)
    page.locator("canvas.upper-canvas").wait_for()
    page.get_by_role("application", name="Drawing pad").wait_for(timeout=SLOW)
    return page


@pytest.fixture
def input(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def corner(page: Page) -> tuple[float, float]:
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    return box["x"], box["y"]


def touch(page: Page, session: CDPSession, kind: str, *fingers: tuple[int, float, float]) -> None:
    """What lies on the pad now, as the browser reports it: number of the finger and its place on the pad."""
    left, top = corner(page)
    points = [{"id": number, "x": left + x, "y": top + y} for number, x, y in fingers]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def pen(page: Page, session: CDPSession, kind: str, x: float, y: float) -> None:
    left, top = corner(page)
    button = {"button": "left", "buttons": 0 if kind == "mouseReleased" else 1, "clickCount": 1}
    place = {"x": left + x, "y": top + y, "pointerType": "pen"}
    session.send("Input.dispatchMouseEvent", {"type": kind, **place, **button})


def ink(page: Page) -> int:
    return int(page.evaluate(INK))


def wait_for_more(page: Page, before: int) -> int:
    page.wait_for_function(f"() => ({INK})() > {before + 500}", timeout=SLOW)
    return ink(page)


def test_a_cancelled_touch_does_not_swallow_the_next_stroke(page: Page, input: CDPSession) -> None:
    touch(page, input, "touchStart", (0, 60, 60))
    for step in range(1, 9):
        touch(page, input, "touchMove", (0, 60 + 15 * step, 60))
    touch(page, input, "touchCancel")
    first = wait_for_more(page, 0)
    touch(page, input, "touchStart", (1, 180, 60))
    for step in range(1, 9):
        touch(page, input, "touchMove", (1, 180 - 8 * step, 60 + 22 * step))
    touch(page, input, "touchEnd")
    wait_for_more(page, first)
    expect(page.get_by_role("heading", name="7", exact=True, level=1)).to_be_visible(timeout=SLOW)


def test_a_palm_that_lies_there_first_does_not_keep_the_pen_out(page: Page, input: CDPSession) -> None:
    touch(page, input, "touchStart", (0, 250, 270))
    pen(page, input, "mousePressed", 60, 60)
    for step in range(1, 9):
        pen(page, input, "mouseMoved", 60 + 15 * step, 60)
    pen(page, input, "mouseReleased", 180, 60)
    drawn = wait_for_more(page, 0)
    touch(page, input, "touchMove", (0, 230, 240))  # the palm slides a little, and is lifted
    touch(page, input, "touchEnd")
    page.wait_for_timeout(300)
    assert ink(page) == drawn


def test_a_second_finger_draws_nothing(page: Page, input: CDPSession) -> None:
    touch(page, input, "touchStart", (0, 60, 60))
    touch(page, input, "touchMove", (0, 160, 60))
    touch(page, input, "touchStart", (0, 160, 60), (1, 60, 250))
    touch(page, input, "touchMove", (0, 161, 60), (1, 250, 250))
    touch(page, input, "touchEnd")
    drawn = wait_for_more(page, 0)
    assert drawn < 3_500  # one line of 100 pixels and 18 wide, not two


def test_a_tap_is_a_dot(page: Page, input: CDPSession) -> None:
    touch(page, input, "touchStart", (0, 100, 100))
    touch(page, input, "touchEnd")
    page.wait_for_function(f"() => ({INK})() > 100", timeout=SLOW)


def test_a_digit_is_drawn_by_keyboard_and_told(page: Page) -> None:
    pad = page.get_by_role("application", name="Drawing pad")
    pad.focus()
    for _step in range(5):
        page.keyboard.press("ArrowLeft")
    for _step in range(8):
        page.keyboard.press("ArrowUp")
    told = page.locator(".drawing-said")
    expect(told).to_have_text("Pen up, column 9, row 6")
    page.keyboard.press("Space")
    for _step in range(10):
        page.keyboard.press("ArrowRight")
    expect(told).to_have_text("Drawing, column 19, row 6")
    for _step in range(16):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Space")
    expect(told).to_contain_text("Pen up")
    expect(page.get_by_role("heading", name="7", exact=True, level=1)).to_be_visible(timeout=SLOW)
    expect(pad).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_nothing_scrolls_beside_the_pad(page: Page) -> None:
    """Where scrollbars take room, as in Firefox, one stood beside the pad."""
    scrolling = page.locator(".st-key-paper").evaluate(
        """paper => {
            const found = []
            for (let node = paper; !node.classList.contains('st-key-pad'); node = node.parentElement) {
                const { overflowY } = getComputedStyle(node)
                const isLonger = node.scrollHeight > node.clientHeight
                if (isLonger && ['auto', 'scroll'].includes(overflowY)) found.push(node.className)
            }
            return found
        }"""
    )
    assert scrolling == []
