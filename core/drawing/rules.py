"""What is printed on paper or lies around it is left out: rules, squares, a sheet's edge."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from core.drawing.ink import Ink, Mask

THICKEST = 0.016  # of a printed line, as a share of the picture's longer side
RUN = 0.25  # share of the picture's width in which a line is looked for: it may be bent or tilted a little
FULL = 0.6  # share of that run which is covered: the pen crosses lines
SHORTEST = 0.15  # share of the picture's width from its edge on: a digit interrupts the line
DIGIT = 0.15  # what is at least this share of the picture's longer side may be a digit


def without_rules(ink: Ink) -> Ink:
    """Leave out thin lines that begin at the picture's edge, and what runs from side to side.

    What runs through stays where nothing as large as a digit would be left: it is a digit cut out tightly.
    """
    written = ink > 0.5
    lines = _lines(written) | _lines(written.T).T
    if lines.any():
        edges = ndimage.binary_dilation(lines, np.ones((3, 3))) & ~(written & ~lines)
        ink = np.where(edges, np.float32(0), ink)
    rest = np.where(_through(ink), np.float32(0), ink)
    parts, _ = ndimage.label(rest > 0.5, np.ones((3, 3)))
    sides = [side.stop - side.start for box in ndimage.find_objects(parts) for side in box]
    return rest if max(sides, default=0) >= DIGIT * max(ink.shape) else ink


def _lines(written: Mask) -> Mask:
    """Return the thin lines that lie about level and come from the left or right edge.

    A stroke that crosses one is thicker, measured upwards, and stays.
    """
    width = written.shape[1]
    thickest = max(2, round(THICKEST * max(written.shape)))
    thin = written & ~ndimage.binary_opening(written, np.ones((thickest, 1)))
    slack = ndimage.maximum_filter(thin, (5, 1)).astype(np.float32)
    dense = ndimage.uniform_filter1d(slack, max(1, round(RUN * width)), axis=1) >= FULL
    parts, _ = ndimage.label(dense, np.ones((3, 3)))
    lines = [
        number
        for number, (_, across) in enumerate(ndimage.find_objects(parts), start=1)
        if across.stop - across.start >= SHORTEST * width and (across.start == 0 or across.stop == width)
    ]
    return np.asarray(thin & ndimage.binary_dilation(np.isin(parts, lines), np.ones((5, 1))))


def _through(ink: Ink) -> Mask:
    """Return what runs from side to side, faint edges included."""
    parts, _ = ndimage.label(ink > 0.1, np.ones((3, 3)))
    top, bottom, left, right = (
        set(np.unique(side)) for side in (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    )
    return np.asarray(np.isin(parts, [part for part in (top & bottom) | (left & right) if part]))
