"""What a page of the lab says in a browser, word for word, and what of it is cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page

IDLE = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PATIENCE = 60_000
FOLD = '[data-testid="stExpander"] details:not([open]) > summary'

_WALK = """
  const skipped = new Set(["SCRIPT", "STYLE", "CODE", "PRE", "NOSCRIPT"])
  const isCode = (node) => skipped.has(node.tagName) || node.classList?.contains("katex")
    || node.dataset?.testid === "stIconMaterial"
  const walk = (node, visit) => {
    if (node.nodeType === Node.ELEMENT_NODE && (isCode(node) || !node.checkVisibility())) return
    visit(node)
    if (node.shadowRoot) walk(node.shadowRoot, visit)
    for (const child of node.childNodes) walk(child, visit)
  }
"""
_SAID = f"""() => {{ {_WALK}
  const said = [document.title]
  const names = ["aria-label", "aria-description", "title", "alt", "placeholder", "data-title"]
  walk(document.body, (node) => {{
    if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent)
    else if (node.getAttribute) for (const name of names) said.push(node.getAttribute(name) ?? "")
  }})
  return said.map((text) => text.trim()).filter(Boolean)
}}"""
_CUT = f"""() => {{ {_WALK}
  const cut = []
  walk(document.body, (node) => {{
    if (node.nodeType !== Node.ELEMENT_NODE || node.clientWidth < 2) return // as small: for readers aloud
    const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim())
    const style = getComputedStyle(node)
    const hides = style.overflowX === "hidden" || style.overflowX === "clip"
    if (own && hides && node.scrollWidth > node.clientWidth + 1) cut.push(node.textContent.trim())
  }})
  return cut
}}"""


def rest(page: Page) -> None:
    """Wait until the page has been drawn."""
    page.wait_for_timeout(120)  # a click that was just made has reached the server
    page.wait_for_selector(IDLE, timeout=PATIENCE)


def first_part(page: Page, url: str) -> None:
    """Open the page, and all folds of what it shows first."""
    page.goto(url)
    page.wait_for_selector(IDLE, timeout=PATIENCE)
    _unfold(page)


def every_part(page: Page, url: str) -> Iterator[Locator | None]:
    """Open the page, then each of its tabs and of those within them, with all folds open; yields the tab."""
    first_part(page, url)
    yield None
    lists = page.get_by_role("tablist")
    for tab in lists.first.get_by_role("tab").all() if lists.count() else []:
        _open(page, tab)
        yield tab
        for inner in lists.nth(1).get_by_role("tab").all() if lists.count() > 1 else []:
            _open(page, inner)
            yield inner


def _open(page: Page, tab: Locator) -> None:
    tab.click()
    rest(page)
    _unfold(page)


def _unfold(page: Page) -> None:
    if page.locator(FOLD).count():
        page.evaluate("folds => document.querySelectorAll(folds).forEach((fold) => fold.click())", FOLD)
        rest(page)


def said(page: Page) -> list[str]:
    """Every text that is shown or read aloud; code, formulas and icons' names left out."""
    return [str(text) for text in page.evaluate(_SAID)]


def cut(page: Page) -> list[str]:
    """Texts of which an end is hidden."""
    return [str(text) for text in page.evaluate(_CUT)]


def three_words(texts: list[str], allowed: set[str]) -> set[str]:
    """Runs of three or more English words, each with the text it stands in; ``allowed`` texts left out."""
    run = re.compile(r"\b[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){2,}\b")
    found = set()
    for text in texts:
        rest_of_it = text
        for known in allowed:
            rest_of_it = rest_of_it.replace(known, "")
        found |= {json.dumps(text, ensure_ascii=False) for _ in run.findall(rest_of_it)}
    return found
