"""The whole road in a real browser: open, train, curve moves, switch, reload, stop, test, draw, answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import FloatRect, Page, expect

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
LONG = "?train=20000&epochs=200&hidden=100"
COLD = 240_000  # milliseconds: the workers load TensorFlow first
SECONDS = 40
"""From the address to an own digit, read by an own network, on a quiet machine."""
QUIET = 0.25
"""Share of the processors that others may take of a machine that is called quiet."""


@pytest.fixture(scope="module")
def url(serve: Callable[..., Any]) -> str:
    return str(serve(APP).url)


def points(page: Page) -> int:
    """Points of the longest line on the chart."""
    return int(
        page.evaluate(
            """() => Math.max(0, ...[...document.querySelectorAll('.js-plotly-plot')].flatMap(
                 node => (node._fullData ?? []).map(trace => (trace.x?.length ?? 0))))"""
        )
    )


def wait_for_more_points(page: Page, than: int) -> int:
    page.wait_for_function(
        """count => [...document.querySelectorAll('.js-plotly-plot')].some(
             node => (node._fullData ?? []).some(trace => (trace.x?.length ?? 0) > count))""",
        arg=than,
        timeout=COLD,
    )
    return points(page)


def stroke(page: Page, box: FloatRect) -> None:
    """Write a 1 on the pad that takes this place on the screen."""
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.48 * box["width"], box["y"] + 0.8 * box["height"], steps=12)
    page.mouse.up()


def go(page: Page, group: str, lesson: str) -> None:
    page.get_by_test_id("stTopNavSection").get_by_text(group, exact=True).click()
    page.get_by_role("menuitem", name=lesson, exact=True).click()
    expect(page.get_by_role("heading", name=lesson, exact=True)).to_be_visible()


def test_the_whole_road(url: str, open_page: Callable[[str], Page], new_page: Callable[..., Page]) -> None:
    page = open_page(url + "/train" + LONG)
    page.get_by_test_id("stSidebar").get_by_role("button", name="Train").click()
    expect(page).to_have_url(re.compile(r"/train\?.*run=[\w-]+"), timeout=30_000)
    first = wait_for_more_points(page, 4)
    run_url = page.url

    go(page, "Look", "Digits")
    go(page, "Build", "Train")
    assert "run=" in page.url
    second = wait_for_more_points(page, first)

    page.reload()
    third = wait_for_more_points(page, second)
    assert page.url == run_url

    other = new_page()
    other.goto(run_url)
    wait_for_more_points(other, third)
    expect(other.get_by_role("button", name="Use its settings")).to_be_visible()
    expect(other.get_by_role("button", name="Stop")).to_have_count(0)

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("· stopped")).to_be_visible(timeout=5_000)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()

    go(page, "Use", "Test")
    page.get_by_role("button", name="Open the envelope").click()
    expect(page.get_by_text(re.compile(r"[\d,]+ wrong of 10,000")).first).to_be_visible(timeout=30_000)

    go(page, "Use", "Draw")
    canvas = page.locator("canvas.upper-canvas")
    box = canvas.bounding_box()
    assert box is not None
    expect(page.get_by_text("Draw a digit", exact=True)).to_be_visible()
    stroke(page, box)
    expect(page.get_by_text("Draw a digit", exact=True)).to_have_count(0)


def test_a_fresh_person_has_a_digit_read_by_an_own_network(url: str, new_page: Callable[..., Page]) -> None:
    """From the address: four clicks at most, and less than 40 seconds where nobody else is at work."""
    page = new_page()
    before = work()
    page.add_init_script("window.clicks = 0; addEventListener('click', () => (clicks += 1), true)")
    began = time.monotonic()
    page.goto(url)
    page.get_by_role("button", name="Train my own network").click()
    page.get_by_role("button", name="Draw with it").click(timeout=COLD)
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    expect(page.get_by_text("Draw a digit", exact=True)).to_be_visible()
    stroke(page, box)
    expect(page.get_by_text("Draw a digit", exact=True)).to_have_count(0)
    expect(page.locator("[class*=st-key-answer-0] h1")).to_have_text("1")
    expect(page.locator(".st-key-reading")).to_contain_text("300-100 ReLU")
    took = time.monotonic() - began
    assert page.evaluate("clicks") <= 4
    everybody, own = (later - earlier for later, earlier in zip(work(), before, strict=True))
    others = (everybody - own) / (took * (psutil.cpu_count() or 1))
    if took >= SECONDS and others > QUIET:
        pytest.skip(f"no quiet machine: others took {others:.0%} of it, and the road {took:.0f} s")
    assert took < SECONDS


def test_a_hint_is_tried_and_judged_by_both_runs(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(url + "/train?train=1000&epochs=3&hidden=20&rate=30")
    page.get_by_test_id("stSidebar").get_by_role("button", name="Train").click()
    expect(page.get_by_text("3,000 times what is usual for SGD")).to_be_visible(timeout=COLD)
    first = page.url
    page.get_by_role("button", name="Try it: Learning rate: 0.01").click()
    expect(page.get_by_text("The hint was right.")).to_be_visible(timeout=COLD)
    verdict = page.get_by_test_id("stAlert").filter(has_text="This run tries a hint: Learning rate: 0.01.")
    expect(verdict).to_contain_text(re.compile(r"Validation accuracy was (–|[\d.]+%) and is [\d.]+%\."))
    assert page.url != first


def work() -> tuple[float, float]:
    """Seconds that processors were at work until now: for everybody, and for this test's processes."""
    times, own = psutil.cpu_times(), 0.0
    for member in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            spent = member.cpu_times()
            own += spent.user + spent.system
    return times.user + times.system + getattr(times, "nice", 0.0), own
