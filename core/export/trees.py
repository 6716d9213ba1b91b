"""A model's file opened: what lies in it, and in that, as a tree."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 48
"""Characters of a value that is written out."""


@dataclass(frozen=True)
class Branch:
    """One thing in a file: ``depth`` from 0, its name, and what is in it.

    ``kind`` is "file" (its bytes in ``size``), "group" of other things, "array" (its shape in ``value``) or
    "value" (written out in ``value``, shortened).
    """

    depth: int
    name: str
    kind: str
    size: int = 0
    value: str = ""


def read(content: bytes, name: str) -> list[Branch]:
    """The tree of a file of this name, by its ending: ZIP archives (.keras, .zip), HDF5 (.h5) and JSON.

    What has another ending is a file whose bytes are counted.
    """
    return [Branch(0, name, "file", len(content)), *_inside(content, name, 1)]


def _inside(content: bytes, name: str, depth: int) -> Iterator[Branch]:
    if name.endswith((".keras", ".zip")):
        yield from _archive(content, depth)
    elif name.endswith(".h5"):
        yield from _hdf5(content, depth)
    elif name.endswith(".json"):
        yield from _json(json.loads(content), depth)


def _archive(content: bytes, depth: int) -> Iterator[Branch]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield Branch(depth, entry.filename, "file", entry.file_size)
                yield from _inside(archive.read(entry), entry.filename, depth + 1)


def _hdf5(content: bytes, depth: int) -> Iterator[Branch]:
    import h5py

    with h5py.File(io.BytesIO(content)) as file:
        yield from _attributes(file, depth)
        yield from _group(file, depth, h5py.Dataset)


def _group(group: Any, depth: int, array: Any) -> Iterator[Branch]:
    for name, item in group.items():
        if isinstance(item, array):
            yield Branch(
                depth, name, "array", value=f"{item.dtype} {' × '.join(map(str, item.shape)) or '1'}"
            )
        else:
            yield Branch(depth, name, "group")
            yield from _group(item, depth + 1, array)


def _attributes(file: Any, depth: int) -> Iterator[Branch]:
    for name, value in file.attrs.items():
        yield Branch(depth, f"@{name}", "value", value=_short(str(value)))


def _json(tree: Any, depth: int) -> Iterator[Branch]:
    """Objects and lists of objects as groups; all else written out."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree, start=1)
    for name, value in items:
        if isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(one, dict) for one in value)
        ):
            yield Branch(depth, str(name), "group")
            yield from _json(value, depth + 1)
        else:
            yield Branch(depth, str(name), "value", value=_short(json.dumps(value, ensure_ascii=False)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
