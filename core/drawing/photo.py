"""A photo or file of a written digit becomes a canvas, light strokes on a dark ground, for ``mnist_style``.

    bytes → grey picture → paper levelled → ink → the group of strokes nearest the middle

What comes is not trusted: its length, kind and number of pixels are checked before it is decoded.
"""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy import ndimage

from core.errors import N_, LabError

LARGEST_FILE = 5 * 1024 * 1024  # bytes
LARGEST_PICTURE = 25_000_000  # pixels, as a telephone's camera takes them
LARGEST_DECODED = (
    10_000_000  # pixels to hold in memory: a JPEG is made smaller while it is decoded, a PNG not
)
SIDE = 560  # the longer side that is worked on, twice the drawing pad's
SMALLEST_SIDE = 20  # pixels; MNIST's own images have 28

PAPER = 32  # the longer side of the small picture that the paper is estimated on
FAINTEST = 0.12  # darkest ink against the paper; pencil on grey paper has 0.3, JPEG noise 0.05
NOISE = 6.0  # how many times the paper's own spread ink differs from it
GAP = 0.04  # strokes of one digit lie closer together than this share of the longer side

Grey = NDArray[np.float32]  # 0 black … 1 white
Ink = NDArray[np.float32]  # 0 paper … 1 ink


class NotAnImage(LabError):
    """The file is no PNG or JPEG, or it is damaged."""


class ImageTooLarge(LabError):
    """The file or the picture in it is larger than a photo of a digit need be."""


class NoDigit(LabError):
    """The picture is readable, but nothing on it stands out as ink."""


def read_photo(data: bytes) -> NDArray[np.uint8]:
    """Return a picture of a written digit as a canvas for `core.drawing.mnist_style.to_mnist`.

    Dark ink on light paper and light chalk on a dark board are told apart; uneven light is levelled; of
    several groups of strokes, the one that is large and near the middle is kept.

    Args:
        data: a PNG or JPEG file of at most 5 MB and 25 million pixels (a PNG 10 million); it is turned
            upright as its EXIF orientation says.

    Returns:
        (H, W) uint8, 0 ground … 255 stroke, the longer side at most 560.

    Raises:
        NotAnImage: another kind of file, or a damaged one.
        ImageTooLarge: more bytes or pixels than that.
        NoDigit: nothing stands out, or the picture is narrower than 20 pixels.
    """
    ink = _ink(_decode(data))
    return np.rint(255 * _main_group(ink)).astype(np.uint8)


def _decode(data: bytes) -> Grey:
    """Check a file and return its picture, upright and small, (H, W) from 0 to 1."""
    if len(data) > LARGEST_FILE:
        raise ImageTooLarge(
            N_("The file has {size:.1f} MB; at most {most} MB can be read. Send a smaller photo."),
            size=len(data) / 2**20,
            most=LARGEST_FILE // 2**20,
        )
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            _check_pixels(image, LARGEST_PICTURE)
            image.draft("RGB", (SIDE, SIDE))  # to a half, a quarter or an eighth
            _check_pixels(image, LARGEST_DECODED)
            return _grey(ImageOps.exif_transpose(_small(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(LARGEST_PICTURE) from error
    except LabError:
        raise
    except Exception as error:  # the decoders raise whatever a damaged file makes them raise
        raise NotAnImage(
            N_("The file is not a PNG or JPEG picture, or it is damaged. Send another.")
        ) from error


def _check_pixels(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise _too_many_pixels(most)


def _too_many_pixels(most: int) -> ImageTooLarge:
    return ImageTooLarge(
        N_("The picture has more than {most} million pixels. Send a smaller photo."), most=most // 10**6
    )


def _small(image: Image.Image) -> Image.Image:
    """Shrink to 560 pixels a side, with eight bits a colour."""
    scale = min(1.0, SIDE / max(image.size))
    size = (round(image.width * scale), round(image.height * scale))
    if min(size) < SMALLEST_SIDE:
        raise NoDigit(
            N_("The picture is too narrow to hold a digit. Send a photo with the digit in the middle.")
        )
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        image = Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return (image if image.mode == mode else image.convert(mode)).resize(size, Image.Resampling.BOX)


def _grey(image: Image.Image) -> Grey:
    """Return lightness; behind transparent places lies the ground on which what is opaque stands out."""
    grey: Grey = np.asarray(image.convert("RGB").convert("L")).astype(np.float32) / np.float32(255)
    if image.mode == "RGB":
        return grey
    opaque = np.asarray(image.getchannel("A"), np.float32) / 255
    drawn = float((grey * opaque).sum() / max(float(opaque.sum()), 1.0))
    ground = 1 - round(drawn)
    return np.asarray(grey * opaque + ground * (1 - opaque), np.float32)


def _ink(grey: Grey) -> Ink:
    """Level the paper and return what is written on it, from 0 to 1, a half at the edge of a stroke."""
    grey = ndimage.gaussian_filter(grey, max(grey.shape) / SIDE)
    paper = _paper(grey)
    contrast = grey - paper
    if (
        contrast * np.square(contrast)
    ).mean() < 0:  # what is rare and far from the paper is ink: here it is darker
        contrast = -contrast / np.maximum(paper, 0.2)  # ink takes a share of the light
    strongest = float(np.percentile(contrast[contrast >= contrast.max() / 2], 50))
    spread = 1.5 * float(np.median(np.abs(contrast)))  # of the paper: a standard deviation, were it normal
    if strongest < max(FAINTEST, NOISE * spread):
        raise NoDigit(N_("Nothing on the picture stands out from the paper. Write thicker or darker."))
    return np.asarray(np.clip(2 * contrast / strongest - 0.5, 0, 1), np.float32)


def _paper(grey: Grey) -> Grey:
    """Estimate the light of the empty paper: the median of a window half as large as the picture."""
    shrunk = np.maximum(1, np.array(grey.shape) * PAPER // max(grey.shape))
    height, width = (int(side) for side in shrunk)
    small = np.asarray(Image.fromarray(grey).resize((width, height), Image.Resampling.BOX))
    smooth = ndimage.gaussian_filter(ndimage.median_filter(small, PAPER // 2, mode="nearest"), PAPER / 16)
    return np.asarray(Image.fromarray(smooth).resize(grey.shape[::-1], Image.Resampling.BICUBIC))


def _main_group(ink: Ink) -> Ink:
    """Keep the strokes that lie together and are many and near the middle."""
    ink = _without_rules(ink)
    written = ink > 0.5
    reach = GAP * max(ink.shape) / 2
    groups, count = ndimage.label(ndimage.distance_transform_edt(~written) <= reach)
    number = np.arange(1, count + 1)
    middles = np.array(ndimage.center_of_mass(written, groups, number))
    far = np.hypot(*(2 * middles / ink.shape - 1).T) / math.sqrt(2)  # 0 the middle … 1 a corner
    area = ndimage.sum_labels(written, groups, number)
    return np.asarray(ink * (groups == number[np.argmax(area * (1 - far) ** 2)]), np.float32)


def _without_rules(ink: Ink) -> Ink:
    """Leave out what runs from side to side, like a rule or a page's edge, unless nothing else is there."""
    parts, _ = ndimage.label(ink > 0.1, np.ones((3, 3)))
    top, bottom, left, right = (
        set(np.unique(side)) for side in (parts[0], parts[-1], parts[:, 0], parts[:, -1])
    )
    through = np.isin(parts, [part for part in (top & bottom) | (left & right) if part])
    rest = np.where(through, 0, ink)
    return np.asarray(rest if rest.max() > 0.5 else ink, np.float32)
