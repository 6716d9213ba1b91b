"""Strokes of a pen: what the drawing pad sends, checked, and the picture they make.

The pad speaks Fabric.js: a drawing is {"objects": [...]}, each object a path of SVG commands with a pen's
width. Only strokes are kept, because everything else follows from them: the picture, undo, replay, and the
same drawing on the pad again after a page switch or a reload.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core import limits
from core.drawing import mnist_style
from core.drawing.mnist_style import BOX, STROKE, BlankDrawing, FullDrawing, InvalidDrawing, Manner
from core.errors import N_

CANVAS = 280
"""Pixels a side of the pad: ten for each pixel of MNIST."""
WIDTHS = (6, 40)
"""Narrowest and widest pen, in pixels of the pad."""
_COORDINATES = {"M": 2, "L": 2, "Q": 4}  # how many numbers follow the letter; a pen makes no other command
_COMMAND_BYTES = 200  # of one command in memory: a tuple of a letter and up to four numbers
_FARTHEST = 10_000.0  # pixels from the corner; a pen that leaves the pad is still followed

Path = NDArray[np.float64]  # points less than a pixel apart, (n, 2) of x and y
Command = tuple[str, *tuple[float, ...]]


@dataclass(frozen=True)
class Stroke:
    """One line of the pen, from setting it down to lifting it.

    Attributes:
        width: of the pen, in pixels of the pad.
        path: SVG commands in pixels from the top left corner: ("M", x, y), then ("L", x, y) or
            ("Q", control x, control y, x, y).
    """

    width: float
    path: tuple[Command, ...]

    def svg(self) -> str:
        """The path as the ``d`` of an SVG path: "M 10 20 Q 12 20 14 21"."""
        return " ".join(
            f"{letter} " + " ".join(f"{x:.1f}" for x in numbers) for letter, *numbers in self.path
        )

    def length(self) -> float:
        """At least the length of the path in pixels, and at least one for each command."""
        corners = np.array([number for _, *numbers in self.path for number in numbers]).reshape(-1, 2)
        return float(np.abs(np.diff(corners, axis=0)).sum()) + len(self.path)

    def points(self) -> Path:
        """Points along the path less than a pixel apart, (n, 2) of x and y."""
        ends = np.array([numbers[-2:] for _, *numbers in self.path])
        turns = np.array([numbers[:2] for _, *numbers in self.path[1:]]).reshape(-1, 2)
        is_curve = np.array([letter == "Q" for letter, *_ in self.path[1:]], bool)
        return np.concatenate([ends[:1], _pieces(ends[:-1], turns, ends[1:], is_curve)])


def read(pad: object) -> tuple[Stroke, ...]:
    """Check what a pad (or a saved drawing) holds and return its strokes.

    Raises:
        InvalidDrawing: it is not a drawing, or larger than any pen makes.
    """
    objects = pad.get("objects") if isinstance(pad, Mapping) else None
    if not isinstance(objects, Sequence) or isinstance(objects, str) or len(objects) > limits.MOST_STROKES:
        raise InvalidDrawing(N_("This is not a drawing of at most {most} strokes."), most=limits.MOST_STROKES)
    _check_points(objects)
    strokes = tuple(_stroke(item) for item in objects)
    if sum(stroke.length() for stroke in strokes) > limits.LONGEST_PATH:
        raise InvalidDrawing(N_("The drawing is too long. Clear it and draw a digit."))
    return strokes


def loads(text: str) -> tuple[Stroke, ...]:
    """Read what ``dumps`` wrote. Raises InvalidDrawing for anything else."""
    try:
        return read(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidDrawing(N_("The saved drawing cannot be read.")) from error


def dumps(strokes: Sequence[Stroke]) -> str:
    """The strokes as compact JSON."""
    return json.dumps(to_pad(strokes), separators=(",", ":"))


def to_pad(strokes: Sequence[Stroke]) -> dict[str, Any]:
    """The strokes as the pad takes them: white, with round ends."""
    return {
        "objects": [
            {
                "type": "Path",
                "path": [list(command) for command in stroke.path],
                "strokeWidth": stroke.width,
                "stroke": "#ffffff",
                "fill": None,
                "strokeLineCap": "round",
                "strokeLineJoin": "round",
            }
            for stroke in strokes
        ]
    }


def rasterize(strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """Draw the strokes with a round pen, white on black: (280, 280) uint8 with smooth edges.

    A pixel's light falls from 1 to 0 within one pixel around half a pen's width from the path.
    """
    return _rasterize([stroke.points() for stroke in strokes], [stroke.width for stroke in strokes])


def _rasterize(paths: Sequence[Path], widths: Sequence[float]) -> NDArray[np.uint8]:
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    for width in set(widths):
        same = [path for path, its_width in zip(paths, widths, strict=True) if its_width == width]
        _draw(canvas, np.concatenate(same), width)
    return canvas


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawing, and what is computed of it for whichever network reads it.

    Attributes:
        strokes: what was drawn.
        image: (28, 28) uint8, as MNIST would have it; read-only, so all who look at a drawing may share it.
        manner: how it was drawn; None where it can be read only with a narrower pen than it was drawn with.
    """

    strokes: tuple[Stroke, ...]
    image: NDArray[np.uint8]
    manner: Manner | None

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps in memory, about."""
        return self.image.nbytes + _COMMAND_BYTES * sum(len(stroke.path) for stroke in self.strokes)


def drawn(strokes: Sequence[Stroke]) -> Drawn:
    """Read a drawing: its image and its manner, in one go. Raises as ``mnist_style.to_mnist``."""
    paths, pens = [stroke.points() for stroke in strokes], [stroke.width for stroke in strokes]
    widest = _widest(paths)
    image, manner = mnist_style.read(_rasterize(paths, [min(pen, widest) for pen in pens]))
    image.flags.writeable = False
    return Drawn(tuple(strokes), image, manner if max(pens) <= widest else _manner(strokes))


def to_mnist(strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """Return a drawing as MNIST would have it, (28, 28) uint8. Raises as ``mnist_style.to_mnist``."""
    return mnist_style.to_mnist(rasterize(narrowed(strokes)))


def _manner(strokes: Sequence[Stroke]) -> Manner | None:
    try:
        return mnist_style.manner(rasterize(strokes))
    except (BlankDrawing, FullDrawing):
        return None


def narrowed(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """The strokes with no pen wider than MNIST's is for a digit of this size.

    Under a wide pen the loops of a small digit run together, but where the pen's middle went is known.
    """
    widest = _widest([stroke.points() for stroke in strokes])
    return tuple(replace(stroke, width=min(stroke.width, widest)) for stroke in strokes)


def _widest(paths: Sequence[Path]) -> float:
    """How wide MNIST's pen would be for a digit along these paths."""
    path = np.concatenate([np.zeros((0, 2)), *paths])
    path = path[((path >= 0) & (path < CANVAS)).all(1)]
    size = np.ptp(path, axis=0).max() if len(path) else 0.0  # of the digit without the pen's width
    return max(WIDTHS[0] / 2, float(size) * STROKE / (BOX - STROKE))


