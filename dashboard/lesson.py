"""One visit: the session, the sidebar, the lesson that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from PIL import Image

from dashboard import language, page, resources, session, sidebar
from dashboard.components import run_view
from dashboard.language import _

ICON = 7  # a clear 3
STYLE = "<style>.stMainBlockContainer { padding-top: 4.5rem; }</style>"
"""Streamlit leaves 6rem above a page; less lets a page's picture be seen without scrolling."""
PAGES = Path(__file__).parent / "app_pages"
language.current = session.language


def show() -> None:
    """Run the page that the browser asked for."""
    st.set_page_config(page_title=_("Digit lab"), page_icon=_icon(), layout="wide")
    st.html(STYLE)
    for refused in session.begin():
        page.problem(refused)
    lesson = st.navigation(_lessons(), position="top")
    if sidebar.show():
        run_view.start(session.settings())
    session.write_url()
    lesson.run()


def _icon() -> Image.Image:
    """A digit of MNIST; an icon by name would be fetched from the internet."""
    return Image.fromarray(255 - resources.mnist().train_images[ICON])


def _lessons() -> list[st.Page]:
    titles = {
        "start": _("Start"),
        "digits": _("Digits"),
        "normalization": _("Normalisation"),
        "activations": _("Activations"),
        "network": _("Network"),
        "ideas": _("Ideas"),
        "train": _("Train"),
        "inside": _("Inside"),
        "duel": _("Depth duel"),
        "compare": _("Compare"),
        "test_set": _("Test"),
        "draw": _("Draw"),
    }
    return [
        st.Page(PAGES / f"{name}.py", title=title, url_path=name.replace("_set", ""), default=name == "start")
        for name, title in titles.items()
    ]
