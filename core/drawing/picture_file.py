"""A picture file becomes a grey picture, checked before it is decoded.

What comes is not trusted: its length, kind and number of pixels are checked on its header, and one file is
decoded at a time, so that a class sending photos at once needs the memory of one.
"""

from __future__ import annotations

import io
import logging
import threading

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

from core.errors import N_, LabError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "HEIF")  # as Pillow calls them; HEIC is a kind of HEIF
LARGEST_FILE = 5 * 1024 * 1024  # bytes
LARGEST_PICTURE = 25_000_000  # pixels, as telephones take them, in files made smaller or packed by cameras
LARGEST_LOSSLESS = 10_000_000  # pixels of any other file: a sheet of A4 scanned at 300 dots an inch has 9
FROM_CAMERAS = ("JPEG", "HEIF")
SMALLEST_SIDE = 16  # pixels of the longer side; MNIST's own digits fill 20
NARROWEST_SIDE = 4  # pixels of the shorter: the crop of a 1
WORKED_ON = (280, 560)  # pixels of the longer side between which all that follows is done
LONGEST_SHAPE = 14  # the longer side against the shorter, so that the shorter keeps 20 pixels of 280

_KINDS = {b"%PDF": "PDF", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"<svg": "SVG", b"<?xm": "SVG", b"8BPS": "PSD"}
_one_at_a_time = threading.Lock()
_log = logging.getLogger(__name__)

pillow_heif.options.THUMBNAILS = False  # a thumbnail may show something else than its picture
pillow_heif.options.DEPTH_IMAGES = False
pillow_heif.options.AUX_IMAGES = False
pillow_heif.options.DECODE_THREADS = 1  # the other cores train
pillow_heif.register_heif_opener()

Grey = NDArray[np.float32]  # 0 black … 1 white


class NotAnImage(LabError):
    """The file is none of the kinds of picture that are read, or it is damaged."""


class ImageTooLarge(LabError):
    """The file or the picture in it is larger than a photo of a digit need be."""


class ImageTooSmall(LabError):
    """The picture has too few pixels to show a digit, or is a mere strip."""


def decode(data: bytes) -> Grey:
    """Return the picture in a file, upright and grey.

    Args:
        data: a PNG, JPEG, WebP, BMP, GIF or HEIC file of at most 5 MB; JPEG and HEIC of at most 25 million
            pixels, the others of 10 million. Of a moving picture the first frame is taken.

    Returns:
        (H, W) float32, 0 black … 1 white, the longer side from 280 to 560 pixels and at most 14 times the
        shorter. It is turned as its EXIF orientation says; behind transparent places lies the ground on
        which what is opaque stands out.

    Raises:
        NotAnImage: another kind of file, or a damaged one.
        ImageTooLarge: more bytes or pixels than that.
        ImageTooSmall: the longer side under 16 pixels, the shorter under 4 or under a fourteenth of it.
    """
    if len(data) > LARGEST_FILE:
        raise ImageTooLarge(
            N_("The file has {size:.1f} MB; at most {most} MB can be read. Send a smaller photo."),
            size=len(data) / 2**20,
            most=LARGEST_FILE // 2**20,
        )
    with _one_at_a_time:
        return _decode(data)


def _decode(data: bytes) -> Grey:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check(image)
            image.draft("RGB", (WORKED_ON[1], WORKED_ON[1]))  # a JPEG to a half, a quarter or an eighth
            return _grey(ImageOps.exif_transpose(_resized(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(LARGEST_PICTURE) from error
    except LabError:
        raise
    except Exception as error:  # the decoders raise whatever a damaged file makes them raise
        _log.info("a picture was refused: %r", error)
        raise _not_an_image(data) from error


def _not_an_image(data: bytes) -> NotAnImage:
    kind = _KINDS.get(data[:4])
    if kind:
        return NotAnImage(
            N_(
                "This is a {kind} file; PNG, JPEG, WebP, BMP, GIF and HEIC can be read. Open it and save it "
                "as PNG or JPEG, or take a screenshot of it and send that."
            ),
            kind=kind,
        )
    return NotAnImage(
        N_(
            "This file is no picture that can be read, or it is damaged. PNG, JPEG, WebP, BMP, GIF and HEIC "
            "can be read. Open it in a program that shows it and save it as PNG or JPEG, or take a "
            "screenshot of it and send that."
        )
    )


def _check(image: Image.Image) -> None:
    most = LARGEST_PICTURE if image.format in FROM_CAMERAS else LARGEST_LOSSLESS
    if image.width * image.height > most:
        raise _too_many_pixels(most)
    longer, shorter = max(image.size), min(image.size)
    if longer < SMALLEST_SIDE or shorter < NARROWEST_SIDE or longer > LONGEST_SHAPE * shorter:
        raise ImageTooSmall(
            N_(
                "The picture has {width} × {height} pixels. To show a digit it needs at least {smallest} on "
                "its longer side and {narrowest} on the other, and must not be longer than {longest} times "
                "its width. Leave some paper around the digit."
            ),
            width=image.width,
            height=image.height,
            smallest=SMALLEST_SIDE,
            narrowest=NARROWEST_SIDE,
            longest=LONGEST_SHAPE,
        )


def _too_many_pixels(most: int) -> ImageTooLarge:
    return ImageTooLarge(
        N_("The picture has more than {most} million pixels. Send a smaller photo."), most=most // 10**6
    )


def _resized(image: Image.Image) -> Image.Image:
    """Bring the longer side to between 280 and 560 pixels, with eight bits a colour."""
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        image = Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    longer = max(image.size)
    scale = float(np.clip(longer, *WORKED_ON)) / longer
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    way = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    return (image if image.mode == mode else image.convert(mode)).resize(size, way)


def _grey(image: Image.Image) -> Grey:
    grey: Grey = np.asarray(image.convert("RGB").convert("L")).astype(np.float32) / np.float32(255)
    if image.mode == "RGB":
        return grey
    opaque = np.asarray(image.getchannel("A"), np.float32) / 255
    drawn = float((grey * opaque).sum() / max(float(opaque.sum()), 1.0))
    ground = 1 - round(drawn)
    return np.asarray(grey * opaque + ground * (1 - opaque), np.float32)
