"""A drawing becomes an image like MNIST's, wherever and however it was drawn.

MNIST's digits were fitted into 20 × 20 pixels with their shape kept, smoothed to grey at the edges, and
placed in 28 × 28 so that their centre of mass lies in the middle (LeCun, Cortes and Burges, "The MNIST
database"). Their strokes are 2 to 3 pixels wide, and few of them lean far. A network that has seen only such
digits reads a drawing only if it comes the same way:

    pixels → ink → the digit without specks → MNIST's slant → MNIST's strokes → 20 × 20 → 28 × 28

A round pen of width w draws all points nearer than w / 2 to its path. So adding a constant to the distance
from the outline (positive inside) gives the same drawing made with a wider or narrower pen: one sum, no
centre line needed.

The constants were chosen on drawings made from MNIST's validation images (the first 5,000 of its training
set); ``benchmarks.drawing`` measures on its test images.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy import ndimage

from core.errors import N_, LabError

SIDE = 28  # an MNIST image
BOX = 20  # the digit inside it
CENTRE = 14  # the pixel of the centre of mass: 13.99 in the mean of the training images
STROKE = 2.5  # pixels, the median of the training images
SLANT = (-0.1, 0.5)  # how far most of them lean to the right, as a share of the height

SMALLEST_CANVAS, LARGEST_CANVAS = 20, 1120  # pixels a side
FAINTEST = 0.1  # lightest ink against the ground, as a share of the full range
FULL = 0.7  # share of the canvas that no digit covers
SMALLEST_DIGIT = 0.07  # longer side of a digit, as a share of the canvas
DOT = 1.5  # a digit is longer than this many widths of its stroke
SPECK = 0.05  # area of a part, as a share of the largest part, below which it is dirt

WORKING = 160  # the digit's longer side while its strokes are changed: 8 working pixels a pixel of MNIST
MARGIN = 16  # ground around it, room for strokes to grow
SOLID = 0.8  # ink of a pixel inside a stroke; more than a half, so that narrow loops stay open
THIN_PART = 10  # percentile of the widths in a drawing that tells the pen's: crossings only look wider

Ink = NDArray[np.float32]  # 0 ground … 1 stroke
Mask = NDArray[np.bool_]


class InvalidDrawing(LabError):
    """The array is not a picture of a canvas."""


class BlankDrawing(LabError):
    """There is nothing to read, or only a dot."""


class FullDrawing(LabError):
    """So much is covered that no digit can be told from the ground."""


def to_mnist(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return a drawing as MNIST would have it.

    Args:
        pixels: (H, W) uint8, light strokes on a dark ground, or (H, W, 4) uint8 with red, green, blue and
            opacity, where the ground may also be transparent. H and W from ``SMALLEST_CANVAS`` to
            ``LARGEST_CANVAS`` (20 to 1120).

    Returns:
        (28, 28) uint8, 0 ground … 255 stroke: the digit fits into 20 × 20, its strokes are about 2.5 pixels
        wide, and its centre of mass lies within half a pixel of pixel (14, 14).

    Raises:
        InvalidDrawing: the array has another shape, type or size.
        BlankDrawing: nothing is drawn, or only specks or a dot.
        FullDrawing: more than seven tenths of the canvas are covered.
    """
    return read(pixels)[0]


