"""Folded parts of a page whose content is made when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.frame import session

T = TypeVar("T")


def folded(label: str, content: Callable[[], T], *, icon: str, key: str) -> T | None:
    """A folded part, open as it was before a switch of pages; what its content returned, None if closed."""
    session.restore(key)
    part = st.expander(label, icon=icon, key=key, on_change="rerun")
    if not part.open:
        return None
    with part:
        return content()
