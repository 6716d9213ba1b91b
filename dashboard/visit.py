"""One visit: the session, the sidebar, the page that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from PIL import Image

from dashboard import look
from dashboard.browser.drawer import close_drawer
from dashboard.frame import page, pages, resources, session, sidebar, visits
from dashboard.language import _, translated
from dashboard.language.translation import speaking
from dashboard.runs import opening

ICON = 7  # a clear 3
STYLE = Path(look.__file__).with_name("lab.css")


def show() -> None:
    """Run the page that the browser asked for, in its language."""
    with speaking(session.language()):
        _show()


def _show() -> None:
    st.set_page_config(page_title=_("Digit lab"), page_icon=_icon(), layout="wide")
    st.html(STYLE)
    for refused in session.begin():
        page.problem(refused)
    chosen = st.navigation(_sections(), position="top")
    here = pages.at(chosen.url_path)
    st.html(_marked(here.section))
    close_drawer(chosen.url_path)
    leads = here.folder != "train" or session.run_id() is None  # a run's own next steps stand beside it
    if here.has_experiment and sidebar.show(leads=leads):
        opening.start(session.settings())
    session.write_url()
    visits.remember(here.folder)
    chosen.run()


def _icon() -> Image.Image:
    """A digit of MNIST; an icon by name would be fetched from the internet."""
    return Image.fromarray(255 - resources.mnist().train_images[ICON])


def _sections() -> dict[str, list[st.Page]]:
    """The pages in their groups, in the order of the way through the lab."""
    return {
        translated(section): [_page(row) for row in pages.PAGES if row.section == section]
        for section in pages.SECTIONS
    }


def _marked(section: str) -> str:
    """The style that marks a group of pages as the one where one is; Streamlit marks the page within it."""
    place = 1 + pages.SECTIONS.index(section)
    button = f'[data-testid="stTopNav"] .rc-overflow-item:nth-child({place}) button'
    return f"<style>{button} {{ border-radius: 0; box-shadow: inset 0 -2px; font-weight: 600 }}</style>"


def _page(row: pages.Page) -> st.Page:
    return st.Page(
        pages.file(row.folder),
        title=translated(row.title),
        url_path=row.address or None,
        default=not row.address,
    )
