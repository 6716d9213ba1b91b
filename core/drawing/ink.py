"""What is written on a sheet: the paper is levelled, and what stands out from it is ink.

The paper's light is first the middle of what lies around each place. Then it is measured again without what
was found to be written, which a picture cut tightly around a soft digit needs. Ink is dark on light or light
on dark, and differs from stroke to stroke: each ends where it has half of its own strength.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from core.drawing.picture_file import WORKED_ON, Grey
from core.errors import N_, LabError

PAPER = 48  # the longer side of the small picture that the paper is measured on
ROUNDS = 3  # of finding what is written and measuring the paper without it
WINDOW = PAPER // 3  # of the middle value: narrow enough to follow a shadow's edge
SMOOTH = PAPER / 32
FILL = PAPER / 10  # how far around it the paper under ink is guessed from
FAINTEST = 0.1  # ink against the paper; pencil on grey paper has 0.3, JPEG noise 0.05
NOISE = 5.0  # how many times the paper's own spread ink differs from it; pure noise reaches 4
STAIRS = 0.15  # of a stroke's width: smoothing that takes the steps of large pixels away
PALEST = 0.5  # of the strongest stroke: what has less than half of that is a shadow

Ink = NDArray[np.float32]  # 0 paper … 1 ink, a half at the edge of a stroke
Mask = NDArray[np.bool_]


class NoDigit(LabError):
    """The picture is readable, but nothing on it stands out as ink."""


def ink_of(grey: Grey) -> Ink:
    """Return what is written on a picture, (H, W) from 0 to 1. Raises NoDigit if nothing stands out."""
    contrast, paper = _contrast(ndimage.gaussian_filter(grey, max(grey.shape) / WORKED_ON[1]))
    strongest = float(np.percentile(contrast[contrast >= contrast.max() / 2], 50))
    spread = 1.5 * float(np.median(np.abs(contrast[paper])))  # a standard deviation, were it normal
    if strongest < max(FAINTEST, NOISE * spread):
        raise NoDigit(
            N_(
                "Nothing on the picture stands out from the paper. Write thicker or darker, or let more "
                "light on it and take the photo again."
            )
        )
    width = _width(contrast > strongest / 2)
    contrast = ndimage.gaussian_filter(contrast, STAIRS * width)
    strength = np.clip(_strength(contrast, width), max(PALEST * strongest, NOISE * spread), strongest)
    return np.asarray(np.clip(2 * contrast / strength - 0.5, 0, 1), np.float32)


def _contrast(grey: Grey) -> tuple[Grey, Mask]:
    """Return how far each place differs from the paper in the ink's direction, and where paper is.

    What is rare and far from the paper is ink; if it is darker, it takes a share of the paper's light.
    """
    height, width = (max(1, side * PAPER // max(grey.shape)) for side in grey.shape)
    small = _resize(grey, (height, width), Image.Resampling.BOX)
    slope = _plane(small)
    small = small - slope
    paper = ndimage.gaussian_filter(ndimage.median_filter(small, PAPER // 2, mode="nearest"), PAPER / 16)
    difference = small - paper
    sign = -1 if (difference * np.square(difference)).mean() < 0 else 1
    bare = np.ones(small.shape, bool)
    for _ in range(ROUNDS):
        difference = sign * (small - paper)
        bare = ~ndimage.binary_dilation(difference > _split(difference), np.ones((3, 3)))
        if not bare.any():
            break
        paper = _level(small, bare)
    paper = _resize(paper + slope, grey.shape, Image.Resampling.BICUBIC)
    contrast = sign * (grey - paper) / (np.maximum(paper, 0.2) if sign < 0 else 1)
    where = _resize(bare.astype(np.float32), grey.shape, Image.Resampling.NEAREST) > 0.5
    return np.asarray(contrast, np.float32), where if where.any() else ~where


def _plane(small: Grey) -> Grey:
    """Return the plane nearest to all of a picture: light that falls from one side."""
    places = np.stack([np.ones(small.size), *np.indices(small.shape).reshape(2, -1)], axis=1)
    factors, *_ = np.linalg.lstsq(places, small.ravel())
    return np.asarray((places @ factors).reshape(small.shape), np.float32)


def _level(small: Grey, bare: Mask) -> Grey:
    """Return the light of the paper, guessed from around it where something is written."""
    weight = bare + np.float32(1e-6)
    around = ndimage.gaussian_filter(small * weight, FILL, mode="nearest", truncate=6)
    around /= ndimage.gaussian_filter(weight, FILL, mode="nearest", truncate=6)
    middle = ndimage.median_filter(np.where(bare, small, around), WINDOW, mode="nearest")
    return np.asarray(ndimage.gaussian_filter(middle, SMOOTH), np.float32)


def _split(values: Grey) -> float:
    """Return the value that parts two groups best: Otsu, "A threshold selection method", 1979."""
    ordered = np.sort(values, axis=None)
    below = np.arange(1, ordered.size)
    sums = np.cumsum(ordered, dtype=np.float64)
    means = sums[:-1] / below, (sums[-1] - sums[:-1]) / (ordered.size - below)
    best = int(np.argmax(below * (ordered.size - below) * np.square(means[1] - means[0])))
    return float(ordered[best] + ordered[best + 1]) / 2


def _width(written: Mask) -> float:
    """Return the usual width of a stroke in pixels, measured along the middles of all strokes."""
    depth = ndimage.distance_transform_edt(written)
    return 2 * float(np.median(depth[written & (depth >= ndimage.maximum_filter(depth, 3))]))


def _strength(contrast: Grey, width: float) -> Grey:
    """Return the strength of the nearest stroke: the most within a stroke's width around, smoothed."""
    reach = min(width, max(contrast.shape) / 5)
    most = ndimage.maximum_filter(contrast, 2 * int(reach) + 1, mode="nearest")
    return np.asarray(ndimage.gaussian_filter(most, reach / 2), np.float32)


def _resize(grey: Grey, shape: tuple[int, ...], way: Image.Resampling) -> Grey:
    height, width = shape
    return np.asarray(Image.fromarray(grey).resize((width, height), way))
