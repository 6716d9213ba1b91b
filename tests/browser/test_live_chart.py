"""The live chart in a real browser: one node, nothing lost, nothing empty, nothing that moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Position, Route, ViewportSize, expect

APP = Path(__file__).parent / "apps" / "live_chart_app.py"
LIBRARY = re.compile(r"/plotly/plotly-[\d.]+\.min\.js$")

# Marks the node and then notes, after every change inside it, whether it was empty or had another size.
WATCH = """node => {
  const size = () => { const box = node.getBoundingClientRect(); return [box.width, box.height].join() }
  node.watch = { empty: 0, sizes: new Set([size()]), changes: 0, shift: 0 }
  node.firstPicture = node.querySelector('.main-svg')
  new MutationObserver(() => {
    node.watch.changes += 1
    node.watch.empty += node.querySelectorAll('.scatterlayer path.js-line').length < 4
    node.watch.sizes.add(size())
  }).observe(node.parentElement, { childList: true, subtree: true, attributes: true })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) node.watch.shift += entry.value
  }).observe({ type: 'layout-shift' })
}"""
SEEN = """node => ({ ...node.watch, sizes: [...node.watch.sizes],
                    same: node.firstPicture === node.querySelector('.main-svg') })"""


@pytest.fixture(scope="module")
def url(serve: Callable[..., Any]) -> str:
    return str(serve(APP).url)


def chart(page: Page, name: str) -> Locator:
    return page.get_by_role("figure", name=name)


def drawn(page: Page, name: str) -> Locator:
    found = chart(page, name)
    expect(found.locator(".main-svg").first).to_be_visible(timeout=20_000)
    return found


def update(page: Page, number: int) -> None:
    page.get_by_role("button", name="Update").click()
    expect(chart(page, f"after {number} updates")).to_be_visible()
    expect(page.get_by_text(f"update {number}", exact=True)).to_be_visible()


def zoom(page: Page, plot: Locator) -> None:
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=5)
    page.mouse.up()


def x_range(plot: Locator) -> list[float]:
    return list(plot.evaluate("node => node._fullLayout.xaxis.range"))


def text_color(plot: Locator) -> str:
    return str(plot.locator(".xtick text").first.evaluate("text => getComputedStyle(text).fill"))


def test_twenty_updates_change_one_plot_in_place(
    url: str, page: Page, open_page: Callable[[str], Page], console_errors: list[str]
) -> None:
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    open_page(url)
    plot = drawn(page, "after 0 updates")
    plot.evaluate(WATCH)
    line = plot.locator("path.js-line").first.get_attribute("d")

    for number in range(1, 21):
        frames.clear()
        update(page, number)

    seen = page.locator(".live-chart").first.evaluate(SEEN)  # raises when the marked node has gone
    assert seen["same"]
    assert seen["changes"] >= 20
    assert seen["empty"] == 0
    assert seen["shift"] == 0
    assert len(seen["sizes"]) == 1
    assert page.locator(".js-plotly-plot").count() == 3  # as many as there are charts on the page
    assert plot.count() == 0
    assert drawn(page, "after 20 updates").locator("path.js-line").first.get_attribute("d") != line
    # Four traces of 500 points, each with its own x: 21 kB of float32 in base64, and little else.
    assert 21_000 < sum(frames) < 27_000
    assert console_errors == []


def test_zoom_and_legend_switch_survive_an_update(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(url)
    plot = drawn(page, "after 0 updates")
    before = x_range(plot)
    zoom(page, plot)
    zoomed = x_range(plot)
    assert zoomed[1] - zoomed[0] < before[1] - before[0]
    plot.locator(".legendtoggle").nth(2).click()
    hidden = "node => node._fullData.map(trace => trace.visible)"
    expect(plot.locator(".legendpoints").nth(2)).to_be_attached()
    page.wait_for_function(
        "() => document.querySelector('.live-chart')._fullData.some(trace => trace.visible === 'legendonly')"
    )
    switched = plot.evaluate(hidden)

    update(page, 1)
    update(page, 2)

    plot = drawn(page, "after 2 updates")
    assert x_range(plot) == zoomed
    assert plot.evaluate(hidden) == switched
    plot.hover()
    plot.get_by_label("Show everything").click()
    page.wait_for_function(
        "before => document.querySelector('.live-chart')._fullLayout.xaxis.range.join() === before.join()",
        arg=before,
    )


def test_picture_can_be_saved(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(url)
    plot = drawn(page, "Confusion matrix")
    plot.hover()
    with page.expect_download() as download:
        plot.get_by_label("Save as a picture").click()
    assert download.value.suggested_filename == "matrix.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_plotly_speaks_the_pages_language(url: str, open_page: Callable[[str], Page]) -> None:
    plot = drawn(open_page(url), "Confusion matrix")
    known = plot.evaluate("({ _context }) => [_context.locale, Object.keys(_context.locales)]")
    assert known == ["en", ["en"]]
    # A word that only Plotly shows, when it shows it: the dictionary of the language is the one it looks in.
    word = "Double-click to zoom back out"
    assert plot.evaluate("({ _context }, word) => _context.locales.en.dictionary[word]", word) == word


def test_finger_scrolls_the_page_not_the_chart(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 820, "height": 600}, has_touch=True, is_mobile=True)
    page.goto(url)
    plot = drawn(page, "after 0 updates")
    drawn(page, "Sweep")
    before, top = x_range(plot), plot.bounding_box()
    assert top is not None
    finger = page.context.new_cdp_session(page)
    points = [{"x": top["x"] + 150, "y": top["y"] + 200 - 10 * step} for step in range(16)]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop > 100")
    assert x_range(plot) == before


def test_chart_follows_theme_and_width(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(url)
    plot = drawn(page, "after 0 updates")
    plot.evaluate(WATCH)
    light = text_color(plot)

    page.emulate_media(color_scheme="dark")
    expect(plot.locator(".xtick text").first).not_to_have_css("fill", light)
    page.emulate_media(color_scheme="light")
    expect(plot.locator(".xtick text").first).to_have_css("fill", light)

    small: ViewportSize = {"width": 1024, "height": 768}
    page.set_viewport_size(small)
    page.wait_for_function(
        """() => { const node = document.querySelector('.live-chart')
                   return node.clientWidth < 800 && node._fullLayout.width === node.clientWidth }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert plot.evaluate(SEEN)["empty"] == 0


