"""A choice that can be clicked in a chart or made with a widget; the later one counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.browser.live_chart import ClickedPoint
from dashboard.frame import session


def current(key: str, default: Any) -> Any:
    """What was clicked or chosen last."""
    return session.kept(key, (None, default, 0))[1]


def widget_key(key: str, default: Any) -> str:
    """The key of the choice's widget: another one after each click, so that it shows what was clicked.

    Args:
        default: what is shown until something is chosen; another default is another widget, too.
    """
    return f"{key}-{session.kept(key, (None, None, 0))[2]}-{default}"


def choose(key: str, value: Any, *, shown: Any) -> None:
    """Take over what the widget says, if that is not what it was made to show: a default is no choice."""
    click, _before, count = session.kept(key, (None, None, 0))
    if value != shown:
        session.keep(key, (click, value, count))


def put(key: str, value: Any) -> None:
    """Choose from elsewhere; for a callback, so that the widget shows it."""
    click, _before, count = session.kept(key, (None, None, 0))
    session.keep(key, (click, value, count + 1))


def take_click(key: str, click: ClickedPoint, value: Any) -> None:
    """Take over a click that is new, and run the fragment again so that the widget shows it.

    A click is known by its moment: the place it names has other words in another language.
    """
    before, _value, count = session.kept(key, (None, None, 0))
    if click["at"] == before:
        return
    session.keep(key, (click["at"], value, count + 1))
    st.rerun(scope="fragment")
