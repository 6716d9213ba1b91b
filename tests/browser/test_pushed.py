"""What moves by itself is pushed: points come to a page that does not run again, however it is treated."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from record_lab import SETTINGS, checkpoint, point, share_no_more, take

from core.dataset.mnist import load_mnist
from core.dataset.split import split
from core.dataset.witnesses import witnesses, write_answers
from core.record.claims import Claim, ClaimLost
from core.record.store import Store
from core.runs.progress import Point
from dashboard.browser import run_stream
from dashboard.frame import identity

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
NO_CLUSTER = {"DASK_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9"}
"""Nothing trains here: the tests write what a worker would."""
COOKIE = "a-learner-whose-runs-are-pushed_"
COUNT = """() => Math.max(0, ...[...document.querySelectorAll('.js-plotly-plot')].flatMap(
             node => (node._fullData ?? []).map(trace => (trace.x?.length ?? 0))))"""


RERUNS = """() => {
  window.reruns = 0
  const app = document.querySelector('[data-testid=stApp]')
  new MutationObserver(() => { window.reruns += app.dataset.testScriptState === 'running' })
    .observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] })
}"""
"""Counts from now on how often Streamlit runs the page's script."""


class Lab:
    """A server, and the store behind it. A thread gives the signs of life that workers would give."""

    def __init__(self, server: Any) -> None:
        self.url = str(server.url)
        self.store = Store(f"sqlite:///{(server.folder / 'digits.sqlite').as_posix()}")
        self._claims: list[Claim] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> Lab:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        self.store.close()

    def _live(self) -> None:
        while not self._over.wait(1.0):
            for claim in list(self._claims):
                with suppress(ClaimLost):  # it ended
                    self.store.claims.renew(claim)

    def take(self, run: str) -> Claim:
        """Train this run from now on."""
        self._claims.append(take(self.store, run))
        return self._claims[-1]

    def begin(self, **changes: Any) -> tuple[str, Claim]:
        """A run of somebody's that trains for itself, its first point recorded."""
        share_no_more(self.store)
        run = self.store.runs.create("somebody", SETTINGS.change(epochs=40, **changes))
        claim = self.take(run)
        self.store.claims.record(claim, [point(0)])
        return run, claim

    def record(self, claim: Claim, *steps: int) -> None:
        """Points at these steps; ten are an epoch."""
        layers = np.full((7, 3), 1e-3, np.float32)
        made = [point(step, end=step % 10 == 0, layers=layers) for step in steps]
        last = checkpoint(steps[-1]) if steps[-1] % 10 == 0 else None
        self.store.claims.record(claim, made, last)


@pytest.fixture(scope="module")
def lab(serve: Callable[..., Any]) -> Iterator[Lab]:
    with Lab(serve(APP, **NO_CLUSTER)) as lab:
        yield lab


def wait_for_points(page: Page, count: int) -> None:
    page.wait_for_function(f"count => ({COUNT})() >= count", arg=count, timeout=20_000)


def zoom(page: Page) -> list[float]:
    """Zoom into the first panel as a learner does; where it ends along the bottom then."""
    plot = page.locator(".js-plotly-plot").first
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[1] < 40", timeout=5_000
    )
    return list(plot.evaluate("node => node._fullLayout.xaxis.range"))


def sockets_of(page: Page) -> list[WebSocket]:
    """The sockets on which the lab pushes, as they are opened from now on."""
    found: list[WebSocket] = []
    page.on("websocket", lambda socket: found.append(socket) if run_stream.SOCKET in socket.url else None)
    return found


