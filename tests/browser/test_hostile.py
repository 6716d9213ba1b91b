"""Whatever a learner or a link says, Chromium shows it and does nothing else.

No request to elsewhere, no link, no picture, no script, no formatting.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hostile import HOSTILE, as_seen
from page_lab import COOKIE, LEARNER, Lab
from playwright.sync_api import Locator, Page, Request, expect

from core.record.store import Store
from core.settings import DEFAULT, PARAMETERS
from core.study.comparison import MOST_RUNS
from dashboard.frame import identity
from dashboard.runs import chosen_runs

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "tcp://127.0.0.1:9"
QUICK = DEFAULT.change(train=1_000, validation=100, hidden=(4,))
MARKUP = (
    "a, img, em, strong, del, code, iframe, table, .katex, h1, h2, h3, ul, ol, blockquote, hr, "
    "svg:not([aria-hidden])"
)
"""What Markdown or HTML may become, inside a box or a heading that shows a foreign text."""

LEADS = (
    "[...document.querySelectorAll('a[href], [src], [*|href]')].map(e => e.href?.baseVal ?? e.href ?? e.src)"
)
"""Where everything on the page leads, or comes from."""
SAYS = r"""text => [
    document.querySelector('[data-testid=stMain]').innerText,
    ...[...document.querySelectorAll('input')].map(field => field.value),
].some(said => said.replace(/[\u2060\u202a-\u202e]/g, '').replace(/\s+/g, ' ').includes(text))"""
"""Whether the page says a text, in a field or elsewhere."""
PAGES = (
    "",
    "digits",
    "normalization",
    "activations",
    "network",
    "ideas",
    "learning",
    "train",
    "duel",
    "compare",
    "draw",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Runs of ours with every hostile name, the newest first in the order of ``HOSTILE``."""
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('hostile') / 'lab.sqlite').as_posix()}")
    lab = Lab(store)
    for number, text in reversed(list(enumerate(HOSTILE))):
        run = lab.trained(QUICK.change(learning_rate=(number + 1) / 1000), epochs=2, name=text)
        store.runs.change(run, learner=LEARNER, note=text)
    yield store
    store.close()


@pytest.fixture(scope="module")
def server(serve: Callable[..., Any], store: Store) -> Any:
    return serve(ROOT / "dashboard" / "app.py", DIGITS_DATABASE_URL=store.url, DASK_SCHEDULER_ADDRESS=NOWHERE)


TOLD = r"""text => [...document.querySelectorAll('[data-testid=stAlertContentError]')].some(
    box => box.innerText.replace(/[\u2060\u202a-\u202e]/g, '').replace(/\s+/g, ' ').includes(text))"""
"""Whether a box says what was refused."""
EACH = 8
"""Of so many strings one goes into a field, and other ones into the next: typing takes its time."""


