"""The table of runs in a real browser: its editor draws on a canvas, which no other test can click."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page_lab import COOKIE, LEARNER, Lab
from playwright.sync_api import Locator, Page, expect

from core.record.store import Store
from core.settings import DEFAULT
from dashboard.frame import identity

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60_000
NOWHERE = "tcp://127.0.0.1:9"
ROW = 35
COMPARE, STAR, NAME = 49, 178, 300  # pixels from the table's left edge to a box or a text


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three runs; the first row is the newest."""
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('compare') / 'lab.sqlite').as_posix()}")
    lab = Lab(store)
    for activation in ("relu", "tanh", "elu"):
        lab.trained(DEFAULT.change(activation=activation), epochs=2)
    return store


@pytest.fixture
def compare(serve: Callable[..., Any], open_page: Callable[[str], Page], page: Page, store: Store) -> Page:
    server = serve(
        ROOT / "dashboard" / "app.py", DIGITS_DATABASE_URL=store.url, DASK_SCHEDULER_ADDRESS=NOWHERE
    )
    page.context.add_cookies([{"name": identity.NAME, "value": COOKIE, "url": server.url}])
    return open_page(f"{server.url}/compare")


def table(page: Page) -> Locator:
    """The table, once the page has come to rest: until then it may be drawn anew under the pointer."""
    page.wait_for_timeout(200)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=PATIENCE)
    return page.get_by_test_id("stDataFrame").locator(".dvn-scroller")


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while not is_so():
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)


def test_a_tick_puts_a_run_on_the_chart_a_star_and_a_name_stay(compare: Page, store: Store) -> None:
    runs = store.runs.of(LEARNER)
    expect(compare.get_by_text("differ only in Activation (tanh, ELU)")).to_be_visible(timeout=PATIENCE)

    table(compare).click(position={"x": COMPARE, "y": ROW * 3 + 17})
    fair = compare.get_by_text("differ only in Activation (tanh, ELU, ReLU)")
    expect(fair).to_be_visible(timeout=PATIENCE)
    assert len(json.loads(store.documents.get(LEARNER, "compare") or "{}")) == 3

    table(compare).click(position={"x": STAR, "y": ROW * 2 + 17})
    wait_until(compare, lambda: store.runs.get(runs[1].id, learner=LEARNER).starred)
    table(compare).dblclick(position={"x": NAME, "y": ROW * 2 + 17})
    cell = compare.locator(".gdg-input")
    cell.fill("the middle one", timeout=PATIENCE)
    expect(cell).to_have_value("the middle one")
    cell.press("Enter")
    name = compare.locator(".key-table").get_by_text("the middle one")
    expect(name).to_be_visible(timeout=PATIENCE)
    kept = store.runs.get(runs[1].id, learner=LEARNER)
    assert (kept.name, kept.starred) == ("the middle one", True)

    compare.reload()
    expect(name).to_be_visible(timeout=PATIENCE)
