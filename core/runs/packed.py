"""Arrays as few bytes, and back bit for bit: how the record keeps weights, pictures and counts.

Of a weight's 32 bits only its exponent can be foretold: most are of a few sizes. So the exponents of all
float32 arrays stand together and are shortened; sign and fraction are as good as noise and stay as they are,
which also costs no time. Whole numbers of 8 bits, the shades of pictures, are shortened alike; counts, as
texts are.
"""

from __future__ import annotations

import io
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOATS, SHADES, OTHERS = "<f4", "|i1", ""
"""Kinds of numbers that are packed alike, as NumPy writes them."""
LEFT_OUT = 1
"""Bytes of each float32, the last ones, that ``pack_measures`` leaves out."""


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write numeric arrays of any shapes, so that ``unpack`` gives the same bits in the same order.

    Five zlib streams follow one another, each with its own checksum: a table of names, kinds and shapes as
    JSON; the exponents of all float32 numbers; their signs and fractions; all of 8 bits; all else.
    """
    table = []
    together = {FLOATS: io.BytesIO(), SHADES: io.BytesIO(), OTHERS: io.BytesIO()}
    for name, each in arrays.items():
        array = np.asarray(each, each.dtype.newbyteorder("<"))
        table.append([name, array.dtype.str, array.shape])
        together[_kind(array.dtype.str)].write(array.tobytes())
    exponents, rest = _split(together[FLOATS].getvalue())
    streams = [
        zlib.compress(json.dumps(table, separators=(",", ":")).encode()),
        _by_frequency(exponents),
        zlib.compress(rest, 0),
        _by_frequency(together[SHADES].getvalue()),
        zlib.compress(together[OTHERS].getvalue()),
    ]
    return b"".join(streams)


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """Read what ``pack`` wrote. Raises ValueError or zlib.error for anything else, never reads objects."""
    table, exponents, rest, shades, others = _streams(data)
    floats = _joined(exponents, rest)
    left = {FLOATS: io.BytesIO(floats), SHADES: io.BytesIO(shades), OTHERS: io.BytesIO(others)}
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape in json.loads(table):
        dtype = np.dtype(kind)
        numbers = left[_kind(kind)].read(math.prod(shape) * dtype.itemsize)
        arrays[name] = np.frombuffer(numbers, dtype).reshape(shape).copy()
    return arrays


def pack_measures(measures: NDArray[np.float32]) -> bytes:
    """Write measured numbers with 16 binary digits, four to five decimal ones: more than any page shows.

    What follows is cut off, so a number comes back nearer to 0 by at most 0.0031 %; NaN, infinity, and all
    that has few digits, such as 0, 1/2 and 1, come back as they are.
    """
    digits = np.frombuffer(measures.astype(FLOATS).tobytes(), np.uint8).reshape(-1, 4)
    return zlib.compress(digits[:, LEFT_OUT:].T.tobytes(), 9)


def unpack_measures(data: bytes, rows: int) -> NDArray[np.float32]:
    """Read what ``pack_measures`` wrote: float32 (rows, n). Raises ValueError or zlib.error."""
    kept = np.frombuffer(zlib.decompress(data), np.uint8).reshape(4 - LEFT_OUT, -1)
    digits = np.zeros((kept.shape[1], 4), np.uint8)
    digits[:, LEFT_OUT:] = kept.T
    return digits.view(FLOATS).reshape(rows, -1).astype(np.float32)


def _kind(dtype: str) -> str:
    return dtype if dtype in (FLOATS, SHADES) else OTHERS


def _split(floats: bytes) -> tuple[bytes, bytes]:
    """The exponents of float32 numbers, a byte each; sign and fraction, three bytes each."""
    bits = np.frombuffer(floats, "<u4")
    turned = (bits << 1) | (bits >> 31)  # the sign goes to the end, and the exponent is a byte of its own
    parts = turned.astype("<u4").view(np.uint8).reshape(-1, 4)
    return parts[:, 3].tobytes(), parts[:, :3].tobytes()


def _joined(exponents: bytes, rest: bytes) -> bytes:
    parts = np.empty((len(exponents), 4), np.uint8)
    parts[:, 3] = np.frombuffer(exponents, np.uint8)
    parts[:, :3] = np.frombuffer(rest, np.uint8).reshape(-1, 3)
    turned = parts.view("<u4")
    return ((turned >> 1) | (turned << 31)).astype("<u4").tobytes()


def _by_frequency(data: bytes) -> bytes:
    """Shortened by how often each byte comes, without looking for repetitions, which would take time."""
    stream = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    return stream.compress(data) + stream.flush()


def _streams(data: bytes) -> Iterator[bytes]:
    while data:
        stream = zlib.decompressobj()
        yield stream.decompress(data)
        if not stream.eof:
            raise ValueError("it ends too early")
        data = stream.unused_data
