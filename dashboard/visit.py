"""One visit: the session, the sidebar, the page that was asked for."""

from __future__ import annotations

import base64
import copy
import io
from functools import cache

import streamlit as st
from PIL import Image
from streamlit.navigation.page import StreamlitPage

from dashboard.frame import page, pages, resources, session, sidebar
from dashboard.language import _, translated, translation
from dashboard.language.translation import speaking
from dashboard.runs import opening

ICON = 7  # a clear 3
STYLE = "<style>.stMainBlockContainer { padding-top: 4.5rem; }</style>"
"""Streamlit leaves 6rem above a page; less lets a page's picture be seen without scrolling."""


def show() -> None:
    """Run the page that the browser asked for, in its language."""
    with speaking(session.language()):
        _show()


def _show() -> None:
    st.set_page_config(page_title=_("Digit lab"), page_icon=icon(), layout="wide")
    st.html(STYLE)
    for refused in session.begin():
        page.problem(refused)
    chosen = st.navigation(_pages(), position="top")
    if sidebar.show():
        opening.start(session.settings())
    session.write_url()
    chosen.run()


@cache
def icon() -> str:
    """A digit of MNIST, as an address that holds the picture; an icon by name would be fetched elsewhere."""
    picture = io.BytesIO()
    Image.fromarray(255 - resources.mnist().train_images[ICON]).save(picture, "PNG")
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode('ascii')}"


def _pages() -> list[StreamlitPage]:
    """The lab's pages; Streamlit writes into them which one may run, so each visit has copies."""
    return [copy.copy(page) for page in _made_pages(translation.spoken())]


@cache  # of as many as there are languages: making them looks each file up on the disk
def _made_pages(spoken: str) -> list[StreamlitPage]:
    del spoken  # part of the cache's key only
    return [
        st.Page(
            pages.file(page.folder),
            title=translated(page.title),
            url_path=page.address or None,
            default=not page.address,
        )
        for page in pages.PAGES
    ]
