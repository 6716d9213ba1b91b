"""Nothing keeps anybody out: axe-core on every page, tab and fold, day and night; each chart has words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_lab import COOKIE, Lab
from playwright.sync_api import Page, expect

from core.record.store import Store
from core.settings import DEFAULT
from dashboard.frame import identity
from dashboard.frame.pages import PAGES

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
FOLDS = "main details:not([open]) > summary"
SPEECHLESS = """() => [...document.querySelectorAll('.live-chart')]
    .filter(chart => chart.clientWidth)
    .filter(chart => !document.getElementById(chart.getAttribute('aria-describedby'))?.textContent)
    .map(chart => chart.getAttribute('aria-label'))"""
"""Names of the charts that do not say what they show."""
SLOW = 30_000
KNOWN: tuple[tuple[str, str], ...] = (
    ("empty-table-header", "th:nth-child(1)"),  # st.dataframe's own column of row numbers
    ("presentation-role-conflict", "section"),  # st.file_uploader's own drop zone
)
"""Rule and a part of the place: what stands inside Streamlit's own widgets and no setting can mend."""


@pytest.fixture(scope="module")
def url(serve: Callable[..., Any]) -> str:
    server = serve(APP)
    store = Store(f"sqlite:///{(server.folder / 'digits.sqlite').as_posix()}")
    Lab(store).trained(epochs=2)
    Lab(store).trained(DEFAULT.change(activation="tanh"), epochs=2)
    store.close()
    return str(server.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out(url: str, new_page: Callable[..., Page], scheme: str) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.context.add_cookies([{"name": identity.NAME, "value": COOKIE, "url": url}])
    found = {row.folder: looked_through(page, f"{url}/{row.address}") for row in PAGES}
    assert {folder: said for folder, said in found.items() if said} == {}


def looked_through(page: Page, address: str) -> list[str]:
    """What axe-core finds on a page, behind each of its tabs, with every fold open."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=SLOW)
    settle(page)
    tabs = page.get_by_role("tab")
    found: list[str] = []
    for place in range(max(1, tabs.count())):
        if place < tabs.count():
            tabs.nth(place).click()
        settle(page)
        page.evaluate(f"document.querySelectorAll('{FOLDS}').forEach(fold => fold.click())")
        settle(page)
        found += violations(page)
        found += [f"no words: {name}" for name in page.evaluate(SPEECHLESS)]
    return sorted(set(found))


def settle(page: Page) -> None:
    page.wait_for_timeout(150)  # until a click has reached the server
    page.locator(IDLE).wait_for(timeout=SLOW)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=SLOW)  # all widgets are there


def violations(page: Page) -> list[str]:
    """Rule, place and reason of each violation that is not known."""
    return [
        f"{rule['id']}: {node['target'][-1]}: {node['failureSummary']}"
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
        if not any(rule["id"] == name and place in str(node["target"]) for name, place in KNOWN)
    ]
