"""Text of a learner or of a link, shown as it is: never as markup, wherever it stands.

Each place has markup of its own, so each has a function here; HTML has ``html.escape``, and the report's
templates escape by themselves. What is no text of the lab passes through one of them before it is shown.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""A word joiner: nothing is seen of it, and what it parts is no markup any more."""

_ESCAPED = {ord(sign): f"\\{sign}" for sign in "\\`*_[]<>&~$#{}|"}
_BEGINS_BLOCK = re.compile(r"^(?:(\d+)(?=[.)])|(?=[-+]))")
"""What makes a list or a rule of a line that begins with it; there a backslash belongs before the sign."""
_READ_LATER = re.compile(r"(?:https?|www)(?=[:.])|:(?=\S)|.(?=@)|[<>=~-](?=[<>=~-])", re.IGNORECASE)
"""What Streamlit still reads in text that was escaped: addresses, :icons: and colours, arrows and dashes."""
_PLOTLY = {ord(sign): f"&#{ord(sign)};" for sign in "&<>{}$"}
_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Signs that let whatever follows run from right to left."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def literal(text: str) -> str:
    """Markdown that shows the text, in one line: in paragraphs, headings, captions, labels and boxes."""
    parted = _READ_LATER.sub(rf"\g<0>{JOINER}", _one_line(text))
    return _BEGINS_BLOCK.sub(r"\1\\", parted.translate(_ESCAPED))


def in_chart(text: str) -> str:
    """What Plotly shows as the text, in titles, legends, axes and hover; it reads tags and %{variables}."""
    return _one_line(text).translate(_PLOTLY)


def in_cell(text: str) -> str:
    """A table's cell that no spreadsheet takes for a formula when the table is saved as CSV.

    ``from_cell`` undoes it, where cells are edited.
    """
    return f"{JOINER}{text}" if text.lstrip(" \n").startswith(_FORMULA) else text


def from_cell(text: str) -> str:
    """What a learner meant by a cell that ``in_cell`` wrote, edited or not."""
    return text.removeprefix(JOINER)


def _one_line(text: str) -> str:
    return " ".join(text.translate(_TURNS).split())
