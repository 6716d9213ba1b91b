"""Strokes from the pad: what is taken, what is refused, and the picture they make."""

from __future__ import annotations

import math
import random
import time
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core import limits
from core.drawing import mnist_style
from core.drawing.mnist_style import BlankDrawing, FullDrawing, InvalidDrawing
from core.drawing.strokes import (
    CANVAS,
    WIDTHS,
    Stroke,
    dumps,
    loads,
    narrowed,
    rasterize,
    read,
    to_mnist,
    to_pad,
)
from core.errors import LabError
from core.reading import shipped

LINE = {
    "type": "Path",
    "strokeWidth": 20,
    "path": [["M", 60, 140.004], ["Q", 100, 140, 140, 140], ["L", 220, 140]],
    "left": 7,  # Fabric.js sends much more than is needed
}


def pad(**changes: Any) -> Any:
    return {"version": "7.4.0", "objects": [LINE | changes]}


def test_a_stroke_is_read_with_its_width_and_path() -> None:
    (stroke,) = read(pad())
    assert stroke == Stroke(20, (("M", 60, 140), ("Q", 100, 140, 140, 140), ("L", 220, 140)))


def test_what_is_written_is_read_again() -> None:
    strokes = read({"objects": [LINE, LINE | {"strokeWidth": 8}]})
    assert loads(dumps(strokes)) == strokes
    assert read(to_pad(strokes)) == strokes
    assert read(to_pad(())) == ()


def test_the_picture_of_a_line_is_the_line_with_round_ends() -> None:
    picture = rasterize(read(pad()))
    reference = Image.new("L", (4 * CANVAS, 4 * CANVAS))
    pen = ImageDraw.Draw(reference)
    pen.line([(240, 562), (880, 562)], fill=255, width=80)
    for x in (240, 880):
        pen.ellipse([x - 40, 522, x + 40, 602], fill=255)
    expected = np.asarray(reference.resize((CANVAS, CANVAS), Image.Resampling.BOX)).astype(int)
    assert picture.shape == (CANVAS, CANVAS)
    assert picture.dtype == np.uint8
    assert np.abs(picture - expected).mean() < 1
    assert picture[140, 100] == 255
    assert picture[100, 100] == 0


def test_a_curve_passes_where_its_formula_says() -> None:
    (stroke,) = read(pad(path=[["M", 0, 0], ["Q", 100, 0, 100, 100]]))
    points = stroke.points()
    assert np.abs(np.diff(points, axis=0)).max() <= 1
    middle = points[np.abs(points - (75, 25)).sum(1).argmin()]
    np.testing.assert_allclose(middle, (75, 25), atol=1)  # t = 1/2: (0 + 2 · 100 + 100) / 4


def test_a_tap_is_a_dot_and_nothing_is_black() -> None:
    dot = rasterize(read(pad(path=[["M", 20, 30], ["L", 20.04, 30]])))
    assert math.isclose((dot / 255).sum(), math.pi * 10**2, rel_tol=0.05)
    assert not rasterize(()).any()


def test_a_stroke_outside_the_pad_leaves_it_black_and_an_edge_stroke_marks_it() -> None:
    assert not rasterize(read(pad(path=[["M", 900, 900], ["L", 950, 900]]))).any()
    assert rasterize(read(pad(path=[["M", 100, -5], ["L", 200, -5]])))[0, 150] == 255


EIGHT = [(50, 25), (80, 0), (50, -25), (20, 0), (50, 25), (75, 60), (50, 90), (25, 60), (50, 25)]


def eight(size: Any, pen: Any) -> Any:
    """An 8 whose middle line is ``size`` high."""
    points = [(round(20 + size * x / 115, 2), round(20 + size * (y + 25) / 115, 2)) for x, y in EIGHT]
    return read(pad(strokeWidth=pen, path=[["M", *points[0]], *(["L", *point] for point in points[1:])]))


@pytest.mark.parametrize("size", [30, 60, 120, 220])
@pytest.mark.parametrize("pen", [6, 18, WIDTHS[1]])
def test_a_small_digit_is_read_even_from_a_wide_pen(size: int, pen: Any) -> None:
    image = to_mnist(eight(size, pen))
    assert shipped.load().network.probabilities(image[None]).argmax() == 8
    usual = to_mnist(eight(120, 12))
    assert np.corrcoef(image.ravel(), usual.ravel())[0, 1] > 0.8  # half a pixel to the side costs a fifth


