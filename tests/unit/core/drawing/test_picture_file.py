"""Files of pictures: which kinds are read, what is refused before it is decoded, and what damage does."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from sheets import agreement, dark_ink, digit, file

from core.drawing import read_digits, read_photo, to_mnist
from core.drawing.picture_file import ImageTooLarge, ImageTooSmall, NotAnImage, decode
from core.errors import LabError


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "HEIF"])
def test_every_kind_of_file_is_read_alike(kind: str) -> None:
    image = Image.fromarray(np.uint8(255 * (0.9 - 0.8 * digit(5, height=300, width=300))))
    grey = decode(file(image, kind))
    assert grey.dtype == np.float32
    assert grey.shape == (300, 300)
    assert np.abs(grey - decode(file(image))).mean() < 0.01


@pytest.mark.parametrize("kind", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read_alike(kind: str) -> None:
    clean = Image.fromarray(np.uint8(255 * (0.9 - 0.8 * digit(5, size=220, pen=20))))
    if kind == "I;16":
        image = Image.fromarray(np.asarray(clean).astype(np.uint16) * 257)
    elif kind == "1":
        image = clean.point(lambda value: 255 * (value > 128), "1")
    else:
        image = clean.convert("RGB").convert(kind)
    data = file(image, "JPEG" if kind == "CMYK" else "PNG")
    assert agreement(read_photo(data), read_photo(file(clean))) > 0.97


@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 1), (8, 3)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_camera_held_sideways_is_turned_upright(orientation: int, turns: int, kind: str) -> None:
    upright = 0.9 - 0.8 * digit(7, height=300, width=400)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.uint8(255 * np.rot90(upright, turns)))
    image.info["exif"] = exif.tobytes()  # from there HEIF takes the turn into its own header
    turned = decode(file(image, kind, **({} if kind == "HEIF" else {"exif": exif})))
    assert turned.shape == (300, 400)
    assert np.abs(turned - decode(file(upright))).mean() < 0.02


@pytest.mark.parametrize(
    ("size", "shape"),
    [((28, 28), (280, 280)), ((16, 28), (280, 160)), ((1600, 1200), (420, 560)), ((300, 400), (400, 300))],
)
def test_the_longer_side_becomes_280_to_560(size: tuple[int, int], shape: tuple[int, int]) -> None:
    assert decode(file(Image.new("L", size, 200))).shape == shape


def test_of_a_moving_picture_the_first_frame_is_read() -> None:
    first, second = Image.new("L", (300, 300), 255), Image.new("L", (300, 300), 0)
    assert decode(file(first, "GIF", save_all=True, append_images=[second])).min() == 1


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def bmp_bomb() -> bytes:
    return b"BM" + struct.pack(
        "<IHHIIiiHHIIiiII", 1000, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0
    )


@pytest.mark.parametrize(
    "data",
    [
        bytes(5 * 2**20 + 1),
        bomb(4000, 3000),
        bomb(12_000, 10_000),
        bomb(60_000, 60_000),
        bmp_bomb(),
        file(Image.new("L", (4000, 3000)), "GIF"),
        file(Image.new("RGB", (4000, 3000)), "WEBP"),
        file(Image.new("L", (5100, 5000), 255), "JPEG"),
    ],
    ids=["bytes", "12 MP PNG", "120 MP", "3,600 MP", "900 MP BMP", "12 MP GIF", "12 MP WebP", "25.5 MP JPEG"],
)
def test_too_much_is_refused_before_it_is_decoded(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "resize", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(ImageTooLarge):
        decode(data)


@pytest.mark.parametrize("size", [(15, 15), (3, 100), (20, 400)])
def test_too_few_pixels_are_said_with_the_limit(size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooSmall, match=f"{size[0]} × {size[1]} pixels.*at least 16.*4"):
        decode(file(Image.new("L", size)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (file(Image.new("L", (30, 30)), "TIFF"), "a TIFF file"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a SVG file"),
        (file(Image.new("L", (30, 30)), "AVIF"), "no picture that can be read"),
        (b"no picture", "no picture that can be read"),
        (b"", "no picture that can be read"),
    ],
)
def test_another_kind_of_file_is_told_how_to_become_a_picture(data: bytes, words: str) -> None:
    with pytest.raises(NotAnImage, match=f"{words}.*save it as PNG or JPEG"):
        decode(data)


def damaged(data: bytes, dice: np.random.Generator) -> bytes:
    """The file cut short, with bytes changed, or with a piece doubled or left out."""
    changed = bytearray(data)
    start, end = sorted(dice.integers(0, len(changed), 2))
    match dice.integers(4):
        case 0:
            del changed[start:]
        case 1:
            for place in dice.integers(0, min(len(changed), 10 ** int(dice.integers(1, 6))), 8):
                changed[place] = dice.integers(256)
        case 2:
            del changed[start:end]
        case 3:
            changed[start:start] = changed[start:end]
    return bytes(changed)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "HEIF"])
def test_damaged_files_are_read_or_refused_by_name(kind: str) -> None:
    dice = np.random.default_rng(8)
    exif = {"exif": Image.Exif()} if kind in ("JPEG", "PNG") else {}
    small = Image.fromarray(np.uint8(255 * dark_ink(digit(4, height=280, width=280)))).resize((64, 64))
    whole = file(small, kind, **exif)
    read = 0
    for _ in range(25):
        try:
            canvases = read_digits(damaged(whole, dice))
        except LabError:
            continue
        read += 1
        assert all(to_mnist(canvas).shape == (28, 28) for canvas in canvases)
    assert read < 25


def test_bytes_of_chance_are_refused() -> None:
    dice = np.random.default_rng(9)
    for head in (
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"BM",
        b"GIF89a",
        b"\0\0\0\x18ftypheic",
    ):
        with pytest.raises(LabError):
            read_photo(head + dice.bytes(300))
