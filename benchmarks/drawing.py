"""How well drawings are read: ``python -m benchmarks.drawing [--digits N] [--json FILE]``.

Test images of MNIST are turned back into pen strokes and written anew on the pad, at random places and
slants, in every size with every pen that a digit of that size can be written with. The lab reads them as it
reads a learner, with the three-layer network it ships. The constants of the reading were chosen on validation
images; the digits here are test images, on which nothing was tuned.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import redraw
from core.dataset.mnist import load_mnist
from core.drawing import mnist_style, strokes
from core.errors import LabError
from core.reading import shipped

Drawing = tuple[strokes.Stroke, ...]
View = Callable[[Drawing], NDArray[np.uint8]]

SIZES = (40, 60, 90, 140, 200, 280)
"""Longer side of the digit, in pixels of the pad, which has 280."""
PENS = (6, 10, 14, 20, 30, 40)
THICKEST = 1 / 2
"""Widest pen as a share of the digit's size, the pen included; nobody writes with a wider one."""
THICKEST_IN_PICTURES = 1 / 4
"""The same for a picture, of which only the ink is known. The three bars of an 8 then cover three quarters of
its height, and its loops are half as wide as the pen; a wider pen closes them for people, too."""
SLANT = 0.17
"""Farthest lean to either side that is added to the writer's own: ten degrees."""


def cells() -> list[tuple[int, int]]:
    """Every size with every pen that can write it."""
    return [(size, pen) for size in SIZES for pen in PENS if pen <= THICKEST * size]


def written(paths: list[redraw.Path], size: int, pen: int, dice: np.random.Generator) -> Drawing:
    """One digit written on the pad at a random place and slant."""
    place = (float(dice.uniform()), float(dice.uniform()))
    lean = float(dice.uniform(-SLANT, SLANT))
    return redraw.write(paths, size=size, pen=pen, slant=lean, place=place)


def score(drawings: list[Drawing], labels: NDArray[np.uint8], view: View) -> float:
    """The share that the shipped network reads right; where the reader refuses to answer, it is wrong."""
    network = shipped.load().network
    right = 0
    for drawn, label in zip(drawings, labels, strict=True):
        with suppress(LabError):
            right += int(network.probabilities(view(drawn)[None]).argmax() == label)
    return right / len(drawings)


def picture(drawn: Drawing) -> NDArray[np.uint8]:
    """Read it as a photo is read, from its ink alone."""
    return mnist_style.to_mnist(strokes.rasterize(drawn))


def only_shrunk(drawn: Drawing) -> NDArray[np.uint8]:
    """Read it as most demonstrations do."""
    return mnist_style.raw(strokes.rasterize(drawn))


def measure(count: int) -> dict[str, Any]:
    """Read ``count`` digits in every cell, and the same originals."""
    mnist = load_mnist()
    chosen = np.random.default_rng(0).permutation(len(mnist.test_images))[:count]
    labels, images = mnist.test_labels[chosen], mnist.test_images[chosen]
    originals = shipped.load().network.probabilities(images).argmax(axis=1)
    paths = [redraw.paths_of(image) for image in images]
    found = []
    for size, pen in cells():
        dice = np.random.default_rng(zlib.crc32(f"{size}-{pen}".encode()))
        drawings = [written(path, size, pen, dice) for path in paths]
        cell = {"size": size, "pen": pen, "accuracy": score(drawings, labels, strokes.to_mnist)}
        cell["shrunk"] = score(drawings, labels, only_shrunk)
        if pen <= THICKEST_IN_PICTURES * size:
            cell["picture"] = score(drawings, labels, picture)
        found.append(cell)
        print(cell, flush=True)
    pictures = [cell["picture"] for cell in found if "picture" in cell]
    return {
        "digits": count,
        "originals": float((originals == labels).mean()),
        "mean": float(np.mean([cell["accuracy"] for cell in found])),
        "worst": min(cell["accuracy"] for cell in found),
        "picture_mean": float(np.mean(pictures)),
        "picture_worst": min(pictures),
        "shrunk": float(np.mean([cell["shrunk"] for cell in found])),
        "cells": found,
    }


def table_of(result: dict[str, Any]) -> str:
    """Accuracy by size (rows) and pen (columns), as Markdown."""
    by_cell = {(cell["size"], cell["pen"]): f"{cell['accuracy']:.1%}" for cell in result["cells"]}
    rows = [
        f"| {size} px | " + " | ".join(by_cell.get((size, pen), "") for pen in PENS) + " |" for size in SIZES
    ]
    head = "| size \\ pen | " + " | ".join(f"{pen} px" for pen in PENS) + " |"
    return "\n".join([head, "| --- " * (len(PENS) + 1) + "|", *rows])


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--digits", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.digits)
    print("\n" + table_of(result))
    for name in ("originals", "mean", "worst", "picture_mean", "picture_worst", "shrunk"):
        print(f"{name:14} {result[name]:.4f}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
