"""Parts of a page that rerun alone, in the language of whoever looks at them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from dashboard.frame import session
from dashboard.language.translation import speaking

P = ParamSpec("P")
R = TypeVar("R")


def fragment(function: Callable[P, R], *, run_every: float | None = None) -> Callable[P, R]:
    """``st.fragment`` that speaks: Streamlit reruns a fragment without the visit around it, in a new thread.

    Args:
        run_every: seconds between two reruns; None reruns it only when it is used.
    """

    @wraps(function)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(session.language()):
            return function(*args, **kwargs)

    return st.fragment(spoken, run_every=run_every)
