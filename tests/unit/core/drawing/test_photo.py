"""A photo of a digit is read like a drawing; what is no photo is refused in words."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from benchmarks import redraw
from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.drawing.mnist_style import to_mnist
from core.drawing.photo import ImageTooLarge, NoDigit, NotAnImage, read_photo
from core.errors import LabError
from core.reading import shipped


def digit(number=3, *, height=450, width=600, size=200, pen=14):
    """A digit of MNIST written in the middle of a sheet: (height, width) from 0 to 1."""
    mnist = load_mnist()
    image = mnist.train_images[np.flatnonzero(mnist.train_labels == number)[1]]
    pad = strokes.rasterize(redraw.write(redraw.paths_of(image), size=size, pen=pen)) / 255
    sheet = np.zeros((height, width))
    sheet[(height - 280) // 2 :, (width - 280) // 2 :][:280, :280] = pad
    return sheet


def paper(shape, *, seed=0, fall=0.5):
    """Paper whose light falls from the upper left to the lower right, with the grain of a camera."""
    y, x = np.indices(shape) / np.array(shape)[:, None, None]
    return 0.9 - fall * (x + y) / 2 + np.random.default_rng(seed).normal(0, 0.015, shape)


def file(grey, kind="JPEG", **options):
    data = io.BytesIO()
    image = grey if isinstance(grey, Image.Image) else Image.fromarray(np.uint8(np.clip(grey, 0, 1) * 255))
    image.save(data, kind, **options)
    return data.getvalue()


def dark_ink(sheet, **options):
    return paper(sheet.shape, **options) * (1 - 0.7 * sheet)


def answer(data):
    return int(shipped.load().network.probabilities(to_mnist(read_photo(data))[None]).argmax())


def agreement(one, other):
    return np.corrcoef(to_mnist(one).ravel(), to_mnist(other).ravel())[0, 1]


@pytest.mark.parametrize("number", range(10))
def test_dark_ink_on_unevenly_lit_paper_is_read(number):
    assert answer(file(dark_ink(digit(number)), quality=80)) == number


@pytest.mark.parametrize("number", [2, 5])
def test_chalk_on_a_board_is_read(number):
    sheet = digit(number)
    board = 0.5 * paper(sheet.shape, fall=0.6) * (1 - sheet) + 0.8 * sheet
    assert answer(file(board, "PNG")) == number


def test_a_photo_becomes_the_canvas_it_was_taken_of():
    sheet = digit(2)
    canvas = read_photo(file(dark_ink(sheet)))
    assert canvas.dtype == np.uint8
    assert canvas.shape == (420, 560)
    small = np.asarray(Image.fromarray(np.uint8(sheet * 255)).resize((560, 420)))
    assert canvas[small < 5].mean() < 1
    assert canvas[small > 250].mean() > 240
    assert agreement(canvas, small) > 0.97


@pytest.mark.parametrize("kind", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read_alike(kind):
    clean = Image.fromarray(np.uint8(255 * (0.9 - 0.8 * digit(5, size=220, pen=20))))
    if kind == "I;16":
        image = Image.fromarray(np.asarray(clean).astype(np.uint16) * 257)
    else:
        image = (
            clean.convert("RGB").convert(kind) if kind != "1" else clean.point(lambda v: 255 * (v > 128), "1")
        )
    data = file(image, "JPEG" if kind == "CMYK" else "PNG")
    assert agreement(read_photo(data), read_photo(file(clean, "PNG"))) > 0.97


@pytest.mark.parametrize("light", [0, 255])
def test_a_transparent_ground_is_the_opposite_of_the_ink(light):
    sheet = np.uint8(255 * digit(5))
    image = Image.merge("LA", (Image.new("L", sheet.shape[::-1], light), Image.fromarray(sheet)))
    assert agreement(read_photo(file(image, "PNG")), sheet) > 0.97


@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 1), (8, 3)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_camera_held_sideways_is_turned_upright(orientation, turns, kind):
    upright = dark_ink(digit(7))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file(np.rot90(upright, turns), kind, exif=exif)
    assert agreement(read_photo(data), read_photo(file(upright))) > 0.95


def test_neighbours_rules_and_specks_are_left_out():
    sheet = digit(3, height=600, width=800, size=200)
    canvas = read_photo(file(dark_ink(sheet)))
    crowded = sheet.copy()
    crowded[60:160, 40:60] = 1  # another digit at the edge of the sheet
    crowded[40::130] = crowded[41::130] = 0.9  # rules, which the digit does not cross
    crowded[200:400, 300:500] = sheet[200:400, 300:500]
    crowded[500:504, 400:404] = 1
    assert agreement(read_photo(file(dark_ink(crowded))), canvas) > 0.97


def test_faint_rules_under_the_digit_are_left_out():
    sheet = digit(3)
    ruled = sheet.copy()
    ruled[20::30] = ruled[21::30] = np.maximum(ruled[20::30], 0.3)
    assert agreement(read_photo(file(dark_ink(ruled))), read_photo(file(dark_ink(sheet)))) > 0.97


def test_mnists_own_image_as_a_file_is_read():
    mnist = load_mnist()
    assert answer(file(Image.fromarray(mnist.train_images[0]), "PNG")) == mnist.train_labels[0]
    assert answer(file(Image.fromarray(255 - mnist.train_images[0]), "PNG")) == mnist.train_labels[0]


def test_a_digit_cut_out_to_its_edge_is_read():
    sheet = digit(0) > 0.5
    rows, columns = np.flatnonzero(sheet.any(1)), np.flatnonzero(sheet.any(0))
    cut = sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert answer(file(dark_ink(cut.astype(float)))) == 0


@pytest.mark.parametrize(
    "grey",
    [
        np.full((300, 400), 0.8),
        paper((300, 400)),
        np.random.default_rng(1).random((300, 400)),
        np.full((15, 400), 0.8),
    ],
    ids=["flat", "paper", "noise", "narrow"],
)
def test_nothing_to_see_is_said(grey):
    with pytest.raises(NoDigit):
        read_photo(file(grey, "PNG"))


def bomb(width, height):
    """A PNG of a few hundred bytes that claims many pixels."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        bytes(5 * 2**20 + 1),
        bomb(4000, 3000),
        bomb(6000, 5000),
        bomb(12_000, 10_000),
        bomb(60_000, 60_000),
        file(Image.new("L", (5100, 5000), 255)),
    ],
    ids=["bytes", "12 MP PNG", "30 MP", "120 MP", "3,600 MP", "25.5 MP JPEG"],
)
def test_too_much_is_refused_before_it_is_decoded(data, monkeypatch):
    monkeypatch.setattr(Image.Image, "resize", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(ImageTooLarge):
        read_photo(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP"])
def test_only_png_and_jpeg_are_opened(kind):
    with pytest.raises(NotAnImage):
        read_photo(file(dark_ink(digit(1)), kind))


def damaged(data, dice):
    """The file cut short, with bytes changed, or with a piece doubled or left out."""
    data = bytearray(data)
    start, end = sorted(dice.integers(0, len(data), 2))
    match dice.integers(4):
        case 0:
            del data[start:]
        case 1:
            for place in dice.integers(0, min(len(data), 10 ** int(dice.integers(1, 6))), 8):
                data[place] = dice.integers(256)
        case 2:
            del data[start:end]
        case 3:
            data[start:start] = data[start:end]
    return bytes(data)


def test_three_hundred_hostile_files_are_read_or_refused():
    dice = np.random.default_rng(8)
    exif = Image.Exif()
    exif[0x0112] = 6
    grey = dark_ink(digit(4, height=280, width=280))
    whole = [file(grey, "JPEG", exif=exif), file(grey, "JPEG", progressive=True), file(grey, "PNG")]
    data = [damaged(whole[number % 3], dice) for number in range(280)]
    data += [dice.bytes(int(length)) for length in dice.integers(0, 4000, 17)]
    data += [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]
    read = 0
    for item in data:
        try:
            image = to_mnist(read_photo(item))
        except LabError:
            continue
        read += 1
        assert image.shape == (28, 28)
    assert 0 < read < 250


def test_a_canvas_holds_one_group_only():
    sheet = digit(1, height=400, width=800)
    both = sheet + np.roll(sheet, 220, axis=1) * 0.9
    canvas = read_photo(file(dark_ink(both)))
    assert ndimage.label(canvas > 127, np.ones((3, 3)))[1] == 1