def _draw(canvas: NDArray[np.uint8], path: Path, width: float) -> None:
    """Draw along a path over what is darker on the canvas; only what lies around the path is computed."""
    margin = max(WIDTHS)  # a wide pen outside the pad still marks its edge
    cells = np.floor(path).astype(int)
    cells = cells[((cells >= -margin) & (cells < CANVAS + margin)).all(1)]
    if not len(cells):
        return
    reach = math.ceil(width / 2 + 0.5)
    left, top = cells.min(0) - reach
    right, bottom = cells.max(0) + reach + 1
    ground = np.ones((bottom - top, right - left), bool)
    ground[cells[:, 1] - top, cells[:, 0] - left] = False
    light = np.clip(width / 2 + 0.5 - ndimage.distance_transform_edt(ground), 0, 1)
    drawn = np.rint(light * 255).astype(np.uint8)
    inside = canvas[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    inside[:] = np.maximum(inside, drawn[max(0, -top) :, max(0, -left) :][: len(inside), : inside.shape[1]])


def _pieces(begins: Path, turns: Path, ends: Path, is_curve: NDArray[np.bool_]) -> Path:
    """Points less than a pixel apart, each piece's begin left out: all pieces after one another, (n, 2).

    A piece is a straight line, whose turn is its end, or a quadratic Bézier curve; (m, 2) each.
    """
    (across, down), (back, up) = np.abs(turns - begins).T, np.abs(ends - turns).T
    counts = np.maximum(1, np.ceil(across + down + back + up)).astype(int)
    last = np.cumsum(counts)
    piece = np.repeat(np.arange(len(counts)), counts)
    t = (np.arange(len(piece)) - (last - counts)[piece] + 1) * (1 / counts)[piece]
    t[last - 1] = 1
    a, b, c, t = begins[piece], turns[piece], ends[piece], t[:, None]
    line = a + t * (b - a)  # de Casteljau: halve between neighbours until one point is left for each t
    curve = line + t * (b + t * (c - b) - line)
    points: Path = np.where(is_curve[piece, None], curve, line)
    return points


def _check_points(objects: Sequence[object]) -> None:
    """Count before anything is read: reading a million points would take seconds."""
    paths = [item.get("path") for item in objects if isinstance(item, Mapping)]
    points = sum(len(path) for path in paths if isinstance(path, Sequence))
    if points > limits.MOST_POINTS:
        raise InvalidDrawing(
            N_("The drawing has {points:,} points; expected at most {most:,}. Clear it and draw a digit."),
            points=points,
            most=limits.MOST_POINTS,
        )


def _stroke(item: object) -> Stroke:
    if not isinstance(item, Mapping) or item.get("type") != "Path":
        raise InvalidDrawing(N_("A drawing is made of strokes only."))
    commands = item.get("path")
    if not isinstance(commands, Sequence) or isinstance(commands, str):
        raise InvalidDrawing(N_("A stroke has no readable path."))
    path = tuple(_command(command) for command in commands)
    if not path or path[0][0] != "M" or any(letter == "M" for letter, *_ in path[1:]):
        raise InvalidDrawing(N_("A stroke begins where the pen is set down, and nowhere else."))
    width = _number(item.get("strokeWidth"))
    if not WIDTHS[0] <= width <= WIDTHS[1]:
        raise InvalidDrawing(
            N_("A pen of {width:g} pixels; expected {narrowest} to {widest}."),
            width=width,
            narrowest=WIDTHS[0],
            widest=WIDTHS[1],
        )
    return Stroke(width, path)


def _command(command: object) -> Command:
    if not isinstance(command, Sequence) or not command or command[0] not in ("M", "L", "Q"):
        raise InvalidDrawing(N_("A stroke is made of lines and curves only."))
    letter, *numbers = command
    if len(numbers) != _COORDINATES[letter]:
        raise InvalidDrawing(
            N_("A stroke's command {letter} has {count} numbers."), letter=letter, count=len(numbers)
        )
    return (letter, *(_number(number) for number in numbers))


def _number(value: object) -> float:
    """A finite coordinate near the pad."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= _FARTHEST:
        raise InvalidDrawing(N_("A stroke lies outside the pad."))
    return round(float(value), 2)
