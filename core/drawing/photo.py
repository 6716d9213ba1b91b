"""A photo or file of written digits becomes canvases, light strokes on a dark ground, for ``to_mnist``.

    bytes → grey picture → ink → without printed lines → pieces → digits

One digit is the main one: large and near the middle. Others as tall as half of it are digits, too.
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.drawing import mnist_style
from core.drawing.ink import Ink, Mask, NoDigit, ink_of
from core.drawing.picture_file import decode
from core.drawing.pieces import digits_of
from core.drawing.rules import without_rules
from core.errors import N_

TALL = 0.5  # what is at least this share of the main digit's longer side is a digit, too
SMALLEST = 10  # pixels of a digit's longer side, of 280 to 560 of the picture's
EDGE = 2  # pixels around a digit's ink that hold the grey of its edges
CUT = 0.5  # what a digit counts for that the picture's edge may have cut

Canvas = NDArray[np.uint8]


def read_photo(data: bytes) -> Canvas:
    """Return a picture of a written digit as a canvas for `to_mnist`.

    Dark ink on light paper and light chalk on a dark board are told apart; uneven light, shadows and printed
    lines are taken away; of several digits, the one that is large and near the middle is kept.

    Args:
        data: a file as `core.drawing.picture_file.decode` reads it.

    Returns:
        (n, n) uint8, 0 ground … 255 stroke: the digit in the middle, its longer side half of the canvas',
        which has 20 to 1120 pixels a side. `to_mnist` reads it.

    Raises:
        NotAnImage, ImageTooLarge, ImageTooSmall: the file cannot be read.
        NoDigit: nothing stands out from the paper, or only dots and specks.
    """
    ink, groups = _written(data)
    return _readable([_canvas(ink, _main(groups))])[0]


def read_digits(data: bytes) -> list[Canvas]:
    """Return every digit on a picture as a canvas of its own, row by row from the left.

    What is less than half as tall as the main digit is dirt; what the picture's edge cuts is left out, unless
    it cuts the main digit, too. At least one canvas; arguments, canvases and errors as `read_photo`.
    """
    ink, groups = _written(data)
    main = _main(groups)
    least, cut = TALL * _longer_side(main), _is_cut(main)
    kept = [group for group in groups if _longer_side(group) >= least and (cut or not _is_cut(group))]
    return _readable([_canvas(ink, group) for group in kept])


def _written(data: bytes) -> tuple[Ink, list[Mask]]:
    ink = without_rules(ink_of(decode(data)))
    groups = [group for group in digits_of(ink) if _longer_side(group) >= SMALLEST]
    return ink, groups or _refuse()


def _readable(canvases: list[Canvas]) -> list[Canvas]:
    """Leave out dots and blots."""
    kept = []
    for canvas in canvases:
        with suppress(mnist_style.BlankDrawing, mnist_style.FullDrawing):
            mnist_style.to_mnist(canvas)
            kept.append(canvas)
    return kept or _refuse()


def _refuse() -> NoReturn:
    raise NoDigit(
        N_(
            "Only dots and specks stand out on the picture. Write one digit, large, and fill most of the "
            "picture with it."
        )
    )


def _main(groups: list[Mask]) -> Mask:
    """Return the group with most ink, counted less the farther it lies from the middle."""

    def weight(group: Mask) -> float:
        middle = np.array(ndimage.center_of_mass(group))
        far = math.hypot(*(2 * middle / group.shape - 1)) / math.sqrt(2)  # 0 the middle … 1 a corner
        return float(group.sum()) * (1 - far) ** 2 * (CUT if _is_cut(group) else 1)

    return max(groups, key=weight)


def _canvas(ink: Ink, group: Mask) -> Canvas:
    """Return one digit alone in the middle of a square twice as long."""
    near = ndimage.binary_dilation(group, np.ones((3, 3)), EDGE)
    alone = np.where(near, ink, np.float32(0))[_box(near)]
    side = 2 * max(alone.shape)
    margins = [((side - length) // 2, side - length - (side - length) // 2) for length in alone.shape]
    return np.pad(np.rint(255 * alone).astype(np.uint8), margins)


def _box(group: Mask) -> tuple[slice, ...]:
    box: tuple[slice, ...] = ndimage.find_objects(group.astype(np.int8))[0]
    return box


def _longer_side(group: Mask) -> int:
    return max(int(side.stop - side.start) for side in _box(group))


def _is_cut(group: Mask) -> bool:
    return bool(group[0].any() or group[-1].any() or group[:, 0].any() or group[:, -1].any())