def test_points_come_without_a_rerun_into_the_same_node_and_zoom_stays(
    lab: Lab, page: Page, open_page: Callable[[str], Page], console_errors: list[str]
) -> None:
    reruns: list[int] = []
    page.on(
        "websocket",
        lambda socket: (
            socket.on("framereceived", lambda frame: reruns.append(len(frame)))
            if "_stcore" in socket.url
            else None
        ),
    )
    run, claim = lab.begin()
    lab.record(claim, 2, 4, 10, 12)
    open_page(f"{lab.url}/train?run={run}")
    wait_for_points(page, 5)
    line = page.get_by_text(re.compile("Epoch 2 of 40"))
    expect(line).to_be_visible()
    plot = page.locator(".js-plotly-plot").first
    plot.evaluate("node => { node.mark = node.querySelector('.main-svg') }")
    zoomed = zoom(page)
    page.wait_for_load_state("networkidle")
    reruns.clear()

    for step in (14, 16, 18, 19, 20):
        lab.record(claim, step)
        wait_for_points(page, step // 2 - 1 + (step > 18))
    expect(page.get_by_text(re.compile("Epoch 3 of 40"))).to_be_visible()
    expect(page.get_by_text("after epoch 2")).to_be_visible()
    assert reruns == []
    assert plot.evaluate("node => node.mark === node.querySelector('.main-svg')")
    assert plot.evaluate("node => node._fullLayout.xaxis.range") == zoomed
    lab.store.claims.end(claim, "finished")
    expect(page.get_by_role("button", name="Draw with it")).to_be_visible(timeout=10_000)
    assert reruns
    # Below an address such as /train Streamlit first asks for its own health in vain.
    assert [error for error in console_errors if "404" not in error] == []


def test_compare_moves_without_a_rerun_and_names_stand_at_the_lines_ends(
    lab: Lab, page: Page, open_page: Callable[[str], Page], console_errors: list[str]
) -> None:
    cookie = "a-learner-whose-runs-are-matched"
    learner = identity.learner(cookie)
    share_no_more(lab.store)
    claims = []
    for rate in (0.02, 0.03):
        run = lab.store.runs.create(learner, SETTINGS.change(epochs=40, learning_rate=rate))
        claims.append(lab.take(run))
        lab.record(claims[-1], 10)
    page.context.add_cookies([{"name": identity.NAME, "value": cookie, "url": lab.url}])
    open_page(f"{lab.url}/compare")
    wait_for_points(page, 1)
    names = page.locator(".js-plotly-plot .annotation-text").all_text_contents()
    assert [sum(rate in name for name in names) for rate in ("0.02", "0.03")] == [2, 2]  # loss, accuracy
    page.wait_for_load_state("networkidle")
    plot = page.locator(".js-plotly-plot").first
    plot.evaluate("node => { node.mark = node.querySelector('.main-svg') }")
    page.evaluate(RERUNS)
    for step in (20, 30, 40):
        for claim in claims:
            lab.record(claim, step)
        wait_for_points(page, step // 10)
    assert page.evaluate("window.reruns") == 0
    assert plot.evaluate("node => node.mark === node.querySelector('.main-svg')")
    assert [error for error in console_errors if "404" not in error] == []
    for claim in claims:
        lab.store.claims.end(claim, "finished")


def test_a_hidden_tab_closes_its_line_and_goes_on_where_it_was(
    lab: Lab, page: Page, open_page: Callable[[str], Page]
) -> None:
    lines = sockets_of(page)
    run, claim = lab.begin()
    lab.record(claim, 2, 4, 10)
    open_page(f"{lab.url}/train?run={run}")
    wait_for_points(page, 4)
    show = """hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
                          document.dispatchEvent(new Event('visibilitychange')) }"""
    with lines[0].expect_event("close"):
        page.evaluate(show, True)
    lab.record(claim, 12, 14, 16, 18, 20)
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: sent.append(str(text))))
    page.evaluate(show, False)
    wait_for_points(page, 9)
    assert '"after":10' in sent[0]

    lab.store.claims.end(claim, "finished")
    expect(page.get_by_text(re.compile("· finished"))).to_be_visible(timeout=10_000)
    line = lines[-1]
    page.get_by_test_id("stTopNavSection").get_by_text("Understand", exact=True).click()
    with line.expect_event("close"):  # the bar of a run that has ended needs no news
        page.get_by_role("menuitem", name="Ideas", exact=True).click()
    expect(page.locator(".run-bar")).to_contain_text("finished")


def test_verdict_list_and_bar_move_without_a_rerun_and_another_verdict_brings_its_buttons(
    lab: Lab, page: Page, open_page: Callable[[str], Page]
) -> None:
    page.context.add_cookies([{"name": identity.NAME, "value": COOKIE, "url": lab.url}])
    learner = identity.learner(COOKIE)
    run, waits = (lab.store.runs.create(learner, SETTINGS.change(epochs=40, seed=seed)) for seed in (8, 9))
    claim = lab.take(run)
    lab.record(claim, 10)
    open_page(f"{lab.url}/network?run={run}")
    bar = page.locator(".run-bar")
    expect(bar).to_contain_text(re.compile("training.*Epoch 2 of 40.*validation 90.00%"))
    lab.record(claim, 20)
    expect(bar).to_contain_text("Epoch 3 of 40")
    bar.click()
    expect(page.get_by_text("after epoch 2")).to_be_visible()
    expect(page.get_by_text("It is learning.")).to_be_visible()
    rows = page.locator(".run-rows tbody tr")
    expect(rows).to_have_text([re.compile("waiting.*0 / 40"), re.compile("training.*2 / 40.*90.00%")])
    lab.record(claim, 30)
    expect(rows.last).to_contain_text("3 / 40")
    lab.take(waits)
    expect(rows.first).to_contain_text("training")
    expect(page.get_by_role("button", name="Cancel all that wait")).to_have_count(0)

    lab.store.claims.record(
        claim, [replace(point(40, end=True), val_loss=2.5, val_accuracy=0.1)], checkpoint(40)
    )
    expect(page.get_by_text("It is stuck on the guess line.")).to_be_visible()
    page.get_by_role("button", name="Look inside").wait_for()
    rows.first.get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"run={waits}"))


