"""The lab's components in a browser without a server: what they hear of runs, in which language, how long."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from dashboard.browser.mounting import fetching

FOLDER = Path(__file__).resolve().parents[2] / "dashboard" / "browser"
LAB = "http://lab.test"
MOUNT = """async ([name, data]) => {
  const component = (await import(`http://lab.test/component/${name}.js`)).default
  window.parts ??= {}
  const part = (window.parts[name] ??= document.body.appendChild(document.createElement('div')))
  part.dataset.testid = 'stElementContainer'
  if (name === 'run_line') part.innerHTML ||= '<p data-words></p><div role=progressbar><i></i></div>'
  window.said ??= []
  const setTriggerValue = (what, value) => window.said.push(`${what} ${value}`)
  part.leave = component({ data: [data], parentElement: part, setTriggerValue })
}"""
SOON = "const later = setTimeout; window.setTimeout = (what, wait) => later(what, wait / 10)"
PLOTLY = """window.Plotly = { Icons: {}, purge() {}, react(node, data) {
  node.on = () => {}
  node.textContent = `drawn ${data[0].x}`
} }"""
LEAVE = """name => {
  const part = window.parts[name]
  part.remove()
  part.leave()
  delete window.parts[name]
}"""


class Lab:
    """Stands for the server: it serves the scripts, and tells on the socket what a test wants to be told."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: list[WebSocketRoute] = []
        self.asked: list[dict[str, Any]] = []
        page.route(f"{LAB}/**", self.answer)
        page.route_web_socket(f"{LAB.replace('http', 'ws')}/**", self._connect)
        page.add_init_script(SOON)
        page.goto(f"{LAB}/")

    def answer(self, route: Route) -> None:
        """Serve a script of the folder, a component's as Streamlit gets it; else an empty page."""
        path = Path(route.request.url.partition("?")[0])
        if path.suffix != ".js":
            route.fulfill(body="<!doctype html>", content_type="text/html")
            return
        text = PLOTLY if path.stem == "plotly" else (FOLDER / path.name).read_text(encoding="utf-8")
        is_component = path.parent.name == "component"
        route.fulfill(body=fetching(text) if is_component else text, content_type="text/javascript")

    def _connect(self, line: WebSocketRoute) -> None:
        self.lines.append(line)
        line.on_message(lambda text: self.asked.append(json.loads(text)["watch"]))

    def link(self, language: str) -> dict[str, str]:
        modules = {name: f"{LAB}/run_{name}.js" for name in ("stream", "traces")}
        return {**modules, "socket": f"{LAB}/live?lang={language}"}

    def show(self, name: str, /, **data: Any) -> None:
        """Call a component as Streamlit does, for the first time or with other data."""
        self.page.evaluate(MOUNT, [name, data])

    def leave(self, name: str) -> None:
        """The component leaves the page."""
        self.page.evaluate(LEAVE, name)

    def wait(self, is_so: Callable[[], Any]) -> None:
        """Until the browser has done something."""
        for _attempt in range(200):
            if is_so():
                return
            self.page.wait_for_timeout(20)
        pytest.fail("it did not happen within four seconds")

    def tell(self, **news: Any) -> None:
        self.lines[-1].send(json.dumps(news))


@pytest.fixture
def lab(page: Page) -> Lab:
    return Lab(page)


def told(words: str, **more: Any) -> dict[str, Any]:
    fare = {"accuracy": 0.9, "figure": "90 %", "when": "", "wrong": "", "is_trouble": False, "words": words}
    return {
        "told": {
            **{"status": "running", "stage": "training", "unfinished": True, "step": 20, "epochs": 2},
            **{"text": words, "share": 0.5, "epoch": 1, "bar": [words], "cells": [words], "answered": False},
            "fare": fare | {"code": "well"},
            **more,
        }
    }


def show_bar(lab: Lab, words: str, language: str = "en", *, moves: bool = True, name: str = "") -> None:
    look = {"name": name, "leads": "", "color": "red", "dash": "dot"}
    lab.show("run_bar", run="abcd", moves=moves, facts=[words], link=lab.link(language), **look)


