"""The language: what decides it, what a switch of it keeps, and that a Chinese reader finds no English."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pseudo
import pytest
from page_lab import APP, COOKIE, LEARNER, Lab
from playwright.sync_api import Locator, Page, expect
from reading_lab import trained
from record_lab import KEPT
from seen_words import PATIENCE, cut, every_part, first_part, rest, said, three_words

from core.record.store import Store
from dashboard.browser.drawing_pad import SAVED
from dashboard.frame import identity
from dashboard.frame.pages import PAGES

NOWHERE = "tcp://127.0.0.1:9"  # nothing trains
SEVEN = {
    "objects": [{"type": "Path", "path": [["M", 60, 60], ["L", 200, 60], ["L", 110, 230]], "strokeWidth": 18}]
}
STREAMLITS = {
    "Skip to main content",
    "Choose an option",
    "Choose or add an option",
    "Download as CSV",
    "Copy to clipboard",
    "Link to heading",
    "MB per file",
}
"""Streamlit's own words, which it does not let anybody translate; CONTRIBUTING names them."""
NAMES = {
    "Deep anomaly detection with outlier exposure",
    "The MNIST database",
    "Visualizing the Loss Landscape of Neural Nets",
    "My first network, ",
}
"""Three papers' titles, and how a learner of the kept database called a run."""


@pytest.fixture(scope="module")
def url(serve: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lab with the kept runs, duel, sweep, looks and drawings, one network that reads well, and a 7."""
    file = tmp_path_factory.mktemp("language") / "lab.sqlite"
    shutil.copy(KEPT, file)
    with sqlite3.connect(file) as connection:
        for table in ("runs", "documents", "drawings"):
            connection.execute(f"UPDATE {table} SET learner = ? WHERE learner LIKE 'anna%'", [COOKIE])
    connection.close()
    store = Store(f"sqlite:///{file.as_posix()}")
    trained(Lab(store))
    store.documents.save(LEARNER, SAVED, json.dumps(SEVEN))
    store.close()
    address = f"sqlite:///{file.as_posix()}"
    return str(serve(APP, DIGITS_DATABASE_URL=address, DASK_SCHEDULER_ADDRESS=NOWHERE).url)


def visitor(
    new_page: Callable[..., Page], url: str, locale: str, *, known: bool = False, **options: Any
) -> Page:
    """A browser of this locale; the one whose runs are there, or a new one."""
    page = new_page(locale=locale, **options)
    if known:
        page.context.add_cookies([{"name": identity.NAME, "value": COOKIE, "url": url}])
    return page


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text, timeout=PATIENCE)
    rest(page)


def switch(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    rest(page)


def choose(box: Locator, option: str) -> None:
    """Open the list until it stays open: one that opens while its fold still unfolds is closed again."""
    wanted = box.page.get_by_role("option", name=option)
    for _attempt in range(10):
        box.get_by_role("combobox").click()
        box.page.wait_for_timeout(400)
        if wanted.count():
            break
    wanted.click()


def document_language(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def test_a_switch_keeps_what_every_widget_says_and_is_remembered(
    url: str, new_page: Callable[..., Page]
) -> None:
    page = visitor(new_page, url, "en-US")
    page.goto(f"{url}/normalization")
    heading(page, "Normalisation")
    page.get_by_text("Training", exact=True).click()
    loss = page.locator('[class*="st-key-setting-loss-"]')
    choose(loss, "Mean squared error")
    page.wait_for_function("location.search.includes('loss=squared-error')")
    page.get_by_role("radio", name="20 × 100").click()
    rest(page)
    page.get_by_role("tab", name="Mean 0, variance 1").click()
    expect(page.get_by_role("tab", name="Mean 0, variance 1")).to_have_attribute("aria-selected", "true")
    rest(page)
    page.wait_for_function("location.search.includes('hidden=20x100')")
    asked = page.url

    switch(page, "简体中文")
    heading(page, "归一化")
    assert document_language(page) == "zh-CN"
    assert page.url == asked
    expect(page.get_by_role("tab", name="均值 0，方差 1")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("radio", name="20 × 100")).to_be_checked()
    page.get_by_test_id("stSidebar").locator("summary", has_text="训练").click()  # folded by its new name
    expect(loss.get_by_role("combobox")).to_have_value("均方误差")
    choose(loss, "交叉熵")
    page.wait_for_function("!location.search.includes('loss')")

    page.reload()
    heading(page, "归一化")
    switch(page, "English")
    heading(page, "Normalisation")
    assert "lang" not in page.url


def test_a_link_sets_the_language_for_this_browser(url: str, new_page: Callable[..., Page]) -> None:
    page = visitor(new_page, url, "en-US")
    page.goto(f"{url}/ideas?lang=zh&epochs=3")
    heading(page, "原理")
    page.wait_for_function("!location.search.includes('lang') && location.search.includes('epochs=3')")
    page.wait_for_function("document.cookie.includes('zh-CN')")
    page.goto(f"{url}/ideas")
    heading(page, "原理")
    other = visitor(new_page, url, "fr-FR")
    other.goto(f"{url}/ideas?lang=nobodys")
    heading(other, "Ideas")


@pytest.mark.parametrize("known", [True, False], ids=["with runs", "who has trained nothing yet"])
def test_a_chinese_reader_finds_no_english(url: str, new_page: Callable[..., Page], known: bool) -> None:
    page = visitor(new_page, url, "zh-CN", known=known)
    parts = (part for lesson in PAGES for part in every_part(page, f"{url}/{lesson.address}"))
    assert {text for _part in parts for text in three_words(said(page), STREAMLITS | NAMES)} == set()


def test_no_word_is_cut_and_none_is_missing_in_a_longer_language(
    serve: Callable[..., Any], new_page: Callable[..., Page], tmp_path: Path
) -> None:
    pseudo.make(tmp_path / "locales")
    launcher = tmp_path / "longer_app.py"
    launcher.write_text(
        dedent(f"""
            import sys
            from pathlib import Path
            sys.path.insert(0, {str(APP.parents[1])!r})
            import streamlit as st
            from dashboard import server
            from core import translation
            translation.LOCALES = Path({str(tmp_path / "locales")!r})
            translation.LANGUAGES = {{"en": "English", {pseudo.TAG!r}: "Longer"}}
            app = st.App({str(APP)!r}, lifespan=server.lifespan, routes=server.ROUTES)
        """),
        encoding="utf-8",
    )
    url = str(serve(launcher, DASK_SCHEDULER_ADDRESS=NOWHERE).url)
    page = visitor(new_page, url, pseudo.TAG)
    missing: set[str] = set()
    short: list[str] = []
    for lesson in PAGES:
        first_part(page, f"{url}/{lesson.address}")
        missing |= three_words(said(page), STREAMLITS | NAMES)
        short += [f"{lesson.folder}: {text}" for text in cut(page) if text not in STREAMLITS]
    assert missing == set()
    assert short == []