def test_a_run_that_went_back_is_drawn_from_there(lab: Lab, open_page: Callable[[str], Page]) -> None:
    run, claim = lab.begin()
    lab.record(claim, 2, 4, 10)
    lab.record(claim, 12, 14)
    page = open_page(f"{lab.url}/train?run={run}")
    wait_for_points(page, 6)
    lab.store.claims.release(claim)
    lab.take(run)  # what is behind the checkpoint is deleted
    page.wait_for_function(f"({COUNT})() === 4", timeout=20_000)


def test_the_strip_fills_its_layers(lab: Lab, open_page: Callable[[str], Page]) -> None:
    run, claim = lab.begin()
    lab.record(claim, 2, 4)
    page = open_page(f"{lab.url}/inside?run={run}")
    heat = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(node => node._fullData ?? [])
                  .find(trace => trace.type === 'heatmap' && trace.z.length)"""
    page.wait_for_function(f"count => ({heat})()?.z[0].length === count", arg=2, timeout=20_000)
    lab.record(claim, 6, 8)
    page.wait_for_function(f"count => ({heat})()?.z[0].length === count", arg=4, timeout=20_000)
    assert page.evaluate(f"({heat})().z") == [[pytest.approx(-3, abs=1e-4)] * 4] * 3
    assert page.evaluate(f"(({{ zmin, zmax }}) => [zmin, zmax])(({heat})())") == [-3, -2]


def answered(step: int, digits: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Point:
    """A point at which these digits were answered, each with 40 %, and the right one with 30 % at least."""
    shares = np.full((len(labels), 10), 0.0)
    shares[np.arange(len(labels)), labels] = 0.3
    shares[np.arange(len(labels)), digits] = 0.4
    return replace(point(step), answers=write_answers(shares, labels))


def test_digits_answer_point_by_point_and_the_slider_goes_back_without_a_rerun(
    lab: Lab, page: Page, open_page: Callable[[str], Page]
) -> None:
    reruns: list[int] = []
    page.on(
        "websocket",
        lambda socket: (
            socket.on("framereceived", lambda frame: reruns.append(len(frame)))
            if "_stcore" in socket.url
            else None
        ),
    )
    part = split(SETTINGS.data, load_mnist()).validation
    labels = part.labels[witnesses(part)]
    sevens = np.full(len(labels), 7, np.uint8)
    run, claim = lab.begin()
    lab.record(claim, 2)
    open_page(f"{lab.url}/train?run={run}")
    wait_for_points(page, 2)
    expect(page.get_by_text("it has no answers to them")).to_be_visible()  # its first points have none
    page.wait_for_load_state("networkidle")
    reruns.clear()

    lab.store.claims.record(claim, [answered(4, sevens, labels)])
    expect(page.get_by_text(f"Epoch 0.4: {np.sum(labels == 7)} of 24 right")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("img", name="Digit 8: read as 7, 40 %; 30 % for 8.").first).to_be_visible()
    lab.store.claims.record(claim, [answered(6, labels, labels)])
    expect(page.get_by_text("Epoch 0.6: 24 of 24 right")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("img", name=re.compile("read as"))).to_have_count(0)
    page.get_by_role("slider", name="Back in time").press("ArrowLeft")
    back = f"Back at epoch 0.4 of {{last}}: {np.sum(labels == 7)} of 24 right"
    expect(page.get_by_text(back.format(last=0.6))).to_be_visible()
    lab.store.claims.record(claim, [answered(8, labels, labels)])
    expect(page.get_by_text(back.format(last=0.8))).to_be_visible(timeout=10_000)  # it stays there
    page.get_by_role("slider", name="Back in time").press("End")
    expect(page.get_by_text("Epoch 0.8: 24 of 24 right")).to_be_visible()
    assert reruns == []


def test_eight_tabs_of_one_browser_all_move(lab: Lab, page: Page, open_page: Callable[[str], Page]) -> None:
    """Browsers open six plain connections to a host: a stream on one of them would starve the seventh tab."""
    run, claim = lab.begin()
    lab.record(claim, 2, 4)
    context: BrowserContext = page.context
    open_page(f"{lab.url}/train?run={run}")
    tabs = [page, *(context.new_page() for _ in range(7))]
    for tab in tabs[1:]:
        tab.goto(f"{lab.url}/train?run={run}")
    for tab in tabs:
        wait_for_points(tab, 3)
    lab.record(claim, 6, 8, 10)
    for tab in tabs:
        wait_for_points(tab, 6)


def test_it_works_behind_a_base_path(serve: Callable[..., Any], open_page: Callable[[str], Page]) -> None:
    with Lab(serve(APP, "--server.baseUrlPath=some/lab", **NO_CLUSTER)) as lab:
        run, claim = lab.begin()
        lab.record(claim, 2, 4)
        page = open_page(f"{lab.url}/train?run={run}")
        wait_for_points(page, 3)
        lab.record(claim, 6)
        wait_for_points(page, 4)