def show_all(lab: Lab, language: str, words: str) -> None:
    """Every part that shows words of a run, as Python first writes them."""
    link = lab.link(language)
    fare = told(words)["told"]["fare"]
    lab.show("run_line", run="abcd", text=words, share=0.1, link=link)
    show_bar(lab, words, language)
    lab.show(
        "run_fare", run="abcd", moves=True, told=fare, best=None, ahead="", behind="", epoch=0, link=link
    )
    row = {"id": "abcd", "mark": "red", "name": "", "cells": [words], "moves": True}
    lab.show("run_rows", titles=["", ""], rows=[row], chosen=None, waiting=[], link=link)
    lab.show("run_watch", runs={"abcd": {"stage": "training", "epoch": 1}}, at="stage", link=link)


SHOWN = ["[data-words]", ".run-bar > span", ".run-fare .words", ".run-rows td + td"]


def test_after_a_switch_of_the_language_all_news_come_in_the_new_one(lab: Lab, page: Page) -> None:
    """Parts that stayed on the page heard on in the old language, over what Python had written."""
    show_all(lab, "en", "written")
    lab.wait(lambda: lab.asked)
    lab.tell(abcd=told("english"))
    for part in SHOWN:
        expect(page.locator(part)).to_have_text("english")

    show_all(lab, "zh-CN", "新写的")
    lab.wait(lambda: len(lab.lines) == 2 and len(lab.asked) > 1)
    assert [line.url.partition("lang=")[2] for line in lab.lines] == ["en", "zh-CN"]
    for part in SHOWN:  # what was told in the old language is told to nobody again
        expect(page.locator(part)).to_have_text("新写的")
    lab.tell(abcd=told("推送的"))
    for part in SHOWN:
        expect(page.locator(part)).to_have_text("推送的")
    assert len(lab.lines) == 2


def test_a_part_that_left_before_the_module_came_follows_nothing(lab: Lab, page: Page) -> None:
    held: list[Route] = []
    page.route(f"{LAB}/run_stream.js", lambda route: held.append(route))
    show_all(lab, "en", "written")
    lab.wait(lambda: held)
    for part in ("run_rows", "run_watch", "run_bar", "run_fare", "run_line"):
        lab.leave(part)
    lab.show("run_line", run="efgh", text="written", share=0.1, link=lab.link("en"))
    lab.answer(held[0])
    lab.wait(lambda: lab.asked)
    assert lab.asked[-1] == {"efgh": {"after": -1}}


def test_the_bar_waits_for_the_last_points_of_a_run_that_has_ended(lab: Lab, page: Page) -> None:
    """How a run stands may be told before its points are read."""
    show_bar(lab, "written", moves=False)
    lab.show("run_line", run="abcd", text="written", share=0.1, link=lab.link("en"))
    lab.wait(lambda: lab.asked)
    lab.tell(abcd=told("ended", unfinished=False))
    expect(page.locator(".run-bar > span")).to_have_text("ended")
    lab.tell(abcd={"points": {"step": [10, 20], "epoch": [1, 2], "accuracy": [0.5, 0.75]}})
    curve = page.locator(".run-bar polyline")
    expect(curve).to_have_attribute("points", "0.5,0.5 1,0.25")
    lab.tell(abcd=told("needed no more", unfinished=False))
    expect(page.locator("[data-words]")).to_have_text("needed no more")
    expect(page.locator(".run-bar > span")).to_have_text("ended")
    show_bar(lab, "written", moves=False)  # a rerun of the page follows it no more, and keeps its curve
    expect(curve).to_have_attribute("points", "0.5,0.5 1,0.25")


def show_chart(lab: Lab, place: int) -> None:
    """A chart with a line of a run's points; nothing is drawn but by `PLOTLY`."""
    live = {"how": "line", "runs": ["abcd"], "x": "epoch", "y": "loss"}
    lab.show(
        "chart_loader",
        figure={"data": [{"meta": {"live": live}, "place": place}], "layout": {}},
        link=lab.link("en"),
        module=f"{LAB}/live_chart.js",
        library=f"{LAB}/plotly.js",
        unavailable="cannot be drawn",
        **{"height": 100, "alt": "a chart", "told": "", "filename": "chart", "words": {}, "language": "en"},
    )


def show_digits(lab: Lab) -> None:
    words = {"waiting": "", "unread": "", "unavailable": "not here"}
    lab.show("witness_tiles", run="abcd", words=words, pictures="", digits=[], link=lab.link("en"))


