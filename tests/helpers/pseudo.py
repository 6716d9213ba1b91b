"""A language that nobody speaks, made by the commands of CONTRIBUTING: English, longer and with accents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po
from catalogues import KEPT
from house import ROOT

TAG = "eo"
"""Babel must know it; Esperanto has two forms for a count, as English has."""
MARK = "ø"
"""A letter that every text of the language has, and no other."""

_KEPT = re.compile("|".join([*KEPT, r"\{[^}]*\}", r"\*+"]))
LONGEST = 8
"""Letters of an added word."""
_ACCENTS = str.maketrans("aeiouAEIOU", "àéîõüÀÉÎÕÜ")


def commands() -> list[list[str]]:
    """The commands of CONTRIBUTING that make a new language: extract, update, init."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\.venv/bin/(pybabel (?:extract|update|init).*)$", text, re.M)
    return [shlex.split(line) for line in lines]


def make(folder: Path, *, longer: float = 0.3) -> Path:
    """Write the language's catalogue into ``folder`` and return its file.

    Args:
        longer: by what share each text is longer than the English one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    extract, _update, init = (
        [part.replace("core/locales", str(folder)) for part in command] for command in commands()
    )
    for command in (extract, [part.replace("--locale=fr", f"--locale={TAG}") for part in init]):
        CommandLineInterface().run([command[0], "--quiet", *command[1:]])  # type: ignore[no-untyped-call]
    file = folder / TAG / "LC_MESSAGES" / "lab.po"
    with file.open("rb") as written:
        catalogue = read_po(written)
    _translate(catalogue, longer)
    with file.open("wb") as out:
        write_po(out, catalogue)
    return file


def _translate(catalogue: Catalog, longer: float) -> None:
    for message in catalogue:
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else list(message.id)
            told = [spoken(text, longer) for text in texts]
            message.string = told[0] if isinstance(message.id, str) else tuple(told)


def spoken(text: str, longer: float) -> str:
    """The text in the language: what must be kept is kept, the rest is accented, and a word is added."""
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[end : kept.start()].translate(_ACCENTS), kept[0]]
        end = kept.end()
    parts.append(text[end:].translate(_ACCENTS))
    count = max(1, round(longer * len(_KEPT.sub("", text))))
    words = [MARK * min(LONGEST, count - start) for start in range(0, count, LONGEST)]
    return "".join(parts) + (words[0] if len(words) == 1 else " " + " ".join(words))
