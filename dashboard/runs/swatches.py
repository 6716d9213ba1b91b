"""A run's line in miniature, beside its name: its colour and its dashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.runs.run import Run
from dashboard.look import style
from dashboard.runs.identities import Identity, identity

SIGNS = {
    "solid": "━━━━",
    "dash": "━ ━ ━",
    "dot": "• • • •",
    "dashdot": "━ • ━",
    "longdash": "━━ ━━",
    "longdashdot": "━━ •",
}
"""Plotly's dashes as text, for cells of tables."""

_DASHES = {
    "solid": (8,),
    "dash": (7, 4),
    "dot": (3, 3),
    "dashdot": (7, 3, 2, 3),
    "longdash": (11, 4),
    "longdashdot": (11, 3, 2, 3),
}
"""Plotly's dashes in pixels: on, off, on, off …"""


def css(line: style.Line) -> str:
    """A line as a CSS background that repeats its dashes."""
    lengths = _DASHES.get(line.dash) or tuple(int(part.removesuffix("px")) for part in line.dash.split(","))
    stops, at = [], 0
    for place, length in enumerate(lengths):
        color = "transparent" if place % 2 else line.color
        stops.append(f"{color} {at}px {at + length}px")
        at += length
    return f"repeating-linear-gradient(90deg, {', '.join(stops)})"


def swatch(known: style.Line) -> str:
    """The line as HTML, to stand before a name."""
    return f'<span class="swatch" aria-hidden="true" style="background: {css(known)}"></span>'


def line(known: style.Line) -> None:
    """A run's line alone, before a name that stands beside it."""
    st.html(swatch(known), width="content")


def named(known: Identity) -> str:
    """A run's line and its name, as HTML."""
    return f'<span class="run-mark">{swatch(known.line)}{escape(known.name)}</span>'


def painted(table: pd.DataFrame, column: str, known: Mapping[str, Identity]) -> Styler:
    """A table with runs as its index, and in a column of ``SIGNS`` each run's colour."""
    colors = {run_id: f"color: {found.line.color}; font-weight: bold" for run_id, found in known.items()}

    def paint(signs: pd.Series) -> list[str]:
        return [colors.get(str(run_id), "") for run_id in signs.index]

    return table.style.apply(paint, subset=[column])


def show(runs: Sequence[Run]) -> None:
    """The line and the name of each of these runs, in a row."""
    marks = "".join(named(identity(run)) for run in runs)
    if marks:
        st.html(f'<div class="run-marks">{marks}</div>')
