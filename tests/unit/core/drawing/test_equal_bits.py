"""What is computed once and on boxes gives the same bits as the slow way, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import plain_drawing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.drawing import mnist_style
from core.drawing.strokes import CANVAS, WIDTHS, Stroke, drawn, narrowed, rasterize, to_mnist
from core.errors import LabError

PLACES = some.floats(-60, CANVAS + 60).map(lambda place: round(place, 2))
WHOLE = some.integers(-60, CANVAS + 60).map(float)


def commands(letter: str, places: some.SearchStrategy[float]) -> some.SearchStrategy[tuple[Any, ...]]:
    numbers = {"M": 2, "L": 2, "Q": 4}[letter]
    return some.tuples(some.just(letter), *[places] * numbers)


def strokes(places: some.SearchStrategy[float]) -> some.SearchStrategy[Stroke]:
    on = some.lists(commands("L", places) | commands("Q", places), max_size=6)
    path = some.tuples(commands("M", places), on).map(lambda parts: (parts[0], *parts[1]))
    return some.builds(Stroke, some.sampled_from([*WIDTHS, 18, 7.5, 25]), path)


DRAWINGS = some.lists(strokes(PLACES) | strokes(WHOLE), max_size=3).map(tuple)


@given(strokes(PLACES) | strokes(WHOLE))
def test_points_are_those_of_each_command_alone(stroke: Stroke) -> None:
    np.testing.assert_array_equal(stroke.points(), plain_drawing.points(stroke))


@settings(max_examples=60)
@given(DRAWINGS)
def test_a_picture_image_and_manner_are_those_of_the_slow_way(drawing: tuple[Stroke, ...]) -> None:
    canvas = rasterize(drawing)
    np.testing.assert_array_equal(canvas, plain_drawing.rasterize(drawing))
    assert same(lambda: mnist_style.to_mnist(canvas), lambda: plain_drawing.image(canvas))
    assert same(lambda: numbers(mnist_style.manner(canvas)), lambda: plain_drawing.manner(canvas))
    assert same(lambda: drawn(drawing).image, lambda: plain_drawing.image(rasterize(narrowed(drawing))))


def numbers(manner: mnist_style.Manner) -> tuple[float, ...]:
    return manner.stroke, manner.size, manner.away


def same(one: Any, other: Any) -> bool:
    """Whether two ways give equal values, or refuse alike."""
    try:
        expected = other()
    except LabError as error:
        with pytest.raises(type(error)):
            one()
        return True
    return bool(np.all(one() == expected))


def test_a_canvas_with_specks_on_it_is_cut_out_alike() -> None:
    dice, canvas = np.random.default_rng(3), rasterize(SEVEN)
    canvas[dice.random(canvas.shape) < 0.002] = 255
    np.testing.assert_array_equal(mnist_style.to_mnist(canvas), plain_drawing.image(canvas))
    assert numbers(mnist_style.manner(canvas)) == plain_drawing.manner(canvas)


SEVEN = (Stroke(18, (("M", 50, 50), ("L", 200, 55), ("L", 100, 250))),)
SMALL = tuple(Stroke(40, stroke.path) for stroke in SEVEN)


def test_what_is_drawn_is_read_with_a_pen_for_its_size_and_described_as_it_was_drawn() -> None:
    read = drawn(SMALL)
    np.testing.assert_array_equal(read.image, to_mnist(SMALL))
    assert read.manner == mnist_style.manner(rasterize(SMALL))
    assert read.manner != mnist_style.manner(rasterize(narrowed(SMALL)))
    with pytest.raises(ValueError, match="read-only"):
        read.image[0, 0] = 1


def test_a_blot_that_only_a_narrower_pen_makes_readable_has_no_manner() -> None:
    tiny = (Stroke(40, (("M", 100, 100), ("L", 112, 100), ("L", 104, 119))),)
    with pytest.raises(mnist_style.BlankDrawing):
        mnist_style.manner(rasterize(tiny))
    assert drawn(tiny).manner is None


def test_a_drawing_tells_how_much_memory_it_takes() -> None:
    long = (Stroke(18, (*SEVEN[0].path, *[("L", 100.0, 250.0)] * 1000)),)
    assert drawn(long).nbytes > drawn(SEVEN).nbytes + 100_000
