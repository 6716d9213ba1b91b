"""One look for all charts: which colour means what, and the empty figure that each chart fills.

Text, axes and grid take their colours from the theme (see ``dashboard/browser/live_chart.py``). The data
colours below have a contrast of at least 3 : 1 with the light and with the dark ground (WCAG 1.4.11). Their
hues follow Okabe and Ito, which remain apart for colour-blind eyes; lines differ by their dashes as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

ACCENT = "#2580D3"
NEUTRAL = "#8A93A0"
"""What is there to compare with: published curves, things not chosen."""
GUESS_COLOR = NEUTRAL
WARNING = "#D55E00"

PART_COLORS: Mapping[str, str] = {
    "train": "#2580D3",
    "validation": "#C77F00",
    "test": "#009E73",
    "unused": "#8A93A0",
}


def signed_scale(lowest: float, highest: float) -> list[tuple[float, str]]:
    """The part of ``SIGNED_SCALE`` from ``lowest`` to ``highest``, such that 0 keeps its light colour."""
    steps = np.linspace(0, 1, 21)
    values = (lowest + (highest - lowest) * steps) / (max(abs(lowest), abs(highest)) or 1)
    places = [place for place, _ in SIGNED_SCALE]
    channels = np.transpose([hex_to_rgb(color) for _, color in SIGNED_SCALE])
    mixed = np.transpose([np.interp((values + 1) / 2, places, channel) for channel in channels])
    return [(step, f"rgb({r:.0f},{g:.0f},{b:.0f})") for step, (r, g, b) in zip(steps, mixed, strict=True)]


COLOR_BAR: Mapping[str, Any] = {"thickness": 10, "len": 0.88, "y": 0, "yanchor": "bottom"}
"""Of a picture without a margin: the corner above it is for the chart's buttons."""


class Line(NamedTuple):
    """How a line is drawn everywhere: colour and Plotly dash."""

    color: str
    dash: str


_HUES = ("#2580D3", "#D4621A", "#12977A", "#C2649A", "#AD7F00", "#8D6FD1", "#B0506C", "#7F8794")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

RUN_COLORS = tuple(Line(color, dash) for color, dash in zip(_HUES, cycle(_DASHES), strict=False))
"""Eight lines told apart by colour and by dash."""
HUES = len(_HUES)


def run_line(hue: int, turn: int) -> Line:
    """One of 48 lines: a colour of ``RUN_COLORS`` by its place, and the dash it has at its n-th turn, from 0.

    At its first turn a colour has the dash of ``RUN_COLORS``; six in a row differ.
    """
    return Line(_HUES[hue], _DASHES[(hue + turn) % len(_DASHES)])


def hue_of_choice(table: Iterable[str], code: str) -> int:
    """The place in ``RUN_COLORS`` of the colour that a choice has everywhere (``choice_line``)."""
    return list(table).index(code) % HUES


def choice_line(table: Iterable[str], code: str) -> Line:
    """The look of a choice follows from its place in its table of ``core.choices``.

    From the ninth place on hues come again, each with another dash, so that no line hides another.
    """
    place = list(table).index(code)
    around = place // len(_HUES)
    return Line(_HUES[place % len(_HUES)], _DASHES[(place + 2 * around) % len(_DASHES)])


def layer_color(layer: int, count: int) -> str:
    """The colour of one of ``count`` layers, from indigo (1) to teal (the last but one), as "#rrggbb"."""
    share = (layer - 1) / max(1, count - 2)
    start, end = np.array([101, 87, 226]), np.array([18, 146, 170])
    red, green, blue = (start + share * (end - start)).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


INK_SCALE = ((0.0, "#0B0F14"), (1.0, "#FFFFFF"))
"""A pixel as MNIST has it: 0 is the dark ground, 255 the light stroke."""
INK_GRID = "#232B35"
SIGNED_SCALE = (
    (0.0, "#B8460A"),
    (0.25, "#EE9C63"),
    (0.5, "#F4F4F2"),
    (0.75, "#7FB5DA"),
    (1.0, "#0B5FA5"),
)
"""From negative (orange) through 0 (light) to positive (blue); use with ``zmid=0``."""


BUTTONS = 88
"""Screen pixels above a plot in which a legend of two rows stands below the chart's buttons."""


def figure(title: str = "", x_title: str = "", y_title: str = "") -> go.Figure:
    """An empty figure with the margins, legend and axes that all charts share.

    Made from one dict: filling an empty figure piece by piece takes Plotly ten times as long, 11 ms.
    """
    return go.Figure(
        layout={
            "title": {
                "text": title,
                "font": {"size": 16},
                "x": 0,
                "xref": "paper",
                "yref": "container",
                "y": 0.96,
            },
            "margin": {"l": 64, "r": 16, "t": 52 if title else 20, "b": 52},
            "legend": {
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": 1.02,
                "yanchor": "bottom",
                "title": "",
            },
            "bargap": 0.15,
            "hoverlabel": {"align": "left"},
            "xaxis": {"title": {"text": x_title, "standoff": 10}, "zeroline": False},
            "yaxis": {"title": {"text": y_title, "standoff": 10}, "zeroline": False},
        }
    )


def hover(text: str) -> str:
    """The template of a hover label that says ``text`` and nothing more: no trace's name beside it."""
    return f"{text}<extra></extra>"


def frame_cell(chart: go.Figure, row: int, column: int) -> None:
    """Frame the cell of a heat map that is being looked at."""
    edges = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    chart.add_shape(**edges, line={"color": ACCENT, "width": 3})


def faded(color: str, opacity: float) -> str:
    """The colour "#rrggbb" so far from opaque (1) to unseen (0), as CSS writes it."""
    red, green, blue = hex_to_rgb(color)
    return f"rgba({red},{green},{blue},{opacity})"


def rows_height(count: int, *, row: int, frame: int) -> int:
    """Screen pixels of a chart with so many rows: ``row`` for each, ``frame`` for axes, title and margins."""
    return frame + row * count


def bare(chart: go.Figure) -> go.Figure:
    """Take away axes and grid, as a picture wants it: its cells keep their aspect, right below its title."""
    chart.update_xaxes(visible=False, constrain="domain")
    chart.update_yaxes(visible=False, constrain="domain", constraintoward="top")
    return chart
