"""One visit: the session, the sidebar, the page that was asked for."""

from __future__ import annotations

import base64
import copy
import io
from functools import cache

import streamlit as st
from PIL import Image
from streamlit.navigation.page import StreamlitPage

from core import translation
from core.translation import speaking
from dashboard.browser import copy_link, language_switch
from dashboard.browser.drawer import close_drawer
from dashboard.browser.history import one_entry_a_change
from dashboard.frame import links, once, pages, resources, session, sidebar, turns, visits
from dashboard.language import _, translated
from dashboard.runs import on_screen, opening

ICON = 7  # a clear 3


def show() -> None:
    """Run the page that the browser asked for, in its language."""
    with turns.turn(), once.remembering():
        in_vain = session.begin()
        with speaking(session.language()):
            _show(in_vain)


def _show(in_vain: session.InVain) -> None:
    st.set_page_config(page_title=_("Digit lab"), page_icon=icon(), layout="wide")
    language_switch.show()
    copy_link.show()
    one_entry_a_change()
    links.told(in_vain)
    chosen = st.navigation(_sections(), position="top", expanded=True)
    here = pages.at(chosen.url_path)
    st.html(_marked(here.section))
    leads = here.folder != "train" or session.run_id() is None  # a run's own next steps stand beside it
    if here.has_experiment and sidebar.show(leads=leads):
        start = opening.open_new if here.folder == "train" else opening.start
        start(session.settings())
    session.write_url()
    close_drawer(f"{chosen.url_path} {session.run_id()}")
    visits.remember(here.folder)
    if here.folder != "train":  # there the run is what the page is about
        on_screen.show()
    chosen.run()


@cache
def icon() -> str:
    """A digit of MNIST, as an address that holds the picture; an icon by name would be fetched elsewhere."""
    picture = io.BytesIO()
    Image.fromarray(255 - resources.mnist().train_images[ICON]).save(picture, "PNG")
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode('ascii')}"


def _sections() -> dict[str, list[StreamlitPage]]:
    """The pages in their groups, in the order of the way through the lab.

    Streamlit writes into a page whether it may run, so each visit has copies.
    """
    made = _made_pages(translation.spoken())
    return {section: [copy.copy(page) for page in group] for section, group in made.items()}


@cache  # of as many as there are languages: making them looks each file up on the disk
def _made_pages(spoken: str) -> dict[str, list[StreamlitPage]]:
    del spoken  # part of the cache's key only
    return {
        translated(section): [_page(row) for row in pages.PAGES if row.section == section]
        for section in pages.SECTIONS
    }


def _page(row: pages.Page) -> StreamlitPage:
    return st.Page(
        pages.file(row.folder),
        title=translated(row.title),
        url_path=row.address or None,
        default=not row.address,
    )


def _marked(section: str) -> str:
    """The style that marks a group of pages as the one where one is; Streamlit marks the page within it."""
    place = 1 + pages.SECTIONS.index(section)
    button = f'[data-testid="stTopNav"] .rc-overflow-item:nth-child({place}) button'
    return f"<style>{button} {{ border-radius: 0; box-shadow: inset 0 -2px; font-weight: 600 }}</style>"