def raw(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return the whole canvas shrunk to (28, 28) uint8, as most demonstrations do. Raises as `to_mnist`."""
    ink = _ink(pixels)
    _cut_out(ink)
    return _to_bytes(_resize(ink, (SIDE, SIDE)))


def boxed(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return the digit's box shrunk to 20 × 20 in the middle of (28, 28) uint8. Raises as `to_mnist`."""
    digit, _ = _cut_out(_ink(pixels))
    small = _shrink(digit)
    top, left = (SIDE - np.array(small.shape)) // 2
    return _paste(small, top, left)


@dataclass(frozen=True)
class Manner:
    """How a drawing was made, before anything is changed about it.

    Attributes:
        stroke: width of its strokes, in pixels, if its longer side is 20.
        size: its longer side, away: the distance of its centre of mass from the middle, in 28ths of the
            canvas's longer side.
    """

    stroke: float
    size: float
    away: float


def read(pixels: ArrayLike) -> tuple[NDArray[np.uint8], Manner]:
    """What ``to_mnist`` and ``manner`` return, for little more than one of them. Raises as `to_mnist`."""
    ink = _ink(pixels)
    digit, width = _cut_out(ink)
    image = _centred(_with_mnist_strokes(_with_mnist_slant(digit)))
    return image, _manner(ink, max(digit.shape), width)


def manner(pixels: ArrayLike) -> Manner:
    """How thick, how large and where something was drawn. Raises as `to_mnist`."""
    ink = _ink(pixels)
    digit, width = _cut_out(ink)
    return _manner(ink, max(digit.shape), width)


def _manner(ink: Ink, longer: int, width: float) -> Manner:
    pixel = max(ink.shape) / SIDE
    middle = (np.array(ink.shape) - 1) / 2
    away = float(np.hypot(*(np.array(ndimage.center_of_mass(ink)) - middle)))
    return Manner(width * BOX / longer, longer / pixel, away / pixel)


def _ink(pixels: object) -> Ink:
    """Check a canvas and return how much of each pixel is stroke, (H, W) from 0 to 1."""
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        received = getattr(pixels, "dtype", type(pixels).__name__)
        raise InvalidDrawing(N_("A drawing is an array of uint8 pixels, not {received}."), received=received)
    if pixels.ndim != 2 and (pixels.ndim != 3 or pixels.shape[2] != 4):
        raise InvalidDrawing(
            N_("A drawing has the shape (H, W) or (H, W, 4), not {received}."), received=pixels.shape
        )
    if min(pixels.shape[:2]) < SMALLEST_CANVAS or max(pixels.shape[:2]) > LARGEST_CANVAS:
        raise InvalidDrawing(
            N_("A drawing has {smallest} to {largest} pixels a side, not {height} × {width}."),
            smallest=SMALLEST_CANVAS,
            largest=LARGEST_CANVAS,
            height=pixels.shape[0],
            width=pixels.shape[1],
        )
    light: Ink = np.asarray(pixels).astype(np.float32)
    light /= np.float32(255)
    if pixels.ndim == 3:
        light = np.asarray(light[..., :3].max(2) * light[..., 3], np.float32)
    return _stretch(light)


def _stretch(light: Ink) -> Ink:
    """Let the ground be 0 and the strongest stroke 1, in place: fresh memory costs more than arithmetic."""
    ground, stroke = light.min(), light.max()
    if stroke - ground < FAINTEST:
        if ground > 0.5:
            raise FullDrawing(N_("The whole canvas is covered. Clear it and draw a digit."))
        raise BlankDrawing(N_("Nothing is drawn yet. Draw a digit."))
    light -= ground
    light /= stroke - ground
    return light


def _cut_out(ink: Ink) -> tuple[Ink, float]:
    """Return the box of the digit without specks, (h, w) from 0 to 1, and its strokes' width in pixels."""
    covered = ink > 0.5
    smallest = SMALLEST_DIGIT * max(ink.shape)
    if np.count_nonzero(covered) / covered.size > FULL:
        raise FullDrawing(
            N_("Almost the whole canvas is covered. Clear it and draw a digit with some ground around it.")
        )
    area = _with_edges(_box(covered))
    ink, covered = ink[area], covered[area]
    width = _stroke_width(ndimage.distance_transform_edt(np.pad(covered, 1)))
    digit = _without_specks(covered, DOT * width)
    if not digit.any() or _longer_side(_box(digit)) < smallest:
        raise BlankDrawing(N_("Only a dot or a speck is drawn. Draw a digit, a little larger."))
    if (digit != covered).any():
        width = _stroke_width(ndimage.distance_transform_edt(np.pad(digit, 1)))
    near = ndimage.binary_dilation(digit, np.ones((3, 3)))
    return np.asarray((ink * near)[_box(near)], np.float32), width


def _without_specks(covered: Mask, dot: float) -> Mask:
    """Return the parts that are large enough beside the largest, and longer than a dot is."""
    parts, count = ndimage.label(covered, np.ones((3, 3)))
    areas = np.bincount(parts.ravel())
    areas[0] = 0
    large = areas >= SPECK * areas.max()
    kept = np.zeros(count + 1, bool)
    kept[1:] = [_longer_side(box) > dot for box in ndimage.find_objects(parts)]
    return np.asarray((kept & large)[parts])


def _box(mask: Mask) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _with_edges(box: tuple[slice, slice]) -> tuple[slice, slice]:
    """Add the pixels around a shape's box, which hold the grey of its edges; a canvas ends where it does."""
    rows, columns = (slice(max(0, side.start - 1), side.stop + 1) for side in box)
    return rows, columns


def _longer_side(box: tuple[slice, slice]) -> int:
    return max(int(side.stop - side.start) for side in box)


def _stroke_width(inside: NDArray[np.float64]) -> float:
    """Return the usual width of a stroke, from each pixel's distance to the ground.

    On the ridge of the distance map, in the middle of a stroke, the distance is half the width, and a quarter
    more as pixels are counted from middle to middle.
    """
    ridge = (inside >= ndimage.maximum_filter(inside, 3)) & (inside > 0)
    return 2 * float(np.percentile(inside[ridge], THIN_PART)) - 0.5


def _with_mnist_slant(digit: Ink) -> Ink:
    """Return the digit sheared back to where most of MNIST's end, if it leans further."""
    y, x = np.indices(digit.shape) - np.array(ndimage.center_of_mass(digit))[:, None, None]
    slant = -(x * y * digit).sum() / max((y * y * digit).sum(), 1e-9)
    excess = float(np.clip(slant - np.clip(slant, *SLANT), -0.5, 0.5))
    if abs(excess) < 0.01:
        return digit
    height, width = digit.shape
    room = math.ceil(abs(excess) * height)
    shear = (1, -excess, -room - excess * y[0, 0], 0, 1, 0)  # column to read, from column and row to write
    size = (width + 2 * room, height)
    image = Image.fromarray(digit).transform(size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    upright = np.asarray(image, np.float32)
    return upright[_box(upright > upright.max() / 2)]  # thin strokes have become fainter


def _with_mnist_strokes(digit: Ink) -> Ink:
    """Return the digit, 160 pixels long and with a margin, as a pen draws it that MNIST makes 2.5 wide."""
    height, width = digit.shape
    scale = WORKING / max(height, width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    large = np.pad(_resize(digit, size), MARGIN)
    solid = min(SOLID, 0.9 * float(large.max()))  # a thin stroke that was sheared may nowhere be solid
    inside = ndimage.distance_transform_edt(large > solid)
    outside = ndimage.distance_transform_edt(large <= solid)
    stroke = _stroke_width(inside)
    per_pixel = (WORKING - stroke) / (BOX - STROKE)  # the path's box does not change with the pen
    wider = (STROKE * per_pixel - stroke) / 2
    return np.asarray(np.clip(inside - outside + wider + 0.5, 0, 1), np.float32)


def _shrink(digit: Ink) -> Ink:
    """Cut off the ground and fit what is left into 20 × 20, keeping its shape; the longer side is 20."""
    digit = digit[_box(digit > digit.max() / 2)]
    pixel = max(digit.shape) / BOX
    height, width = np.ceil(np.array(digit.shape) / pixel - 0.01)
    room = np.maximum((height * pixel, width * pixel) - np.array(digit.shape), 0) / 2  # to whole pixels
    edge = math.ceil(room.max())
    top, left = edge - room
    window = (left, top, left + width * pixel, top + height * pixel)
    return _resize(np.pad(digit, edge), (int(height), int(width)), window)


def _resize(ink: Ink, shape: tuple[int, int], window: tuple[float, float, float, float] | None = None) -> Ink:
    """Resample all or a window (left, top, right, bottom), averaging over what falls into one pixel."""
    image = Image.fromarray(ink).resize(shape[::-1], Image.Resampling.BICUBIC, window)
    return np.asarray(np.clip(np.asarray(image), 0, 1), np.float32)


def _centred(digit: Ink) -> NDArray[np.uint8]:
    """Fit into 20 × 20 and place by the centre of mass."""
    small = _shrink(digit)
    top, left = CENTRE - np.rint(ndimage.center_of_mass(small)).astype(int)
    return _paste(small, top, left)


def _paste(small: Ink, top: int, left: int) -> NDArray[np.uint8]:
    image = np.zeros((SIDE, SIDE), np.float32)
    height, width = small.shape
    top, left = np.clip((top, left), 0, (SIDE - height, SIDE - width))
    image[top : top + height, left : left + width] = small
    return _to_bytes(image)


def _to_bytes(ink: Ink) -> NDArray[np.uint8]:
    return np.rint(ink * 255).astype(np.uint8)
