"""How texts stand one after the other. What parts them is a matter of the language.

English has a blank between sentences and a comma in lists; Chinese has nothing and 、. So each way of joining
is a message of two parts, which a catalogue translates like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from core.translation import _


def sentences(*parts: str) -> str:
    """Whole sentences, one after the other; empty ones are left out."""
    # Translators: two sentences that follow each other.
    return _join(parts, lambda first, second: _("{first} {second}").format(first=first, second=second))


def listed(parts: Iterable[str]) -> str:
    """Words of a list: "depth, width, seed"."""
    # Translators: words of a list.
    return _join(parts, lambda first, second: _("{first}, {second}").format(first=first, second=second))


def grouped(parts: Iterable[str]) -> str:
    """Parts of a list that may have commas themselves: "Activation: tanh, seed 1; learning rate: 0.1"."""
    # Translators: parts of a list that have commas themselves.
    return _join(parts, lambda first, second: _("{first}; {second}").format(first=first, second=second))


def facts(parts: Iterable[str]) -> str:
    """Short facts beside each other, none of them a sentence: "Epoch 3 of 5 · 2 s an epoch"."""
    # Translators: short facts in one line, none of them a sentence.
    return _join(parts, lambda first, second: _("{first} · {second}").format(first=first, second=second))


def crossed(parts: Iterable[str]) -> str:
    """What is varied against each other: "Hidden layers × Activation"."""
    return " × ".join(parts)


def bulleted(parts: Iterable[str]) -> str:
    """A list of Markdown with one line for each part."""
    return "\n".join(f"- {part}" for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Blocks of Markdown, one below the other; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def bold(text: str) -> str:
    """The text in Markdown's bold face."""
    return f"**{text}**"


def with_icon(name: str, text: str) -> str:
    """The text behind one of Streamlit's icons: "info" gives :material/info:."""
    return f":material/{name}: {text}"


def unbold(text: str) -> str:
    """Markdown without its bold face, for where a text is only heard."""
    return text.replace("**", "")


def _join(parts: Iterable[str], pair: Callable[[str, str], str]) -> str:
    told = [part for part in parts if part]
    return reduce(pair, told) if told else ""