@pytest.mark.parametrize("view", [mnist_style.raw, mnist_style.boxed, mnist_style.to_mnist])
def test_what_can_be_read_can_be_shown_in_every_way(view: Any) -> None:
    small = eight(20, WIDTHS[1])
    assert to_mnist(small).any()
    assert view(rasterize(narrowed(small))).any()


def test_what_was_written_with_a_usual_pen_is_read_from_its_picture() -> None:
    assert (to_mnist(eight(150, 18)) == mnist_style.to_mnist(rasterize(eight(150, 18)))).all()


def test_nothing_a_dot_and_a_full_pad_are_still_no_digit() -> None:
    outside = read(pad(path=[["M", 900, 900], ["L", 950, 900]]))
    dot = read(pad(strokeWidth=40, path=[["M", 50, 50], ["L", 53, 52]]))
    for drawn in ((), outside, dot):
        with pytest.raises(BlankDrawing):
            to_mnist(drawn)
    lines = [["L", 280 * (row % 2), 9 * row] for row in range(32)]
    with pytest.raises(FullDrawing):
        to_mnist(read(pad(strokeWidth=40, path=[["M", 0, 0], *lines])))


def test_svg_says_the_same_path() -> None:
    assert read(pad())[0].svg() == "M 60.0 140.0 Q 100.0 140.0 140.0 140.0 L 220.0 140.0"


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        [],
        {"objects": "strokes"},
        {"objects": [LINE] * 201},
        {"objects": [None]},
        {"objects": [LINE | {"type": "Image", "src": "file:///etc/passwd"}]},
        pad(path=[]),
        pad(path="M 0 0"),
        pad(path=[["L", 0, 0]]),
        pad(path=[["M", 0, 0], ["M", 1, 1]]),
        pad(path=[["M", 0, 0], ["L", float("nan"), 0]]),
        pad(path=[["M", 0, 0], ["L", 1e300, 0]]),
        pad(path=[["M", 0, 0], ["L", "1", 0]]),
        pad(path=[["M", 0, 0], ["L", True, 0]]),
        pad(path=[["M", 0, 0], ["L", 0]]),
        pad(path=[["M", 0, 0], "L00"]),
        pad(path=[["M", 0, 0], [["L"], 0, 0]]),
        pad(path=[["M", 0, 0]] + [["L", 9000, 0], ["L", -9000, 0]] * 50),
        pad(strokeWidth=1000),
        pad(strokeWidth=None),
    ],
)
def test_anything_else_is_refused_by_name(hostile: Any) -> None:
    with pytest.raises(InvalidDrawing):
        read(hostile)


def test_a_drawing_that_no_pen_makes_is_refused_before_it_is_read() -> None:
    """A stroke of a million points took six seconds."""
    hostile = {"objects": [LINE, LINE | {"path": [["M", 0, 0], *[["L", 1, 1]] * 1_000_000]}]}
    began = time.perf_counter()
    with pytest.raises(InvalidDrawing, match="1,000,004 points"):
        read(hostile)
    assert time.perf_counter() - began < 0.1


def test_the_largest_drawing_of_the_pad_can_be_kept() -> None:
    path = [["M", 100.25, 100.25], *[["Q", 101.25, 101.25, 102.25, 102.25]] * (limits.MOST_POINTS - 1)]
    assert len(dumps(read(pad(path=path)))) < limits.LONGEST_DOCUMENT


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"objects": 3}', "NaN"])
def test_a_damaged_saved_drawing_is_refused_by_name(text: Any) -> None:
    with pytest.raises(InvalidDrawing):
        loads(text)


def test_no_random_tree_makes_another_error() -> None:
    generator = random.Random(5)
    leaves: list[Any] = [None, True, -1, 3.5, float("inf"), "M", "Path", "", [], {}]
    names = ["objects", "type", "path", "strokeWidth"]

    def tree(depth: Any) -> Any:
        kind = generator.randrange(4) if depth else 0
        if kind == 0:
            return generator.choice(leaves)
        if kind == 1:
            return [tree(depth - 1) for _ in range(generator.randrange(4))]
        return {name: tree(depth - 1) for name in generator.sample(names, 3)} | {"type": "Path"}

    for _ in range(1000):
        try:
            rasterize(read({"objects": [tree(4)]}))
        except LabError:
            continue
