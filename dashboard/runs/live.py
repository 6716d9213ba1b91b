"""The part of a page that moves while something is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard.frame.fragments import fragment

Seen = TypeVar("Seen")

OFTEN = 1.0
"""Seconds between two looks at something that moves: a curve gets a few points in this time."""


def while_alive(
    draw: Callable[[Seen], object],
    seen: Seen,
    look: Callable[[], Seen],
    *,
    state: Callable[[Seen], object],
    every: float | None,
) -> None:
    """Draw a part of the page, and draw it again and again while something moves, without the rest.

    An error on the way is said where the part stands; the server does it, as everywhere.

    Args:
        draw: draws the part from what was seen.
        seen: what the page has read of the record already; the first drawing is made from it.
        look: reads the same anew, for every later drawing.
        state: what of it the rest of the page depends on. When that has changed, the whole page runs again.
        every: seconds between two looks; None when nothing moves any more.
    """
    is_first = True

    def part() -> None:
        nonlocal is_first
        now = seen if is_first else look()
        is_first = False
        draw(now)
        if state(now) != state(seen):
            st.rerun()

    fragment(part, run_every=every)()


def often(is_alive: bool) -> float | None:
    """``every`` of a part that either moves or rests."""
    return OFTEN if is_alive else None
