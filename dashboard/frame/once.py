"""What several parts of a page ask for is found out once while the page is drawn."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember inside the block what ``once`` finds out; a part that is drawn with its page shares it."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose answers, by its hashable arguments, are remembered until the page is drawn.

    Outside ``remembering`` it is asked each time.
    """

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, *kwargs.items())
        if key not in known:
            known[key] = function(*args, **kwargs)
        answer: R = known[key]
        return answer

    return asked


def forget() -> None:
    """Find out everything anew from here on, because something was changed while the page is drawn."""
    known = _known.get()
    if known is not None:
        known.clear()
