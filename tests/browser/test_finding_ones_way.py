"""Addresses, Back, and the drawer of a phone: nobody gets lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
NOWHERE = "tcp://127.0.0.1:9"  # nothing is trained here
SLOW = 30_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture(scope="module")
def url(serve: Callable[..., Any]) -> str:
    return str(serve(APP, DASK_SCHEDULER_ADDRESS=NOWHERE).url)


def box(page: Page, setting: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("combobox", name=setting)


def choose(page: Page, setting: str, value: str) -> None:
    box(page, setting).click()
    page.get_by_role("option", name=value, exact=True).click()


def test_one_press_of_back_undoes_one_change(url: str, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{url}/train")
    choose(page, "Normalisation", "Min-max (0 … 1)")
    expect(page).to_have_url(f"{url}/train?norm=min-max", timeout=SLOW)
    choose(page, "Activation", "tanh")
    expect(page).to_have_url(re.compile(r"/train\?norm=min-max&act=tanh"), timeout=SLOW)
    page.get_by_test_id("stTopNavSection").get_by_text("Build", exact=True).click()
    page.get_by_role("menuitem", name="Network", exact=True).click()
    expect(page).to_have_url(re.compile(r"/network\?norm=min-max&act=tanh"), timeout=SLOW)

    page.go_back()
    expect(page).to_have_url(re.compile(r"/train\?norm=min-max&act=tanh"), timeout=SLOW)
    expect(page.get_by_role("heading", name="Train", level=1)).to_be_visible()
    page.go_back()
    expect(box(page, "Activation")).to_have_value("ReLU", timeout=SLOW)
    expect(page).to_have_url(f"{url}/train?norm=min-max", timeout=SLOW)
    page.go_back()
    expect(box(page, "Normalisation")).to_have_value("Z-score", timeout=SLOW)
    expect(page).to_have_url(f"{url}/train")
    page.go_forward()
    expect(box(page, "Normalisation")).to_have_value("Min-max (0 … 1)")
    expect(page).to_have_url(f"{url}/train?norm=min-max", timeout=SLOW)


def test_the_link_is_copied_where_scripts_have_no_clipboard(url: str, new_page: Callable[..., Page]) -> None:
    """As in a class, which opens the lab by HTTP."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("window.real = navigator.clipboard")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{url}/network?act=tanh")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("real.readText()") == f"{url}/network?act=tanh"
    expect(page.get_by_role("button", name="Copy the link")).to_be_focused()


def test_the_drawer_of_a_phone_closes_by_itself(url: str, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    page.goto(f"{url}/train")
    sidebar = page.get_by_test_id("stSidebar")
    page.get_by_test_id("stExpandSidebarButton").click()  # as soon as there is one
    expect(page.get_by_role("heading", name="Train", level=1)).to_be_visible()
    expect(page.locator("html[data-lab-opened]")).to_be_attached()
    expect(sidebar).not_to_have_attribute("data-collapsed", "true")
    sidebar.get_by_text("Digits", exact=True).click()
    expect(page.get_by_role("heading", name="Digits", level=1)).to_be_visible()
    expect(sidebar).to_have_attribute("data-collapsed", "true")  # after a choice of page
    page.get_by_test_id("stExpandSidebarButton").click()
    sidebar.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"/train\?run="), timeout=SLOW)
    expect(sidebar).to_have_attribute("data-collapsed", "true")  # after Train
    page.goto(f"{url}/train?act=tanh")
    expect(page.locator("html[data-lab-opened]")).to_be_attached()
    page.get_by_test_id("stExpandSidebarButton").click()
    sidebar.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"/train\?.*run="), timeout=SLOW)
    expect(sidebar).to_have_attribute("data-collapsed", "true")  # after Train on its own page


def test_no_empty_sidebar_stays_where_a_button_leads_to_a_page_without(
    url: str, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{url}/compare")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.get_by_role("button", name="On: take the test").click()
    expect(page.get_by_role("heading", name="Test", level=1)).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
