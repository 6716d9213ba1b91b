"""How a drawing becomes an image, step by step and slowly: by SciPy's own morphology, on whole canvases.

The lab's own way takes short cuts that must not change a bit; this is what they are held against.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.drawing import mnist_style
from core.drawing.mnist_style import (
    BOX,
    DOT,
    FULL,
    MARGIN,
    SMALLEST_DIGIT,
    SOLID,
    SPECK,
    STROKE,
    THIN_PART,
    WORKING,
    BlankDrawing,
    FullDrawing,
)
from core.drawing.strokes import CANVAS, Stroke
from core.settings import SIDE

Array = NDArray[Any]
NEIGHBOURS = np.ones((3, 3))


def points(stroke: Stroke) -> Array:
    """Points along a path, one command after the other."""
    pen = np.array(stroke.path[0][1:])
    pieces = [pen[None]]
    for _, *numbers in stroke.path[1:]:
        corners = np.array([*pen, *numbers]).reshape(-1, 2)
        length = np.abs(np.diff(corners, axis=0)).sum()
        t = np.linspace(0, 1, max(2, math.ceil(length) + 1))[1:, None]
        levels = corners
        while len(levels) > 1:
            levels = np.stack([a + t * (b - a) for a, b in pairwise(levels)])
        pieces.append(levels[0])
        pen = corners[-1]
    return np.concatenate(pieces)


def rasterize(strokes: Sequence[Stroke]) -> Array:
    """Light by the distance to the path, measured over all of the pad and what a pen reaches around it."""
    margin = 40
    light = np.zeros((CANVAS, CANVAS))
    for width in {stroke.width for stroke in strokes}:
        ground = np.ones((CANVAS + 2 * margin, CANVAS + 2 * margin), bool)
        for stroke in strokes:
            if stroke.width == width:
                cells = np.floor(points(stroke)).astype(int) + margin
                cells = cells[((cells >= 0) & (cells < len(ground))).all(1)]
                ground[cells[:, 1], cells[:, 0]] = False
        if not ground.all():
            distance = ndimage.distance_transform_edt(ground)[margin:-margin, margin:-margin]
            light = np.maximum(light, np.clip(width / 2 + 0.5 - distance, 0, 1))
    return np.rint(light * 255).astype(np.uint8)


def image(canvas: Array) -> Array:
    """A canvas (H, W) uint8 as MNIST would have it."""
    digit = _digit(mnist_style._ink(canvas))
    return mnist_style._centred(_with_mnist_strokes(mnist_style._with_mnist_slant(digit)))


def manner(canvas: Array) -> tuple[float, float, float]:
    """Width of its strokes, size and distance from the middle: of ``mnist_style.Manner``."""
    ink = mnist_style._ink(canvas)
    digit = _digit(ink)
    width = _stroke_width(ndimage.distance_transform_edt(np.pad(digit > 0.5, 1)))
    pixel = max(ink.shape) / SIDE
    away = np.array(ndimage.center_of_mass(ink)) - (np.array(ink.shape) - 1) / 2
    return width * BOX / max(digit.shape), max(digit.shape) / pixel, float(np.hypot(*away)) / pixel


def _digit(ink: Array) -> Array:
    covered = ink > 0.5
    if covered.mean() > FULL:
        raise FullDrawing("full")
    area = mnist_style._box(ndimage.binary_dilation(covered, NEIGHBOURS))
    smallest, ink, covered = SMALLEST_DIGIT * max(ink.shape), ink[area], covered[area]
    width = _stroke_width(ndimage.distance_transform_edt(np.pad(covered, 1)))
    parts, count = ndimage.label(covered, NEIGHBOURS)
    areas = [int((parts == part).sum()) for part in range(1, count + 1)]
    longest = [max(side.stop - side.start for side in box) for box in ndimage.find_objects(parts)]
    digit = np.zeros(covered.shape, bool)
    for part in range(count):
        if areas[part] >= SPECK * max(areas) and longest[part] > DOT * width:
            digit |= parts == part + 1
    if not digit.any() or max(np.ptp(np.argwhere(digit), axis=0) + 1) < smallest:
        raise BlankDrawing("blank")
    near = ndimage.binary_dilation(digit, NEIGHBOURS)
    return np.asarray((ink * near)[mnist_style._box(near)], np.float32)


def _stroke_width(inside: Array) -> float:
    ridge = (inside >= ndimage.maximum_filter(inside, 3)) & (inside > 0)
    return 2 * float(np.percentile(inside[ridge], THIN_PART)) - 0.5


def _with_mnist_strokes(digit: Array) -> Array:
    height, width = digit.shape
    scale = WORKING / max(height, width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    large = np.pad(mnist_style._resize(digit, size), MARGIN)
    solid = min(SOLID, 0.9 * float(large.max()))
    inside = ndimage.distance_transform_edt(large > solid)
    outside = ndimage.distance_transform_edt(large <= solid)
    stroke = _stroke_width(inside)
    wider = (STROKE * (WORKING - stroke) / (BOX - STROKE) - stroke) / 2
    return np.asarray(np.clip(inside - outside + wider + 0.5, 0, 1), np.float32)
