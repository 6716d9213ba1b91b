"""Every text a learner reads passes through here on its way to the screen."""

from __future__ import annotations

import functools
import gettext
from collections.abc import Callable
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"

current: Callable[[], str] = lambda: "en"  # noqa: E731
"""Tells the language of whoever is being served; the session sets it, tests may."""


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("lab", LOCALES, languages=[language], fallback=True)


def _(message: str) -> str:
    """The message in the learner's language; the English message itself where none is known."""
    return _catalogue(current()).gettext(message)
