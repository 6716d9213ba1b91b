"""A photo of a digit is read like a drawing, however it was written, lit, cropped and crowded."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from sheets import (
    Sheet,
    agreement,
    answer,
    answer_to,
    as_bytes,
    dark_ink,
    digit,
    drawn,
    file,
    five_with_loose_bar,
    paper,
)

from core.dataset.mnist import load_mnist
from core.drawing import read_digits, read_photo, to_mnist
from core.drawing.ink import NoDigit


@pytest.mark.parametrize("number", range(10))
def test_dark_ink_on_unevenly_lit_paper_is_read(number: int) -> None:
    assert answer(file(dark_ink(digit(number)), "JPEG", quality=80)) == number


@pytest.mark.parametrize("number", [2, 5])
def test_chalk_on_a_board_is_read(number: int) -> None:
    sheet = digit(number)
    assert answer(file(0.5 * paper(sheet.shape, fall=0.6) * (1 - sheet) + 0.8 * sheet)) == number


def test_the_canvas_is_the_digit_in_the_middle_of_a_square() -> None:
    sheet = digit(2)
    canvas = read_photo(file(dark_ink(sheet), "JPEG"))
    assert canvas.dtype == np.uint8
    assert canvas.shape[0] == canvas.shape[1]
    rows, columns = (np.flatnonzero((canvas > 127).any(axis)) for axis in (1, 0))
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    assert longer == pytest.approx(len(canvas) / 2, abs=6)
    assert longer == pytest.approx(200 * 560 / 600, abs=3)  # 560 pixels of the picture's 600 are worked on
    assert agreement(canvas, as_bytes(sheet)) > 0.97


def test_the_drawing_wings_own_names_read_a_photo() -> None:
    data = file(dark_ink(digit(3)))
    (only,) = read_digits(data)
    np.testing.assert_array_equal(only, read_photo(data))


# Small pictures


ONE_PIXEL = {
    0: drawn((28, 28), circles=[(5, 4, 22, 23)]),
    7: drawn((28, 28), [(7, 5), (20, 5), (12, 23)]),
    8: drawn((28, 28), circles=[(9, 3, 18, 12), (7, 13, 20, 25)]),
    9: drawn((28, 28), [(19, 8), (15, 25)], circles=[(8, 3, 19, 13)]),
}


@pytest.mark.parametrize("number", ONE_PIXEL)
@pytest.mark.parametrize("dark", [True, False])
def test_lines_of_one_pixel_stay_whole(number: int, dark: bool) -> None:
    sheet = ONE_PIXEL[number]
    assert answer(file(1 - sheet if dark else sheet)) == number


@pytest.mark.parametrize("size", [28, 56, 280])
@pytest.mark.parametrize("way", [Image.Resampling.NEAREST, Image.Resampling.BICUBIC])
def test_mnists_own_images_as_files_are_read_as_they_are(size: int, way: Image.Resampling) -> None:
    mnist = load_mnist()
    right = [
        answer(file(Image.fromarray(255 - image if place % 2 else image).resize((size, size), way))) == label
        for place, (image, label) in enumerate(
            zip(mnist.train_images[:6], mnist.train_labels[:6], strict=True)
        )
    ]
    assert all(right)


def test_sixteen_pixels_are_enough() -> None:
    small = Image.fromarray(np.uint8(255 * (1 - digit(2, height=280, width=280, size=250, pen=30))))
    assert answer(file(small.resize((16, 16), Image.Resampling.BOX))) == 2


# Crops


def test_a_narrow_crop_is_read() -> None:
    assert answer(file(1 - drawn((16, 28), [(8, 4), (8, 23)], pen=3))) == 1
    assert answer(file(1 - drawn((6, 20), [(3, 2), (3, 17)], pen=2))) == 1


@pytest.mark.parametrize("number", [0, 2, 6])
def test_a_digit_cut_out_to_its_edge_is_read(number: int) -> None:
    sheet = digit(number) > 0.5
    rows, columns = np.flatnonzero(sheet.any(1)), np.flatnonzero(sheet.any(0))
    cut = sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert answer(file(dark_ink(cut.astype(float)), "JPEG")) == number


def test_a_tight_crop_of_a_soft_digit_is_read() -> None:
    sheet = drawn((60, 76), pen=12, circles=[(18, 5, 44, 34), (10, 34, 48, 71)])
    assert answer(file(0.6 - 0.26 * ndimage.gaussian_filter(sheet, 3))) == 8


# Strokes


@pytest.mark.parametrize("gap", [6, 14, 20, 28])
def test_a_bar_that_is_not_joined_belongs_to_its_digit(gap: int) -> None:
    data = file(0.94 - 0.82 * five_with_loose_bar(gap))
    assert len(read_digits(data)) == 1
    assert answer(data) == 5


def test_a_paler_stroke_belongs_to_its_digit() -> None:
    pale = 0.41 * drawn((240, 300), [(60, 60), (180, 60)], pen=14)
    sheet = np.maximum(pale, drawn((240, 300), [(180, 60), (110, 250)], pen=14))
    canvas = read_photo(file(1 - sheet))
    assert answer_to(canvas) == 7
    assert (canvas > 127).sum() == pytest.approx((sheet > 0.2).sum() * (560 / 300 / 2) ** 2, rel=0.3)


@pytest.mark.parametrize("number", [3, 4, 9])
def test_pale_pencil_is_read(number: int) -> None:
    assert answer(file(dark_ink(digit(number, pen=8), strength=0.25), "JPEG", quality=85)) == number


# Papers


def rules(shape: tuple[int, ...], *, every: int, upright: bool = False, tilt: float = 1.5) -> Sheet:
    """Printed lines of two pixels, a little aslant."""
    lines = np.zeros((shape[0] + 100, shape[1] + 100))
    lines[5::every] = lines[6::every] = 1
    if upright:
        lines[:, 7::every] = lines[:, 8::every] = 1
    turned: Sheet = ndimage.rotate(lines, tilt, reshape=False, order=1)[50:-50, 50:-50]
    return turned


@pytest.mark.parametrize("strength", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("number", [2, 6])
def test_rules_that_the_digit_crosses_are_left_out(number: int, strength: float) -> None:
    sheet = digit(number)
    ruled = np.maximum(sheet, strength * rules(sheet.shape, every=45))
    assert answer(file(dark_ink(ruled), "JPEG")) == number


def test_squares_are_left_out() -> None:
    sheet = digit(3)
    squared = np.maximum(sheet, 0.4 * rules(sheet.shape, every=26, upright=True))
    assert answer(file(dark_ink(squared), "JPEG")) == 3


@pytest.mark.parametrize("number", [2, 8])
def test_the_edge_of_a_shadow_is_no_stroke(number: int) -> None:
    sheet = digit(number)
    y, x = np.indices(sheet.shape)
    shadow = ndimage.gaussian_filter((x + 0.4 * y > 330).astype(float), 8)
    assert answer(file(dark_ink(sheet, fall=0.1) * (1 - 0.3 * shadow), "JPEG")) == number


@pytest.mark.parametrize(
    ("ground", "pen"),
    [((190, 190, 90), (40, 90, 100)), ((230, 180, 190), (60, 50, 160)), ((90,) * 3, (20,) * 3)],
)
def test_coloured_and_grey_paper(ground: tuple[int, ...], pen: tuple[int, ...]) -> None:
    sheet = digit(2)[..., None]
    grain = ndimage.gaussian_filter(np.random.default_rng(0).normal(0, 1, sheet.shape), 1.2) * 20
    colours = np.array(ground) * (1 - sheet) + np.array(pen) * sheet + grain
    assert answer(file(Image.fromarray(np.uint8(np.clip(colours, 0, 255))), "JPEG")) == 2


@pytest.mark.parametrize("light", [0, 255])
def test_a_transparent_ground_is_the_opposite_of_the_ink(light: int) -> None:
    sheet = as_bytes(digit(5))
    image = Image.merge("LA", (Image.new("L", (600, 450), light), Image.fromarray(sheet)))
    assert agreement(read_photo(file(image)), sheet) > 0.97


def test_neighbours_and_specks_are_left_out() -> None:
    sheet = digit(3, height=600, width=800, size=200)
    canvas = read_photo(file(dark_ink(sheet)))
    crowded = sheet.copy()
    crowded[60:160, 40:60] = 1  # another stroke, half as tall
    crowded[500:504, 400:404] = 1
    crowded[550:, 500:] = 1  # something dark that the edge cuts
    assert agreement(read_photo(file(dark_ink(crowded))), canvas) > 0.97


# Several digits


def test_two_digits_are_two_and_neither_is_dropped() -> None:
    sheet = drawn((900, 500), [(250, 120), (250, 380)], pen=24, circles=[(450, 120, 640, 380)])
    canvases = read_digits(file(0.92 - 0.8 * sheet))
    assert [answer_to(canvas) for canvas in canvases] == [1, 0]
    assert answer_to(read_photo(file(0.92 - 0.8 * sheet))) == 0  # larger and nearer to the middle


def test_a_page_of_digits_is_read_row_by_row() -> None:
    sheet = np.zeros((1000, 1600))
    numbers = [2, 7, 1, 8, 3, 6, 4, 0]
    for place, number in enumerate(numbers):
        top, left = 150 + 380 * (place // 4) + 25 * (place % 2), 120 + 370 * (place % 4)
        sheet[top : top + 280, left : left + 280] = digit(number, height=280, width=280)
    canvases = read_digits(file(dark_ink(sheet, fall=0.2), "JPEG"))
    assert [answer_to(canvas) for canvas in canvases] == numbers


def test_a_page_of_forty_small_ones_is_forty_ones() -> None:
    lines = [
        [(150 + x * 180, 120 + y * 180), (150 + x * 180, 165 + y * 180)] for y in range(5) for x in range(8)
    ]
    canvases = read_digits(file(0.9 - 0.75 * drawn((1600, 1000), *lines, pen=6)))
    assert [answer_to(canvas) for canvas in canvases] == [1] * 40


# Nothing to read


@pytest.mark.parametrize(
    "grey",
    [np.full((300, 400), 0.8), paper((300, 400)), np.random.default_rng(1).random((300, 400))],
    ids=["flat", "paper", "noise"],
)
def test_nothing_to_see_is_said(grey: Sheet) -> None:
    for read in (read_photo, read_digits):
        with pytest.raises(NoDigit):
            read(file(grey))


def test_a_dot_gets_a_photos_words_not_the_pads() -> None:
    with pytest.raises(NoDigit, match="on the picture"):
        read_photo(file(1 - drawn((300, 300), [(150, 150), (162, 150)], pen=12)))


def test_what_is_read_can_always_be_brought_to_mnists_ways() -> None:
    dice = np.random.default_rng(4)
    read = 0
    for _ in range(12):
        grey = ndimage.gaussian_filter(dice.random(dice.integers(16, 60, 2)), dice.uniform(0, 4))
        grey = (grey - grey.min()) / np.ptp(grey) * dice.uniform(0.2, 1)
        try:
            canvases = read_digits(file(grey))
        except NoDigit:
            continue
        read += 1
        assert all(to_mnist(canvas).any() for canvas in canvases)
    assert read > 2
