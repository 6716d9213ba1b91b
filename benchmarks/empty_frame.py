"""A Streamlit app with the lab's frame and nothing in it: what ``benchmarks.pages`` compares with."""

from collections.abc import Callable

import streamlit as st

from dashboard.frame.pages import PAGES, SECTIONS, Page


def titled(row: Page) -> Callable[[], None]:
    """A page that has its title, and where the lab has an experiment at its side, a button there."""

    def show() -> None:
        st.title(row.title)
        if row.has_experiment:
            st.sidebar.button("Train")

    return show


st.set_page_config(layout="wide")
groups = {
    section: [
        st.Page(titled(row), title=row.title, url_path=row.address or None, default=not row.address)
        for row in PAGES
        if row.section == section
    ]
    for section in SECTIONS
}
st.navigation(groups, position="top", expanded=True).run()
