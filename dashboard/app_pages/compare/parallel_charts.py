"""Runs as lines through their settings to their accuracy: parallel coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.app_pages.compare.merit import merit
from dashboard.language import _, numbers
from dashboard.language.foreign import in_chart
from dashboard.look import style

TICKS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
ASIDE = {"xanchor": "right", "xshift": -10, "yshift": 0}
"""The values of the first setting stand left of all lines."""
CLOSE = 0.09
"""Share of the axis that two of its numbers are apart at least."""
MOST_VALUES = 24
"""Values of a setting that are named; of more, every second, or third."""
LETTER = 8
"""Screen pixels of a letter."""
BEST = 0.25
"""This share of the runs is drawn strong, the rest faint."""


@dataclass(frozen=True)
class Way:
    """One run: its name, line and accuracy, and the place of its value on each axis, from 0."""

    name: str
    line: style.Line
    places: Sequence[int]
    accuracy: float


def parallel(axes: Sequence[tuple[str, Sequence[str]]], ways: Sequence[Way]) -> dict[str, Any]:
    """A line for each run, through its value of each setting to its accuracy; the best ones drawn strong.

    Accuracy stands where its ``merit`` is.

    Args:
        axes: name of a setting, and its values from the bottom up.
        ways: any order.

    Returns:
        ``data`` and ``layout`` as ``go.Figure`` takes them.
    """
    merits = [merit(way.accuracy) for way in ways]
    low, high = min(merits, default=0.0), max(merits, default=1.0)
    span = high - low or 1.0
    weakest_first = sorted(ways, key=lambda way: way.accuracy)  # the best ones on top
    strong = len(ways) - max(1, math.ceil(BEST * len(ways)))
    data = [
        _line(way, axes, (merit(way.accuracy) - low) / span, is_strong=rank >= strong)
        for rank, way in enumerate(weakest_first)
    ]
    titles = [in_chart(name) for name, _values in axes] + [_("Accuracy")]
    notes = [
        _note(place, _height(number, len(values)), in_chart(value)) | (ASIDE if place == 0 else {})
        for place, (_name, values) in enumerate(axes)
        for number, value in enumerate(values)
        if (len(values) - 1 - number) % math.ceil(len(values) / MOST_VALUES) == 0
    ]
    notes += [_note(len(axes), height, text) for height, text in _ticks(ways, low, span)]
    longest = max((len(value) for _name, values in axes[:1] for value in values), default=0)
    return {"data": data, "layout": _layout(titles, notes, left=24 + LETTER * longest)}


def _height(number: int, count: int) -> float:
    return number / (count - 1) if count > 1 else 0.5


def _line(
    way: Way, axes: Sequence[tuple[str, Sequence[str]]], height: float, *, is_strong: bool
) -> dict[str, Any]:
    heights = [_height(place, len(values)) for place, (_name, values) in zip(way.places, axes, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(axes) + 1)),
        "y": [*heights, height],
        "name": in_chart(way.name),
        "line": {"color": way.line.color, "dash": way.line.dash, "width": 3 if is_strong else 1.5},
        "marker": {"size": 7 if is_strong else 4},
        "opacity": 1.0 if is_strong else 0.4,
        "hovertemplate": style.hover(
            _("{name}: {accuracy:.2%}").format(name=in_chart(way.name), accuracy=way.accuracy)
        ),
        "showlegend": False,
    }


def _ticks(ways: Sequence[Way], low: float, span: float) -> list[tuple[float, str]]:
    """Height and text of the numbers beside the accuracy: the best, the worst, and round ones between."""
    if not ways:
        return []
    accuracies = [way.accuracy for way in ways]
    found: list[tuple[float, str]] = []
    ends = [(max(accuracies), 2), (min(accuracies), 2)]
    for accuracy, digits in [*ends, *((tick, 1) for tick in TICKS)]:
        height = (merit(accuracy) - low) / span
        is_free = all(abs(height - other) >= CLOSE for other, _text in found)
        if 0 <= height <= 1 and is_free:
            found.append((height, numbers.percent(accuracy, digits)))
    return found


def _note(place: int, height: float, text: str) -> dict[str, Any]:
    at = {"x": place, "y": height, "xanchor": "left", "yanchor": "middle", "xshift": 8, "yshift": 9}
    return {**at, "text": text, "showarrow": False}


def _layout(titles: Sequence[str], notes: Sequence[dict[str, Any]], *, left: int) -> dict[str, Any]:
    last = len(titles) - 1
    axis = {"type": "line", "y0": 0, "y1": 1, "line": {"color": style.NEUTRAL, "width": 1}, "layer": "below"}
    across = {"tickvals": list(range(len(titles))), "ticktext": list(titles), "side": "top"}
    return {
        "annotations": list(notes),
        "shapes": [axis | {"x0": place, "x1": place} for place in range(len(titles))],
        "hovermode": "closest",
        "dragmode": False,
        "margin": {"l": left, "r": 84, "t": 44, "b": 20},
        "xaxis": across | {"range": [-0.02, last + 0.02], "showgrid": False, "fixedrange": True},
        "yaxis": {"visible": False, "range": [-0.06, 1.08], "fixedrange": True},
    }
