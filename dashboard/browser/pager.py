"""Buttons that turn the pages of a long list; the page survives a switch to another lesson."""

from __future__ import annotations

import streamlit as st

from dashboard.frame import session
from dashboard.language import _


def first_of_page(key: str, *, total: int, subject: object) -> int:
    """Position of the first item on the open page; another ``subject`` begins with the first page."""
    kept_subject, first = session.kept(key, (subject, 0))
    return int(first) if kept_subject == subject and first < total else 0


def pager(key: str, *, first: int, total: int, size: int, subject: object) -> None:
    """Draw the buttons: ``first`` comes from ``first_of_page`` with the same key and subject."""
    last = min(first + size, total)
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        _button(":material/first_page:", _("First page"), key, (subject, 0), first == 0)
        _button(":material/chevron_left:", _("Page before"), key, (subject, max(first - size, 0)), first == 0)
        st.markdown(
            _("{first} to {last} of {total}").format(
                first=f"{first + 1:,}", last=f"{last:,}", total=f"{total:,}"
            ),
            width="content",
        )
        _button(":material/chevron_right:", _("Next page"), key, (subject, first + size), last == total)


def _button(icon: str, label: str, key: str, target: tuple[object, int], disabled: bool) -> None:
    st.button(
        "",
        icon=icon,
        help=label,
        key=f"{key}-{icon}",
        disabled=disabled,
        type="tertiary",
        on_click=session.keep,
        args=(key, target),
    )
