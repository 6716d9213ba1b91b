"""Which strokes are one digit: pieces that touch, or lie near and above, or near and small."""

from __future__ import annotations

import numpy as np
import pytest
from sheets import drawn

from core.drawing.ink import Ink
from core.drawing.pieces import digits_of


def ink(*lines: list[tuple[float, float]]) -> Ink:
    return drawn((400, 300), *lines, pen=8).astype(np.float32)


STEM = [(100.0, 50.0), (100.0, 250.0)]  # 200 pixels tall


def beside(gap: float, height: float = 200) -> list[tuple[float, float]]:
    return [(108 + gap, 50), (108 + gap, 50 + height)]


@pytest.mark.parametrize(("gap", "count"), [(8, 1), (20, 2), (60, 2)])
def test_two_tall_strokes_are_one_digit_only_where_they_all_but_touch(gap: float, count: int) -> None:
    assert len(digits_of(ink(STEM, beside(gap)))) == count


@pytest.mark.parametrize(("gap", "count"), [(20, 1), (45, 1), (60, 2)])
def test_a_small_stroke_nearby_belongs_to_the_tall_one(gap: float, count: int) -> None:
    assert len(digits_of(ink(STEM, beside(gap, height=90)))) == count


@pytest.mark.parametrize(("gap", "count"), [(20, 1), (35, 1), (60, 2)])
def test_strokes_one_above_the_other_are_one_digit_if_near(gap: float, count: int) -> None:
    above = [(100.0, 140.0), (260.0, 140.0)]
    below = [(110.0, 148.0 + gap), (250.0, 148.0 + gap)]
    assert len(digits_of(ink(above, below))) == count


def test_a_chain_of_pieces_is_one_digit() -> None:
    dashes = [[(100.0, 40.0 + 40 * place), (100.0, 74.0 + 40 * place)] for place in range(5)]
    (whole,) = digits_of(ink(*dashes))
    np.testing.assert_array_equal(whole, ink(*dashes) > 0.5)


def test_specks_are_no_pieces() -> None:
    (stem,) = digits_of(ink(STEM, [(300.0, 20.0), (301.0, 20.0)]))
    assert not stem[:, 250:].any()


def test_digits_come_row_by_row_from_the_left() -> None:
    starts = [(40, 30), (200, 10), (330, 40), (60, 180), (300, 170)]
    lines = [[(float(x), float(y)), (float(x), float(y + 90))] for x, y in starts]
    found = digits_of(ink(*reversed(lines)))
    assert [int(np.flatnonzero(digit.any(0)).mean()) for digit in found] == pytest.approx(
        [x for x, _ in starts], abs=3
    )


def test_nothing_has_no_digits() -> None:
    assert digits_of(np.zeros((300, 400), np.float32)) == []