def test_click_on_a_cell_is_returned(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(url)
    matrix = drawn(page, "Confusion matrix")
    expect(page.get_by_text("clicked None", exact=True)).to_be_visible()
    cell = matrix.locator(".nsewdrag")
    box = cell.bounding_box()
    assert box is not None
    # Fourth column from the left, eighth row from below.
    place: Position = {"x": box["width"] * 0.35, "y": box["height"] * 0.25}
    cell.hover(position=place)
    expect(matrix.locator(".hovertext")).to_be_visible()
    expect(cell).to_have_css("cursor", "pointer")
    cell.click(position=place)
    told = page.get_by_text(re.compile(r"^clicked \{'x': 3, 'y': 7, 'curve': 0, 'at': \d+\}$"))
    expect(told).to_be_visible()
    first = told.inner_text()
    # It stays when something else on the page is used.
    update(page, 1)
    expect(page.get_by_text(first, exact=True)).to_be_visible()
    # A second click on the same cell is another one.
    cell.click(position=place)
    expect(page.get_by_text(first, exact=True)).to_have_count(0)
    expect(told).to_be_visible()


TICK = r"Number(document.body.innerText.match(/tick (\d+)/)?.[1])"


def test_library_comes_once_and_space_is_kept_until_then(
    url: str, page: Page, open_page: Callable[[str], Page]
) -> None:
    held: list[Route] = []
    page.route(LIBRARY, lambda route: held.append(route))
    open_page(url)
    below = page.get_by_text("below the charts")
    expect(below).to_be_visible()
    expect(chart(page, "Confusion matrix")).to_have_css("height", "420px")
    before = below.bounding_box()

    held[0].continue_()
    drawn(page, "after 0 updates")
    drawn(page, "Confusion matrix")
    assert below.bounding_box() == before

    page.get_by_role("link", name="Ticking").click()
    ticking = drawn(page, "grows by itself")
    ticking.evaluate(WATCH)
    first = page.wait_for_function(TICK).json_value()
    page.wait_for_function(f"{TICK} >= {first + 3}")
    assert ticking.evaluate(SEEN)["empty"] == 0
    page.get_by_role("link", name="Charts").click()
    drawn(page, "Confusion matrix")
    assert len(held) == 1


def test_missing_library_is_said_in_words_and_tried_again(
    url: str, page: Page, open_page: Callable[[str], Page]
) -> None:
    page.route(LIBRARY, lambda route: route.abort())
    open_page(url)
    sentence = page.get_by_text("The chart cannot be drawn here. Reload the page to try again.")
    expect(sentence.first).to_be_visible()
    page.unroute(LIBRARY)
    update(page, 1)
    drawn(page, "after 1 updates")


def test_chart_is_drawn_behind_a_base_path(
    serve: Callable[..., Any], open_page: Callable[[str], Page]
) -> None:
    server = serve(APP, "--server.baseUrlPath=some/lab")
    page = open_page(f"{server.url}/ticking")
    drawn(page, "grows by itself")
