"""Tabs of which only the open one is computed; which one that is survives a switch of lesson or language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.frame import session


def tabs(key: str, contents: Mapping[str, Callable[[], None]]) -> None:
    """Draw a tab for each title and fill the open one."""
    titles = list(contents)
    session.restore_tab(key, titles)
    for tab, content in zip(st.tabs(titles, key=key, on_change="rerun"), contents.values(), strict=True):
        if tab.open:
            with tab:
                content()
