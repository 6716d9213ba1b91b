"""Arrays as few bytes, and back bit for bit: how the record keeps weights, pictures and counts.

Of a weight's 32 bits only the exponent can be foretold: most weights are of a few sizes. So the first bytes
of all numbers, with sign and exponent, stand together and are shortened by how often each comes. The others
are as good as noise and stay as they are, which costs little time: a turn ends with packing and begins with
unpacking. Whole numbers of 8 bits, the shades of pictures, are shortened alike; counts, as texts are.
"""

from __future__ import annotations

import io
import json
import math
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOATS, SHADES = "<f4", "|i1"
"""Kinds of numbers that are packed in ways of their own, as NumPy writes them."""
HEAD = struct.Struct("<II")
"""What a packed record begins with: the checksum of all that follows the table's length, and that length."""
LEFT_OUT = 1
"""Bytes of each float32, the last ones, that ``pack_measures`` leaves out."""


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write numeric arrays of any shapes, so that ``unpack`` gives the same bits in the same order.

    After ``HEAD`` comes a table as JSON: name, kind and shape of each array, and the lengths of the parts of
    ``_pieces``, which follow.
    """
    rows = []
    parts: list[list[bytes]] = [[], [], [], [], []]
    for name, each in arrays.items():
        array = each.astype(each.dtype.newbyteorder("<"), copy=False)
        rows.append([name, array.dtype.str, array.shape])
        for part, piece in zip(parts, _pieces(array), strict=True):
            part.append(piece)
    first, second, rest, shades, others = parts
    written = [_by_frequency(first), b"".join(second), b"".join(rest), _by_frequency(shades)]
    written.append(zlib.compress(b"".join(others)))
    table = json.dumps([rows, list(map(len, written))], separators=(",", ":")).encode()
    return b"".join([HEAD.pack(_checksum([table, *written]), len(table)), table, *written])


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """Read what ``pack`` wrote. Raises ValueError for anything else; never reads objects."""
    if len(data) < HEAD.size:
        raise ValueError("it is too short")
    checksum, length = HEAD.unpack_from(data)
    if _checksum([memoryview(data)[HEAD.size :]]) != checksum:
        raise ValueError("its checksum is another one")
    source = io.BytesIO(data[HEAD.size :])
    rows, lengths = json.loads(source.read(length))
    first, second, rest, shades, others = map(source.read, lengths)
    parts = [zlib.decompress(first), second, rest, zlib.decompress(shades), zlib.decompress(others)]
    left = [io.BytesIO(part) for part in parts]
    return {name: _array(np.dtype(kind), shape, left) for name, kind, shape in rows}


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


def _pieces(array: NDArray[Any]) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """What an array adds to each part: first, second, other bytes of float32 numbers; shades; all else."""
    kind, data = array.dtype.str, array.tobytes()
    if kind != FLOATS:
        return b"", b"", b"", *((data, b"") if kind == SHADES else (b"", data))
    single, double = np.frombuffer(data, np.uint8), np.frombuffer(data, "<u2")
    return single[3::4].tobytes(), single[2::4].tobytes(), double[::2].tobytes(), b"", b""


def _array(kind: np.dtype[Any], shape: Sequence[int], left: Sequence[io.BytesIO]) -> NDArray[Any]:
    """The next array, from what is left of each part."""
    first, second, rest, shades, others = left
    count = math.prod(shape)
    if kind.str != FLOATS:
        part = shades if kind.str == SHADES else others
        return np.frombuffer(part.read(count * kind.itemsize), kind).reshape(shape).copy()
    array = np.empty(count, kind)
    single, double = array.view(np.uint8), array.view("<u2")
    single[3::4] = np.frombuffer(first.read(count), np.uint8)
    single[2::4] = np.frombuffer(second.read(count), np.uint8)
    double[::2] = np.frombuffer(rest.read(2 * count), "<u2")
    return array.reshape(shape)


def _by_frequency(pieces: Iterable[bytes]) -> bytes:
    """Shortened by how often each byte comes, without looking for repetitions, which would take time."""
    stream = zlib.compressobj(strategy=zlib.Z_HUFFMAN_ONLY)
    return b"".join([*map(stream.compress, pieces), stream.flush()])


def _checksum(pieces: Iterable[bytes | memoryview]) -> int:
    found = 1
    for piece in pieces:
        found = zlib.adler32(piece, found)
    return found
