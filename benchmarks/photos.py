"""How well pictures of digits are read: ``python -m benchmarks.photos FOLDER [--json FILE]``.

The folder holds ``labels.csv``, with the columns file, label and kind, and the pictures in ``images/``. They
are read as the lab reads a photo, with the three-layer network it ships, and in two usual ways beside it: the
whole picture shrunk to 28 × 28, and the same with dark and light exchanged. What the lab refuses is not read.
Kinds whose name holds "print" are type; the others are written by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.drawing import read_photo, to_mnist
from core.drawing.picture_file import decode
from core.errors import LabError
from core.reading import shipped

Grey28 = NDArray[np.uint8]
View = Callable[[bytes], Grey28]


@dataclass(frozen=True)
class Picture:
    """One file with the digit its author says it shows, and its kind."""

    data: bytes
    label: int
    kind: str


def pictures(folder: Path) -> list[Picture]:
    """Read the folder's list and its files."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [
            Picture((folder / "images" / row["file"]).read_bytes(), int(row["label"]), row["kind"])
            for row in csv.DictReader(file)
        ]


def as_the_lab(data: bytes) -> Grey28:
    """Return the photo's main digit as MNIST would have it, (28, 28)."""
    return to_mnist(read_photo(data))


def only_shrunk(data: bytes) -> Grey28:
    """Return the whole picture in 28 × 28 as most demonstrations read it."""
    small = Image.fromarray(decode(data)).resize((28, 28), Image.Resampling.BOX)
    return np.rint(255 * np.asarray(small, np.float32)).astype(np.uint8)


def shrunk_and_inverted(data: bytes) -> Grey28:
    """Return the same with dark and light exchanged."""
    return 255 - only_shrunk(data)


def is_read(picture: Picture, view: View) -> bool:
    """Whether the shipped network reads the picture rightly."""
    with suppress(LabError):
        answer = shipped.load().network.probabilities(view(picture.data)[None])[0]
        return int(answer.argmax()) == picture.label
    return False


def measure(found: list[Picture], view: View = as_the_lab) -> dict[str, Any]:
    """Count what is read: in all, by hand, and by kind."""
    right = [(picture.kind, is_read(picture, view)) for picture in found]
    return {
        **count(right),
        "by_hand": count([(kind, read) for kind, read in right if "print" not in kind]),
        "kinds": {name: count([pair for pair in right if pair[0] == name]) for name in sorted(dict(right))},
    }


def count(right: list[tuple[str, bool]]) -> dict[str, int]:
    """Count pictures and those that were read."""
    return {"read": sum(read for _, read in right), "count": len(right)}


def table_of(result: dict[str, Any], shrunk: dict[str, Any], inverted: dict[str, Any]) -> str:
    """What is read by kind and in the three ways, as Markdown."""
    rows = [
        (name, result["kinds"][name], shrunk["kinds"][name], inverted["kinds"][name])
        for name in result["kinds"]
    ]
    rows += [("written by hand", result["by_hand"], shrunk["by_hand"], inverted["by_hand"])]
    rows += [("all", result, shrunk, inverted)]
    lines = [
        f"| {name} | {lab['count']} | {lab['read']} | {plain['read']} | {other['read']} |"
        for name, lab, plain, other in rows
    ]
    head = ["| kind | pictures | the lab | shrunk | shrunk and inverted |", "| --- | --- | --- | --- | --- |"]
    return "\n".join(head + lines)


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = pictures(options.folder)
    result = measure(found)
    print(table_of(result, measure(found, only_shrunk), measure(found, shrunk_and_inverted)))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
