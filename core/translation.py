"""Every text that a person reads passes through here on its way to the screen or the console.

The catalogue of the whole lab lies beside it, so that what ``core`` prints and logs is in the languages of
the pages.
"""

from __future__ import annotations

import functools
import gettext
import io
import locale
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.errors import LabError

LOCALES = Path(__file__).parent / "locales"
"""Where the catalogues lie: zh_CN/LC_MESSAGES/lab.po for "zh-CN"."""
SOURCE = "en"
"""The language of the texts in the code, which needs no catalogue."""
LANGUAGES: Mapping[str, str] = {SOURCE: "English", "zh-CN": "简体中文"}
"""The languages that the lab speaks, by their tags (BCP 47), each as it calls itself."""

_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def known(tag: object) -> str | None:
    """The language that serves a locale: "en" for "en-GB", "EN", "en_US"; "zh-CN" for "zh"; None if none."""
    wanted = tag.replace("_", "-").split("-")[0].lower() if isinstance(tag, str) else ""
    return next((language for language in LANGUAGES if language.split("-")[0] == wanted), None)


def supported(*tags: object) -> str:
    """The language that serves the first of these locales that one serves; ``SOURCE`` where none fits.

    Whatever a browser sends, the answer is one of ``LANGUAGES``.
    """
    return next(filter(None, map(known, tags)), SOURCE)


def accepted(header: str) -> list[str]:
    """The locales of an Accept-Language header, as browsers order them: "de,zh;q=0.9" → "de", "zh"."""
    return [part.split(";")[0].strip() for part in header.split(",")]


def of_the_server() -> str:
    """The language of whoever reads the console: that of the process's locale."""
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")  # as gettext reads them; Windows has none of them
    named = next((value for name in variables if (value := os.environ.get(name))), None)
    return supported(named or _named_by_windows(locale.getlocale()[0] or ""))


def _named_by_windows(name: str) -> str:
    """ "zh" for what Windows calls "Chinese (Simplified)_China"; other names stay as they are."""
    return "zh" if name.startswith("Chinese") else name


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


def file(language: str) -> Path:
    """The catalogue of a language other than ``SOURCE``."""
    return LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "lab.po"


@functools.cache  # of as many as there are languages: see ``speaking``
def _catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue, compiled in memory: a tenth of a second, once in a process; nothing is written."""
    if language == SOURCE:
        return gettext.NullTranslations()
    with file(language).open("rb") as written:
        catalogue = read_po(written)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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


def sentence(error: LabError) -> str:
    """What an error says, as plain text in the language that is spoken just now."""
    return translated(error.template).format(**error.values)
