"""Folded parts of a page, and windows beside a button, whose content is made when they are opened."""

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


def popover(
    label: str,
    content: Callable[[], object],
    *,
    icon: str,
    key: str,
    disabled: bool = False,
    keeps: str | None = None,
) -> None:
    """A window beside a button; what it holds is made when it is opened first.

    Args:
        keeps: key of a widget in it. What was typed there is still there when the window is opened again.
    """
    window = st.popover(label, icon=icon, key=key, disabled=disabled, on_change="rerun")
    if window.open or (keeps is not None and session.is_shown(keeps)):
        with window:
            content()
