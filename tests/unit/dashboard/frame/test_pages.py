"""The table of pages."""

from dashboard.frame import pages


def test_every_page_is_in_a_group_and_every_group_has_pages() -> None:
    assert {page.section for page in pages.PAGES} == set(pages.SECTIONS)


def test_a_page_is_found_by_its_address_and_an_unknown_one_is_the_first() -> None:
    assert all(pages.at(page.address) == page for page in pages.PAGES)
    assert pages.at("no-such-page") == pages.PAGES[0]
