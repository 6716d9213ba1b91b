"""Turn a scanned digit back into pen strokes, and draw the strokes again as a learner would.

MNIST holds scans, not strokes. To ask how well a drawing is read wherever and however it is written, a digit is
thinned to its centre line, the line is followed from end to end, and the paths are drawn anew with a round pen at
any place, size, pen width and slant. The strokes are lists of points, so a browser test can move a mouse along them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

CANVAS = 280  # side of the lab's drawing pad in pixels
ZOOM = 8  # a 28 × 28 scan is thinned at 224 × 224, where its grey edges have become a smooth outline
NEIGHBOURS = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]  # clockwise from above

Stroke = NDArray[np.float64]  # (points, 2): x to the right and y downwards
Pixel = tuple[int, int]


def strokes_of(image: NDArray[np.uint8]) -> list[Stroke]:
    """Return the pen strokes of one MNIST image.

    Args:
        image: (28, 28) uint8, light ink on dark ground.

    Returns:
        One (points, 2) array a stroke, x and y in pixels of the 28 × 28 image, two points or more each; a stroke
        that was only a dot has the same point twice.
    """
    outline = ndimage.zoom(image.astype(np.float64), ZOOM, order=3, mode="nearest", grid_mode=True)
    ink = np.pad(_without_specks(outline > 127.5), 1)
    pen_radius = 2 * ink.sum() / max(1, ink.sum() - ndimage.binary_erosion(ink).sum()) / 2
    line = _prune(thin(ink), pen_radius)
    return [_smooth(path) for path in _paths(line)]


def thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the one-pixel centre line of a shape.

    Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", Communications of the ACM 27(3), 1984.

    Args:
        ink: (H, W) bool whose outermost rows and columns are False.
    """
    line = ink.copy()
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            around = np.array([np.roll(line, (-dy, -dx), (0, 1)) for dy, dx in NEIGHBOURS])
            north, east, south, west = around[::2]
            count = around.sum(0)
            rises = (~around & np.roll(around, -1, 0)).sum(0)
            sides = (
                ~(north & east & south) & ~(east & south & west)
                if first
                else ~(north & east & west) & ~(north & south & west)
            )
            peel = line & (count >= 2) & (count <= 6) & (rises == 1) & sides
            line &= ~peel
            changed |= bool(peel.any())
    return line
