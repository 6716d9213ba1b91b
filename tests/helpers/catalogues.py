"""Reads a catalogue for what is wrong with its translations; ``messages`` does the same for the source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from string import Formatter
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from house import ROOT

Terms: TypeAlias = Mapping[str, tuple[str, ...]]
"""English term, in small letters → the forms of which a translation must use one."""
Source: TypeAlias = set[str | tuple[str, ...]]
"""What ``messages.messages`` found in the source."""


def glossary() -> Terms:
    """The terms of docs/glossary.md that a machine can hold: those not in italics."""
    rows = re.findall(r"^\| ([^*|]+) \| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.M)
    return {english: tuple(form.strip() for form in chinese.split("/")) for english, chinese in rows[1:]}


def read(text: str) -> Catalog:
    """The catalogue that stands in a .po file; ValueError where it is none."""
    return read_po(StringIO(text), abort_invalid=True)


def faults(catalogue: Catalog, source: Source, terms: Terms) -> list[str]:
    """What is wrong with a catalogue, one line each; empty if nothing is."""
    held = {message.id: message for message in catalogue if message.id}
    found = [f"missing: {_named(text)}" for text in source - held.keys()]
    found += [f"unused: {_named(text)}" for text in held.keys() - source]
    found += [f"unused: {_named(text)}" for text in catalogue.obsolete]
    found += [f"fuzzy: {_named(message.id)}" for message in held.values() if message.fuzzy]
    for message in held.values():
        found += [f"{why}: {_named(message.id)}" for why in _wrong(message, terms)]
    return sorted(found)


def _named(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def _wrong(message: Message, terms: Terms) -> Iterator[str]:
    english = message.id if isinstance(message.id, str) else message.id[-1]
    told = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not told or not all(told):
        yield "missing"
        return
    for text in told:
        if kept(text) != kept(english):
            yield f"other placeholders, {sorted(kept(text) ^ kept(english))}"
        yield from (f"bold that Markdown does not read, {part!r}" for part in _unread_bold(text))
        yield from _not_in_terms(english, text, terms)
        if re.search(f"[{_HAN}]", text):
            yield from (f"{why}, {found!r}" for pattern, why in _STYLE for found in pattern.findall(text))


def kept(text: str) -> set[str]:
    """What a translation has to keep: {placeholders}, %{Plotly's}, `code`, $formulas$, <tags>, the bold."""
    plain = _KEPT[0].sub("", text)
    fields = {f"{{{name}:{form}}}" for _text, name, form, _as in Formatter().parse(plain) if name is not None}
    literal = {found for pattern in _KEPT for found in pattern.findall(text)}
    return fields | literal | {f"{len(_BOLD.findall(text))} × **"}


KEPT = (
    r"%\{[^}]*\}(?:\[\d\]\})?",  # Plotly's
    r"%(?:\(\w+\))?[rs]",
    r"`[^`]+`",
    r"\$[^$]+\$",
    r"<[^>]+>",
    r"\w+\(\)",  # a call
    r"\b[A-Z]+(?:_[A-Z]+)+\b",  # a variable of the environment
    r"--[a-z-]+",  # an option
    r"\b[a-z]+_[a-z_]+\b",  # a name in code
)
"""What stands in every translation as it stands in the source, beside {placeholders}."""
_KEPT = tuple(map(re.compile, KEPT))
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def _unread_bold(text: str) -> Iterator[str]:
    """Bold parts that CommonMark leaves as stars: punctuation inside, and a letter right outside.

    A placeholder counts as a letter outside, and as punctuation at an end inside: it may be either.
    """
    for found in _BOLD.finditer(text):
        before, after = text[: found.start()][-1:], text[found.end() :][:1]
        if (_is_mark(found[1][0]) and not _parts(before)) or (_is_mark(found[1][-1]) and not _parts(after)):
            yield found[0]


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _parts(sign: str) -> bool:
    return sign in ("", " ", "\n") or (_is_mark(sign) and sign not in "{}")


def _not_in_terms(english: str, text: str, terms: Terms) -> Iterator[str]:
    """Terms of the English text whose translation the other text does not use; the longest term counts."""
    rest, said = english.casefold(), text.casefold()
    for term in sorted(terms, key=len, reverse=True):
        rest, count = re.subn(rf"(?<![\w{{_-]){re.escape(term)}(?:s|es)?(?![\w}}_])", "~", rest)
        if count and not any(form.casefold() in said for form in terms[term]):
            yield f"“{term}” is not {' or '.join(terms[term])}"


_HAN = "\u3400-\u9fff"
_FULL = "，。：；！？、（）“”"
_STYLE = (
    (re.compile(rf"[{_HAN}][,;:!?]|[,;:!?][{_HAN}]|[{_HAN}]\.(?!\w)"), "half-width punctuation"),
    (re.compile(rf"[{_FULL}] |(?<!-) [{_FULL}]"), "a blank beside full-width punctuation"),
    (re.compile(rf"[{_HAN}] +[{_HAN}]"), "a blank between Chinese characters"),
    (re.compile(rf"[{_HAN}][A-Za-z0-9]|[A-Za-z0-9%][{_HAN}]"), "no blank between Chinese and Latin"),
    (re.compile(rf"[{_HAN}] ?[\"'‘’]|[\"'‘’] ?[{_HAN}]"), "other quotation marks than “ ”"),
    (re.compile(rf"(?<!\*)\*[^*]+[{_FULL}]\*(?=[{_HAN}])"), "emphasis that Markdown does not read"),
    (re.compile("您"), "您 instead of 你"),
    (re.compile("幅"), "幅 instead of 张"),
    (re.compile("单元(?!格)"), "单元 instead of 神经元"),  # a table has 单元格
    (re.compile("认对"), "认对 instead of 读对"),
    (re.compile("标准误差"), "标准误差 instead of 标准误"),
    (re.compile("次运行"), "运行 instead of 训练"),
)
"""How a text with Chinese in it is set, and words that say what another word of the lab says already."""