class Visit:
    """A window that writes down where it was sent."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.elsewhere: list[str] = []
        page.on("request", self._note)
        page.on("dialog", lambda dialog: self.elsewhere.append(f"dialog {dialog.message}"))

    def _note(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob") and place.netloc != urlsplit(self.url).netloc:
            self.elsewhere.append(request.url)

    def open(self, address: str, **query: str) -> None:
        self.page.goto(f"{self.url}/{address}?{urlencode(query)}")
        self.wait()

    def wait(self) -> None:
        """Until the page has come to rest."""
        expect(self.page.locator("h1").first).to_be_visible(timeout=60_000)
        self.rest()

    def rest(self) -> None:
        """Wait until the page has come to rest."""
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
        expect(self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(
            timeout=60_000
        )

    def type(self, field: Locator, text: str) -> None:
        """Write it into a field in place of what stands there, and hand it in."""
        field.fill(text)
        field.press("Enter")
        self.page.wait_for_timeout(100)  # until the server has heard of it
        self.rest()

    def check(self) -> None:
        """Nothing was fetched from, nor leads, elsewhere; nothing ran."""
        assert self.elsewhere == []
        for place in self.page.evaluate(LEADS):
            if place and not place.startswith(("#", "data:", "blob:")):
                assert urlsplit(place).netloc == urlsplit(self.url).netloc, place
        assert self.page.evaluate("window.hit") is None


@pytest.fixture
def visit(page: Page, server: Any) -> Visit:
    """In the browser of the learner whose runs these are."""
    page.context.add_cookies([{"name": identity.NAME, "value": COOKIE, "url": server.url}])
    return Visit(page, server.url)


@pytest.fixture
def stranger(new_page: Callable[..., Page], server: Any) -> Visit:
    """In a browser that was only given a link."""
    return Visit(new_page(), server.url)


def bare(page: Page, box: str) -> list[str]:
    """The texts of these boxes, which hold nothing but text."""
    found = page.locator(box)
    for marked in found.locator(MARKUP).all():
        raise AssertionError(f"markup in {box}: {marked.evaluate('e => e.outerHTML')}")
    return [as_seen(text) for text in found.all_inner_texts()]


def test_every_value_in_a_link_is_shown_as_it_is(visit: Visit, store: Store) -> None:
    """Each string in each parameter; a page says in boxes which values it refused, with what it received."""
    keys = [parameter.key for parameter in PARAMETERS]
    for number, text in enumerate(HOSTILE):
        query = dict.fromkeys((*keys, "run", "page", "embed_options"), text)
        visit.open(PAGES[number % len(PAGES)], **query)
        visit.check()
        said = " ".join(bare(visit.page, "[data-testid=stAlertContentError]"))
        assert as_seen(text)[:20] in said


def test_a_hostile_name_is_shown_as_it_is_where_a_run_is_looked_at(visit: Visit, store: Store) -> None:
    """Each name where it is a heading; each on one of the other pages in turn."""
    for number, run in enumerate(store.runs.of(LEARNER)):
        name = as_seen(run.name or "")
        visit.open("train", run=run.id)
        visit.check()
        assert name in bare(visit.page, "[data-testid=stMain] h2")
        visit.open(("inside", "draw", "test")[number % 3], run=run.id)
        visit.page.wait_for_function(SAYS, arg=name)
        visit.check()


def test_a_stranger_s_link_shows_its_name_as_it_is_and_no_note(stranger: Visit, store: Store) -> None:
    for run in store.runs.of(LEARNER)[::4]:
        for address in ("train", "test"):
            stranger.open(address, run=run.id)
            stranger.check()
            box = "[data-testid=stMain] strong" if address == "test" else "[data-testid=stMain] h2"
            assert as_seen(run.name or "") in bare(stranger.page, box)


def test_hostile_names_are_shown_as_they_are_in_charts_and_tables(visit: Visit, store: Store) -> None:
    runs = store.runs.of(LEARNER)
    for first in range(0, len(runs), MOST_RUNS):
        some = runs[first : first + MOST_RUNS]
        slots = {run.id: place for place, run in enumerate(some)}
        store.documents.save(LEARNER, chosen_runs.KIND, json.dumps(slots))
        visit.open("compare")
        names = visit.page.locator(".annotation-text")
        expect(names.first).to_be_visible(timeout=60_000)
        told = [as_seen(text).removesuffix("…") for text in names.all_text_contents()]
        for run in some:  # long ones are cut
            assert any(text and as_seen(run.name or "").startswith(text) for text in told), run.name
        visit.page.mouse.move(500, 500)  # the hover names the lines
        visit.check()
        assert visit.page.locator(".js-plotly-plot a, .js-plotly-plot image").count() == 0


def test_what_is_typed_into_the_sidebar_is_refused_as_it_is(visit: Visit) -> None:
    visit.open("digits")
    sidebar = visit.page.get_by_test_id("stSidebar")
    sidebar.get_by_text("My own").click()
    expect(sidebar.locator("input[aria-label='Or each width on its own']")).to_be_visible()
    visit.wait()
    sidebar.get_by_text("Training", exact=True).click()
    for place, label in enumerate(("Learning rate", "Batch size", "Or each width on its own")):
        field = sidebar.locator(f"input[aria-label='{label}']")
        before = field.input_value()
        for text in HOSTILE[place::EACH]:
            visit.type(field, text)
            visit.page.wait_for_function(TOLD, arg=as_seen(text)[:20])
            bare(visit.page, "[data-testid=stAlertContentError]")
            visit.check()
        visit.type(field, before)


def test_what_is_typed_into_the_sweep_form_is_shown_as_it_is(visit: Visit) -> None:
    visit.open("compare")
    visit.page.get_by_role("tab", name="Sweep").click()
    values = visit.page.get_by_test_id("stMultiSelect").first
    for text in HOSTILE[3::EACH]:
        visit.type(values.locator("input"), text)
        visit.page.wait_for_function(TOLD, arg=as_seen(text)[:20])
        assert as_seen(text) in " ".join(bare(visit.page, "[data-testid=stMultiSelect]"))
        bare(visit.page, "[data-testid=stAlertContentError]")
        visit.check()
        values.locator("input").press("Backspace")


def test_what_is_searched_for_or_typed_to_find_a_choice_does_nothing_else(visit: Visit) -> None:
    visit.open("compare")
    for text in HOSTILE[4::EACH]:
        visit.type(visit.page.get_by_placeholder("Search names, notes, settings"), text)
        expect(visit.page.get_by_test_id("stDataFrame")).to_be_visible()  # the run of that name is found
        visit.check()
    visit.page.get_by_test_id("stSidebar").get_by_text("Training", exact=True).click()
    for place, field in enumerate(visit.page.locator("input[role=combobox]:visible").all()):
        field.fill(HOSTILE[place])
        field.press("Escape")
        visit.check()


def test_a_name_that_is_typed_into_the_table_stays_a_name(visit: Visit, store: Store) -> None:
    visit.open("compare")
    table = visit.page.get_by_test_id("stDataFrame").locator(".dvn-scroller")
    for text in HOSTILE[8:10]:
        table.dblclick(position={"x": 300, "y": 35 * 2 + 17})  # the second run's name
        cell = visit.page.locator(".gdg-input")
        visit.type(cell, text)
        deadline = time.monotonic() + 60
        while store.runs.of(LEARNER)[1].name != text:
            assert time.monotonic() < deadline
            visit.page.wait_for_timeout(50)
        visit.rest()
        visit.check()
