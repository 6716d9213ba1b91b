"""How often what is no digit is called one: ``python -m benchmarks.no_digits [--seed N] [--json FILE]``.

A thousand pictures that are no digits, 400 zigzags, 300 smooth curves and 300 turned letters, are drawn on
the pad and read as a learner's drawing is read. Beside them stand digits that must not lose their answer:
MNIST's test images, and test images written anew on the pad. The rule is the same for every network;
"without an answer" adds where the shipped network itself is not sure. Nothing that made the rule is used.
"""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from benchmarks import drawing, glyphs, redraw
from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.errors import LabError
from core.reading import rejection, shipped
from core.reading.answer import answer
from core.reading.rejection import Detector

COUNTS = {"zigzag": 400, "curve": 300, "letter": 300}
DRAWN = 1_000
SEED = 20
LETTERS = "AEFHKMNRWXaehkmnrwx"
FACES = (
    "",  # Pillow's own
    "SourceSansVF-Upright",
    "SourceSansVF-Italic",
    "SourceSerifVariable-Roman",
    "SourceCodeVF-Upright",
)
LOST = 0.011
"""The share of digits that may lose their answer where the limit is chosen."""
TURN = 45.0  # degrees to either side

Images = NDArray[np.uint8]


def zigzag(dice: np.random.Generator) -> list[redraw.Path]:
    """Three to eleven straight strokes: to and fro across a direction, or between random points."""
    corners = int(dice.integers(3, 12)) + 1
    if dice.uniform() < 0.5:
        return [dice.uniform(size=(corners, 2))]
    along = np.linspace(0, 1, corners) + dice.normal(0, 0.04, corners)
    across = np.arange(corners) % 2 * dice.uniform(0.3, 1) + dice.normal(0, 0.08, corners)
    return glyphs.turned([np.stack([along, across], 1)], dice.uniform(0, 360))


def curve(dice: np.random.Generator) -> list[redraw.Path]:
    """A cubic spline through five to nine random points."""
    points = dice.uniform(size=(int(dice.integers(5, 10)), 2))
    times = np.arange(len(points))
    return [np.asarray(CubicSpline(times, points)(np.linspace(0, times[-1], 60)))]


def letter(dice: np.random.Generator) -> list[redraw.Path]:
    """One of nineteen letters in one of five faces, turned."""
    character, face = str(dice.choice(list(LETTERS))), str(dice.choice(FACES))
    return glyphs.turned(glyphs.paths_of(character, face), dice.uniform(-TURN, TURN))


KINDS = {"zigzag": zigzag, "curve": curve, "letter": letter}


def drawings(kind: str, count: int, dice: np.random.Generator) -> tuple[Images, int]:
    """Draw so many of a kind: the images (n, 28, 28) that can be read, and how many the pad refused."""
    read: list[Images] = []
    for _ in range(count):
        with suppress(LabError):
            read.append(strokes.to_mnist(redraw.anywhere(KINDS[kind](dice), dice)))
    return np.stack(read), count - len(read)


def drawn_digits(count: int, dice: np.random.Generator) -> Images:
    """Test images written anew in any size with any pen, as ``benchmarks.drawing`` writes them."""
    mnist, cells = load_mnist(), drawing.cells()
    images: list[Images] = []
    for place in dice.permutation(len(mnist.test_images))[:count]:
        size, pen = cells[dice.integers(len(cells))]
        written = drawing.written(redraw.paths_of(mnist.test_images[place]), size, pen, dice)
        images.append(strokes.to_mnist(written))
    return np.stack(images)


def unsure(images: Images) -> NDArray[np.bool_]:
    """(n, 28, 28) → (n,): whether the shipped network is not sure of its answer."""
    return np.array([not answer(row).sure for row in shipped.load().network.probabilities(images)])


def strangeness(detector: Detector, images: Images) -> NDArray[np.float32]:
    """(n, 28, 28) → (n,): how strange the detector finds each, 0 surely a digit … 1 surely none."""
    return detector.strangeness(detector.logits(images), detector.similar.distances(images))


def lowest_limit(strangeness: NDArray[np.float32], unsure: NDArray[np.bool_]) -> float:
    """The lowest limit by which no more digits than ``LOST`` lose their answer.

    Args:
        strangeness: (n,) of digits. unsure: (n,), of which of them a network has no answer anyway.
    """
    refusable = max(0, int(LOST * len(strangeness)) - int(unsure.sum()))
    return float(np.sort(strangeness[~unsure])[-1 - refusable])


def without_answer(images: Images, refused_before: int = 0) -> dict[str, float]:
    """Shares of images that the rule refuses, of which the network is unsure, and of both together."""
    detector = rejection.load()
    refused, not_sure = strangeness(detector, images) > detector.limit, unsure(images)
    count = len(images) + refused_before
    return {
        "count": count,
        "refused": (int(refused.sum()) + refused_before) / count,
        "unsure": int(not_sure.sum()) / count,
        "without_answer": (int((refused | not_sure).sum()) + refused_before) / count,
    }


def measure(seed: int = SEED) -> dict[str, Any]:
    """All figures: each kind of what is no digit, all of them, and the digits that lost their answer.

    Args:
        seed: of all that is drawn; another one draws other scribbles and other digits.
    """
    dice = np.random.default_rng(seed)
    kinds = {kind: without_answer(*drawings(kind, count, dice)) for kind, count in COUNTS.items()}
    together = {
        name: sum(found[name] * found["count"] for found in kinds.values()) / sum(COUNTS.values())
        for name in ("refused", "unsure", "without_answer")
    }
    return {
        "kinds": kinds,
        "together": {"count": sum(COUNTS.values()), **together},
        "mnist": without_answer(load_mnist().test_images),
        "drawn": without_answer(drawn_digits(DRAWN, dice)),
    }


def main() -> None:
    """Measure, print a Markdown table, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.seed)
    print("| | count | refused | network not sure | without an answer |\n| --- | --- | --- | --- | --- |")
    rows = {**result["kinds"], **{name: result[name] for name in ("together", "mnist", "drawn")}}
    for name, row in rows.items():
        shares = " | ".join(f"{row[share]:.1%}" for share in ("refused", "unsure", "without_answer"))
        print(f"| {name} | {row['count']:,} | {shares} |")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
