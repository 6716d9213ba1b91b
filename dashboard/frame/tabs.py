"""Tabs of which only the open one is computed; which one that is survives a switch to another lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.frame import session


def tabs(key: str, contents: Mapping[str, Callable[[], None]]) -> None:
    """Draw a tab for each title and fill the open one."""
    session.restore(key)
    for tab, content in zip(
        st.tabs(list(contents), key=key, on_change="rerun"), contents.values(), strict=True
    ):
        if tab.open:
            with tab:
                content()
