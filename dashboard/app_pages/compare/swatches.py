"""A run's line in miniature, for tables: its colour and its dashes."""

from __future__ import annotations

from dashboard.look import style

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
