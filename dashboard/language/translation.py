"""Every text a learner reads passes through here on its way to the screen."""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
"""Where the catalogues lie: LANGUAGE/LC_MESSAGES/lab.mo."""
SOURCE = "en"
"""The language of the texts in the code, which needs no catalogue."""
LANGUAGES: tuple[str, ...] = (SOURCE,)
"""The languages that the lab speaks."""

_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def supported(locale: str | None) -> str:
    """The language that serves a browser's locale: that of "en-GB", "EN" and "en_US" is "en".

    Whatever a browser sends, the answer is one of ``LANGUAGES``; the first one where none fits.
    """
    wanted = (locale or "").replace("_", "-").split("-")[0].lower()
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak one of ``LANGUAGES`` inside the block; a ValueError for any other."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is none of the lab's languages: {', '.join(LANGUAGES)}")
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@functools.cache  # of as many as there are languages: see ``speaking``
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("lab", LOCALES, languages=[language], fallback=language == SOURCE)


def spoken() -> str:
    """The language that ``_`` speaks just now."""
    return _spoken.get()


def _(message: str) -> str:
    """The message in the learner's language. Its argument is always the text itself, for the extraction."""
    return _catalogue(spoken()).gettext(message)


def translated(marked: str) -> str:
    """``_`` for a text that was marked with ``N_`` where it stands, and comes here in a variable."""
    return _catalogue(spoken()).gettext(marked)


def ngettext(one: str, several: str, count: int) -> str:
    """``_`` of the message that fits a count, with ``{count}`` filled in: "1 image", "1,000 images"."""
    return _catalogue(spoken()).ngettext(one, several, count).replace("{count}", f"{count:,}")
