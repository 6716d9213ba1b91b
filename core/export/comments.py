"""Comments of exported source, in the reader's language, in lines that are not too long."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias
from unicodedata import east_asian_width

LINE_LENGTH = 88
Say: TypeAlias = Callable[[str], str]
"""Gives a text that was marked with ``N_`` in the reader's language."""


def comment(text: str) -> str:
    """The text as lines of a comment; a line may end after a word or a Chinese character (two columns)."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and _columns(f"# {lines[-1]}{word}".rstrip()) > LINE_LENGTH:
            lines.append("")
        lines[-1] += word
    return "".join(f"# {line.strip()}\n" for line in lines)


def _words(text: str) -> list[str]:
    """What a line may end after: words with the blank behind them, Chinese characters with their marks."""
    return re.findall(
        r"[\u3000-\u9fff\uff00-\uffef][，。：；、）”]*|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+", text
    )


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
