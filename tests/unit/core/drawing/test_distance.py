"""Distances and neighbourhoods are SciPy's own, to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays
from scipy import ndimage

from core.drawing.distance import FARTHEST, greatest_near, squares, squares_within

MASKS = arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=24))


def roots(found: Any) -> Any:
    return np.sqrt(found, dtype=np.float64)


@given(MASKS, some.data())
def test_distances_are_those_of_the_library(mask: Any, data: some.DataObject) -> None:
    mask[tuple(data.draw(some.integers(0, side - 1)) for side in mask.shape)] = False  # some ground
    np.testing.assert_array_equal(roots(squares(mask)), ndimage.distance_transform_edt(mask))


@given(MASKS, some.integers(1, FARTHEST - 1))
def test_within_a_reach_they_are_the_same_and_beyond_it_only_known_to_lie_there(
    mask: Any, reach: int
) -> None:
    mask[0, 0] = False
    expected, found = ndimage.distance_transform_edt(mask), squares_within(mask, reach)
    near = expected <= reach
    np.testing.assert_array_equal(roots(found)[near], expected[near])
    assert (found[~near] > reach**2).all()
    assert found.max() <= (reach + 1) ** 2


@pytest.mark.parametrize("size", [(400, 380), (1, 300), (300, 1), (3, 200)])
def test_what_is_thicker_than_any_stroke_is_measured_all_the_same(size: tuple[int, int]) -> None:
    mask = np.ones(size, bool)
    mask[0, 0] = False
    np.testing.assert_array_equal(roots(squares(mask)), ndimage.distance_transform_edt(mask))


@given(MASKS)
def test_the_shape_with_its_edges_is_a_binary_dilation(mask: Any) -> None:
    before = mask.copy()
    np.testing.assert_array_equal(greatest_near(mask), ndimage.binary_dilation(mask, np.ones((3, 3))))
    assert (mask == before).all()


@given(arrays.arrays(np.int16, arrays.array_shapes(min_dims=2, max_dims=2, max_side=24)))
def test_the_greatest_near_is_a_maximum_filter(values: Any) -> None:
    np.testing.assert_array_equal(greatest_near(values), ndimage.maximum_filter(values, 3))
