"""Parts of a page that rerun alone, in the language of whoever looks at them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

import streamlit as st

from core.translation import speaking
from dashboard.frame import once, session, turns

P = ParamSpec("P")
R = TypeVar("R")


def fragment(function: Callable[P, R]) -> Callable[P, R]:
    """``st.fragment`` that speaks: Streamlit reruns a fragment without the visit around it, in a new thread.

    It has no timer: what moves by itself is pushed (``dashboard/runs/live.py``).
    """

    @wraps(function)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        with turns.turn(), once.remembering(), speaking(session.language()):
            return function(*args, **kwargs)

    return st.fragment(spoken)


def dialog(
    title: str, content: Callable[[], None], *, width: Literal["small", "medium", "large"] = "small"
) -> None:
    """Open a window over the page, with what ``content`` draws; it reruns alone, too, and speaks."""

    def spoken() -> None:
        with turns.turn(), once.remembering(), speaking(session.language()):
            content()

    st.dialog(title, width=width)(spoken)()
