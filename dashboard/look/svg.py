"""A small line chart as SVG text, for pages that must print and open without any script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 8, 34
"""Size of the picture and the margins around its axes, in CSS pixels."""

Place = tuple[float, float]


@dataclass(frozen=True)
class Polyline:
    """One line of a chart: its points, and how it is drawn. Points that are not finite are left out.

    ``dash`` is SVG's stroke-dasharray, such as "5 4"; "" is solid.
    """

    x: ArrayLike
    y: ArrayLike
    color: str
    width: float = 2.0
    dash: str = ""
    opacity: float = 1.0
    markers: bool = False

    def points(self) -> list[Place]:
        """The finite points."""
        points: NDArray[np.float64] = np.column_stack([np.asarray(self.x, float), np.asarray(self.y, float)])
        return [(x, y) for x, y in points[np.isfinite(points).all(axis=1)].tolist()]


@dataclass(frozen=True)
class Scale:
    """From where to where an axis runs, and how its numbers are written (a format such as ".0%")."""

    start: float
    end: float
    format: str = "g"

    def place(self, value: float) -> float:
        """0 at the start of the axis, 1 at its end."""
        return (value - self.start) / (self.end - self.start)

    def ticks(self) -> list[float]:
        """Three to six round numbers on the axis: multiples of 1, 2 or 5 times a power of ten."""
        span = self.end - self.start
        power = 10.0 ** math.floor(math.log10(span / 4))
        step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 5)
        first, last = math.ceil(self.start / step - 1e-9), math.floor(self.end / step + 1e-9)
        return [round(count * step, 10) for count in range(first, last + 1)]


@dataclass(frozen=True)
class Chart:
    """A line chart with everything placed in pixels, for a template to write as SVG."""

    title: str
    x_title: str
    x: Scale
    y: Scale
    lines: Sequence[Polyline]

    def paths(self) -> list[tuple[Polyline, str, list[Place]]]:
        """Each line with its points as SVG's ``points`` attribute and as (x, y) for markers."""
        placed = [(line, self._placed(line)) for line in self.lines]
        return [(line, " ".join(f"{x:.1f},{y:.1f}" for x, y in dots), dots) for line, dots in placed]

    def x_ticks(self) -> list[tuple[float, str]]:
        """Pixel and text of each number along the bottom."""
        return [(self._left(tick), format(tick, self.x.format)) for tick in self.x.ticks()]

    def y_ticks(self) -> list[tuple[float, str]]:
        """Pixel and text of each number along the side."""
        return [(self._top(tick), format(tick, self.y.format)) for tick in self.y.ticks()]

    def _placed(self, line: Polyline) -> list[Place]:
        return [(self._left(x), self._top(y)) for x, y in line.points()]

    def _left(self, x: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * self.x.place(x)

    def _top(self, y: float) -> float:
        # A diverged loss of 1e30 leaves the picture all the same; SVG counts in single precision.
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(self.y.place(y), -10.0), 10.0)


def sparkline(lines: Sequence[Polyline], x: Scale, y: Scale) -> str:
    """Lines without axes or words as an SVG document, for small pictures beside a text."""
    width, height = 120, 40
    drawn = []
    for line in lines:
        places = [(width * x.place(left), height * (1 - y.place(up))) for left, up in line.points()]
        points = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="{line.color}" '
            f'stroke-width="{line.width:g}" stroke-dasharray="{line.dash}" stroke-linejoin="round"/>'
        )
    box = f"-3 -3 {width + 6} {height + 6}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(drawn)}</svg>'