@pytest.mark.parametrize("module", ["live_chart", "run_stream", "run_traces"])
def test_a_lost_module_is_asked_for_again_then_said_and_tried_at_the_next_update(
    lab: Lab, page: Page, module: str
) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort()

    page.route(re.compile(rf"/{module}\.js"), lose)
    show_chart(lab, 1)
    show_digits(lab)
    expect(page.get_by_role("status")).to_have_text("cannot be drawn")
    expect(page.get_by_text("not here")).to_have_count(int(module == "run_stream"))
    assert [url.partition("?")[1] for url in lost] == ["", "?"]
    page.unroute_all()
    page.route(f"{LAB}/**", lab.answer)
    show_chart(lab, 2)
    lab.wait(lambda: lab.asked)
    lab.tell(abcd={**told(""), "points": {"step": [1, 2], "epoch": [3, 4], "loss": [5, 6]}})
    expect(page.get_by_role("figure")).to_have_text("drawn 3,4")
    expect(page.get_by_role("status")).to_have_count(0)
    show_digits(lab)
    expect(page.get_by_text("not here")).to_have_count(0)


def test_a_module_that_was_lost_once_is_not_missed(lab: Lab, page: Page) -> None:
    page.route(f"{LAB}/live_chart.js", lambda route: route.abort(), times=1)
    page.route(f"{LAB}/run_stream.js", lambda route: route.abort(), times=1)
    show_chart(lab, 1)
    show_digits(lab)
    expect(page.get_by_role("figure")).to_have_text("drawn ")
    lab.wait(lambda: lab.asked)
    assert len(lab.lines) == 1  # one module for all
    expect(page.get_by_text("not here")).to_have_count(0)


def test_an_answer_is_said_when_it_changes_and_only_then(lab: Lab, page: Page) -> None:
    answer: dict[str, Any] = {
        "shares": [0.1] * 10,
        "texts": [""] * 10,
        "best": 7,
        "alt": "",
        "upright": False,
    }
    lab.show("answer_bars", said="", **answer)
    status = page.get_by_role("status")
    status.evaluate(
        """node => new MutationObserver(() => (window.heard ??= []).push(node.textContent))
                     .observe(node, { childList: true, characterData: true, subtree: true })"""
    )
    for said in ("7: sure", "7: sure", "", "9: sure"):
        lab.show("answer_bars", said=said, **answer)
    assert page.evaluate("window.heard") == ["7: sure", "", "9: sure"]


def test_what_was_pressed_keeps_the_keyboards_focus(lab: Lab, page: Page) -> None:
    def press(name: str, next_data: dict[str, Any]) -> None:
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        lab.show(part, **next_data)
        expect(button).to_be_focused()

    languages = [{"tag": "en", "name": "English"}, {"tag": "zh-CN", "name": "简体中文"}]
    switch: dict[str, Any] = {"label": "", "languages": languages, "cookie": ""}
    rows: list[dict[str, Any]] = [
        {"id": run, "mark": "", "name": run, "cells": [], "moves": False} for run in ("abcd", "efgh")
    ]
    table: dict[str, Any] = {"titles": [""], "rows": rows, "waiting": [], "link": lab.link("en")}
    picture = {"picture": "data:,", "note": ""}
    tiles = [picture | {"caption": caption} for caption in ("one", "two", "three")]
    grid: dict[str, Any] = {"tiles": tiles, "oneRow": False, "clickable": True, "seen": False}

    for part, name, data, changed in (
        ("language_switch", "简体中文", switch | {"spoken": "en"}, switch | {"spoken": "zh-CN"}),
        ("run_rows", "efgh", table | {"chosen": "abcd"}, table | {"chosen": "efgh"}),
        ("digit_tiles", "two", grid | {"size": 28}, grid | {"size": 56}),
    ):
        lab.show(part, **data)
        press(name, changed)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="three")).to_be_focused()
    assert page.evaluate("window.said") == ["chosen zh-CN", "opened efgh", "clicked 1"]


@pytest.mark.parametrize("width", [350, 440])
def test_a_runs_name_is_whole_in_a_narrow_bar(lab: Lab, page: Page, width: int) -> None:
    """As on a phone, and beside the sidebar of a tablet."""
    page.add_style_tag(path=FOLDER / "run_bar.css")
    page.add_style_tag(content=f"body {{ width: {width}px; font: 16px sans-serif }}")
    show_bar(lab, "validation 92.00%", name="300-100 tanh, Adam 0.003")
    cut = """node => [node.scrollWidth > node.clientWidth, node.scrollHeight > node.clientHeight]"""
    assert page.locator(".run-bar strong").evaluate(cut) == [False, False]
    assert page.locator(".run-bar").evaluate(cut) == [False, False]
