"""One visit: the session, the sidebar, the page that was asked for."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from core.settings import InvalidSetting
from dashboard.browser import language_switch
from dashboard.frame import page, pages, resources, session, sidebar
from dashboard.language import _, translated
from dashboard.language.translation import speaking
from dashboard.runs import opening

ICON = 7  # a clear 3
STYLE = "<style>.stMainBlockContainer { padding-top: 4.5rem; }</style>"
"""Streamlit leaves 6rem above a page; less lets a page's picture be seen without scrolling."""


def show() -> None:
    """Run the page that the browser asked for, in its language."""
    refused = session.begin()
    with speaking(session.language()):
        _show(refused)


def _show(refused: list[InvalidSetting]) -> None:
    st.set_page_config(page_title=_("Digit lab"), page_icon=_icon(), layout="wide")
    st.html(STYLE)
    language_switch.show()
    for problem in refused:
        page.problem(problem)
    chosen = st.navigation(_pages(), position="top")
    if sidebar.show():
        opening.start(session.settings())
    session.write_url()
    chosen.run()


def _icon() -> Image.Image:
    """A digit of MNIST; an icon by name would be fetched from the internet."""
    return Image.fromarray(255 - resources.mnist().train_images[ICON])


def _pages() -> list[st.Page]:
    return [
        st.Page(
            pages.file(page.folder),
            title=translated(page.title),
            url_path=page.address or None,
            default=not page.address,
        )
        for page in pages.PAGES
    ]
