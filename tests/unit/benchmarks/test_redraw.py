"""Scans become strokes and strokes become drawings: the ground on which the reading is measured."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from benchmarks import redraw
from core.dataset.mnist import load_mnist
from core.drawing import strokes


def test_a_thinned_shape_is_one_pixel_wide_and_in_as_many_pieces() -> None:
    shape = np.zeros((60, 60), bool)
    shape[5:15, 5:50] = shape[5:50, 20:32] = shape[30:38, 40:55] = True
    line = redraw.thin(shape)
    assert ndimage.label(line, np.ones((3, 3)))[1] == 2
    squares = line[1:, 1:] & line[1:, :-1] & line[:-1, 1:] & line[:-1, :-1]
    assert not squares.any()
    assert not (line & ~shape).any()


def test_thinning_is_the_paper_s_with_each_pixel_looked_at_in_turn() -> None:
    ink = np.pad(ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(40, 30)), 3) > 0, 1)
    np.testing.assert_array_equal(redraw.thin(ink), thinned_pixel_by_pixel(ink))


def thinned_pixel_by_pixel(ink: np.ndarray) -> np.ndarray:
    """Zhang and Suen's two passes in their own names: p2 is north of a pixel, and so on clockwise to p9."""
    line, before = ink.copy(), np.zeros_like(ink)
    while (line != before).any():
        before = line.copy()
        for first in (True, False):
            peel = []
            for y, x in np.argwhere(line).tolist():
                (p9, p2, p3), (p8, _, p4), (p7, p6, p5) = line[y - 1 : y + 2, x - 1 : x + 2].tolist()
                ring = [p2, p3, p4, p5, p6, p7, p8, p9]
                rises = sum(not a and b for a, b in pairwise([*ring, p2]))
                open_side = not (p4 and p6 and (p2 or p8)) if first else not (p2 and p8 and (p4 or p6))
                if 2 <= sum(ring) <= 6 and rises == 1 and open_side:
                    peel.append((y, x))
            for y, x in peel:
                line[y, x] = False
    return line


def test_a_bar_is_one_stroke_along_its_middle() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 12:15] = 255
    (path,) = redraw.paths_of(image)
    assert path[:, 0] == pytest.approx(13.5, abs=0.3)
    assert sorted((path[0, 1], path[-1, 1])) == pytest.approx([5.5, 22.5], abs=1.2)


def test_a_ring_is_one_closed_stroke_and_dust_is_none() -> None:
    y, x = np.mgrid[:28, :28] - 13.5
    image = ((abs(np.hypot(x, y) - 8) < 1.5) * 255).astype(np.uint8)
    image[0, 0] = 255
    (path,) = redraw.paths_of(image)
    assert (path[0] == path[-1]).all()
    assert np.hypot(*(path - 14).T) == pytest.approx(8, abs=0.6)


@pytest.mark.parametrize(("size", "pen"), [(40, 6), (100, 25), (280, 40)])
def test_a_written_digit_has_the_size_pen_and_place_asked_for(size: int, pen: int) -> None:
    paths = redraw.paths_of(load_mnist().train_images[0])
    for place in [(0.0, 0.0), (1.0, 1.0)]:
        written = redraw.write(paths, size=size, pen=pen, slant=0.1, place=place)
        ink = strokes.rasterize(written) > 127
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(size, abs=2)
        assert {stroke.width for stroke in written} == {pen}
        corner = (columns[0], rows[0]) if place == (0.0, 0.0) else (279 - columns[-1], 279 - rows[-1])
        assert corner == pytest.approx((0, 0), abs=1.5)
