"""Every text a learner reads passes through here on its way to the screen."""

from __future__ import annotations

import functools
import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"

current: Callable[[], str] = lambda: "en"  # noqa: E731
"""Tells the language of whoever is being served; the session sets it, tests may."""

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language inside the block, where nobody is being served: in a download's own thread."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("lab", LOCALES, languages=[language], fallback=True)


def spoken() -> str:
    """The language that ``_`` speaks just now."""
    return _chosen.get() or current()


def _(message: str) -> str:
    """The message in the learner's language; the English message itself where none is known."""
    return _catalogue(spoken()).gettext(message)


def ngettext(one: str, several: str, count: int) -> str:
    """``_`` of the message that fits a count, with ``{count}`` filled in: "1 image", "1,000 images"."""
    return _catalogue(spoken()).ngettext(one, several, count).replace("{count}", f"{count:,}")
