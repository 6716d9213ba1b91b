"""Packed arrays come back bit for bit, and measured numbers to sixteen binary digits."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.runs.packed import HEAD, pack, pack_measures, unpack, unpack_measures

GENERATOR = np.random.default_rng(0)


def any_bits(count: int) -> NDArray[np.float32]:
    """Float32 numbers of all kinds: NaN with any payload, infinities, the smallest, both zeros."""
    return GENERATOR.integers(0, 2**32, count, dtype=np.uint32).view(np.float32)


def test_all_kinds_and_shapes_come_back_bit_for_bit_and_in_their_order() -> None:
    arrays: dict[str, NDArray[Any]] = {
        "z/kernel": any_bits(12_000).reshape(30, 400),
        "a/none": np.zeros((0, 3), np.float32),
        "one": np.array(-0.0, np.float32),
        "step": np.array(7),
        "sums": np.array([[np.pi, np.nan]]),
        "shades": GENERATOR.integers(-15, 16, (2, 28, 28)).astype(np.int8),
        "a/kernel": any_bits(5),
    }
    found = unpack(pack(arrays))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()
        assert found[name].flags.writeable


def test_arrays_that_are_no_rows_in_memory_and_other_byte_orders_are_taken() -> None:
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T
    found = unpack(pack({"turned": turned, "big": np.arange(3, dtype=">f4")}))
    np.testing.assert_array_equal(found["turned"], turned)
    np.testing.assert_array_equal(found["big"], [0, 1, 2])


def test_weights_take_less_and_pictures_half() -> None:
    weights = GENERATOR.uniform(-0.05, 0.05, 100_000).astype(np.float32)
    assert len(pack({"kernel": weights})) < 0.85 * weights.nbytes
    shades = np.clip(np.rint(GENERATOR.normal(0, 3, 50_000)), -15, 15).astype(np.int8)
    assert len(pack({"shades": shades})) < 0.5 * shades.nbytes


def with_table(rows: object) -> bytes:
    """A record of three float32 numbers whose table says something else, its checksum being right."""
    packed = pack({"kernel": np.ones(3, np.float32)})
    _, length = HEAD.unpack_from(packed)
    table, parts = packed[HEAD.size : HEAD.size + length], packed[HEAD.size + length :]
    wrong = json.dumps([rows, json.loads(table)[1]]).encode()
    return HEAD.pack(zlib.adler32(wrong + parts), len(wrong)) + wrong + parts


def test_a_table_that_names_objects_or_more_than_is_there_is_refused() -> None:
    np.testing.assert_array_equal(unpack(with_table([["kernel", "<f4", [3]]]))["kernel"], np.ones(3))
    for wrong in ([["kernel", "|O", [1]]], [["kernel", "<f4", [4]]], [["kernel", "no kind", [3]]], 7, [[1]]):
        with pytest.raises((ValueError, TypeError)):
            unpack(with_table(wrong))


@pytest.mark.parametrize("data", [b"", b"PK", HEAD.pack(0, 1), HEAD.pack(1, 0)])
def test_what_is_not_packed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"too short|checksum|Expecting value"):
        unpack(data)


def test_measures_keep_sixteen_digits_and_what_is_no_number() -> None:
    measures = np.geomspace(1e-30, 1e30, 700).astype(np.float32).reshape(7, 100)
    np.testing.assert_allclose(unpack_measures(pack_measures(measures), 7), measures, rtol=2**-15)
    few = np.array([[0, -0.0, 0.5, 1, 0.1875, np.inf, -np.inf, np.nan]], np.float32)
    assert unpack_measures(pack_measures(few), 1).tobytes() == few.tobytes()
    assert unpack_measures(pack_measures(np.zeros((7, 0), np.float32)), 7).shape == (7, 0)
