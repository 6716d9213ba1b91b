"""The table of pages."""

import pytest

from dashboard.frame import pages


def test_every_page_is_in_a_group_and_every_group_has_pages() -> None:
    assert {page.section for page in pages.PAGES} == set(pages.SECTIONS)


def test_a_page_is_found_by_its_address_and_an_unknown_one_is_the_first() -> None:
    assert all(pages.at(page.address) == page for page in pages.PAGES)
    assert pages.at("no-such-page") == pages.PAGES[0]


ENDS = ("start", "train")
"""Start is the way itself; where one goes from Train depends on the run."""


@pytest.mark.parametrize("page", [page for page in pages.PAGES if page.folder not in ENDS])
def test_every_page_says_at_its_end_where_one_goes_from_there(page: pages.Page) -> None:
    *_above, last = pages.file(page.folder).read_text(encoding="utf-8").strip().splitlines()
    assert last.startswith("page.onward(")
