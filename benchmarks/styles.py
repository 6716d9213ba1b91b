"""How the world writes digits, made from MNIST's: slashed zeros, ones with flag and foot, crossed sevens.

A stroke is added to a digit that was turned back into strokes; a closed four is drawn anew.
``python -m benchmarks.styles [--count N] [--json FILE]`` tells how they are read, made from test images.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from benchmarks import redraw
from benchmarks.redraw import Path
from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.reading import rejection, shipped

Dice = np.random.Generator
Point = NDArray[np.float64]
SEED = 5
NARROW = 6  # pixels; a 1 of MNIST that is wider has a flag or foot already


def slashed(zero: list[Path], dice: Dice) -> list[Path]:
    """A 0 with a stroke through it, from the upper right in three of four."""
    low, high = _box(zero)
    middle, half = (low + high) / 2, (high - low) / 2
    tip = half * dice.uniform(0.7, 1.25) * np.array([dice.uniform(0.4, 1), -1])
    tip[0] *= dice.choice([1, 1, 1, -1])
    return [*zero, _line(middle + tip, middle - tip, dice)]


def flagged(one: list[Path], dice: Dice) -> list[Path]:
    """A 1 with a short stroke up to its top."""
    return [*one, _upstroke(one, (0.2, 0.45), (0.1, 0.45), dice)]


def with_upstroke(one: list[Path], dice: Dice) -> list[Path]:
    """A 1 with a long stroke up to its top, as in much of Europe."""
    return [*one, _upstroke(one, (0.3, 0.6), (0.45, 0.9), dice)]


def footed(one: list[Path], dice: Dice) -> list[Path]:
    """A 1 with flag and foot, as printed."""
    points = np.concatenate(one)
    foot = points[points[:, 1].argmax()]
    left, right = dice.uniform(0.15, 0.35, 2) * np.ptp(points[:, 1])
    ends = foot + np.array([[-left, 0], [right, 0]])
    return [*flagged(one, dice), _line(ends[0], ends[1], dice)]


def crossed(seven: list[Path], dice: Dice) -> list[Path]:
    """A 7 with a bar through its stem."""
    low, high = _box(seven)
    points = np.concatenate(seven)
    height = (high - low)[1]
    y = low[1] + height * dice.uniform(0.42, 0.62)
    x = points[np.abs(points[:, 1] - y).argmin(), 0]
    half = height * dice.uniform(0.15, 0.3)
    reach = np.array([half, half * dice.uniform(-0.2, 0.35)])
    return [*seven, _line(np.array([x, y]) - reach, np.array([x, y]) + reach, dice)]


def closed(_four: list[Path], dice: Dice) -> list[Path]:
    """A 4 as printed, in one stroke from the foot."""
    apex, left, right = np.array([[0.6, 0], [0, 0.6], [0.85, 0.6]]) + dice.normal(0, 0.06, (3, 2))
    foot = np.array([apex[0] + dice.normal(0, 0.05), 1.0])
    sides = [_line(foot, apex, dice), _line(apex, left, dice)[1:], _line(left, right, dice)[1:]]
    return [np.concatenate(sides)]


@dataclass(frozen=True)
class Style:
    """A way to write a digit: how its strokes follow from those of a digit of MNIST."""

    name: str
    digit: int
    change: Callable[[list[Path], Dice], list[Path]]


STYLES = (
    Style("slashed 0", 0, slashed),
    Style("1 with flag", 1, flagged),
    Style("1 with long upstroke", 1, with_upstroke),
    Style("1 with flag and foot", 1, footed),
    Style("closed 4", 4, closed),
    Style("crossed 7", 7, crossed),
)


def write(
    style: Style, images: NDArray[np.uint8], labels: NDArray[np.uint8], count: int, dice: Dice
) -> NDArray[np.uint8]:
    """Write ``count`` digits in a style on the pad and return them as the networks see them, (count, 28, 28).

    Args:
        images, labels: of MNIST, (n, 28, 28) and (n,) uint8, from which the digits are taken.
    """
    narrow = (images > 127).any(1).sum(1) <= NARROW
    fitting = np.flatnonzero((labels == style.digit) & (narrow | (style.digit != 1)))
    chosen = dice.choice(fitting, count)
    drawn = [style.change(redraw.paths_of(images[place]), dice) for place in chosen]
    return np.stack([strokes.to_mnist(redraw.anywhere(paths, dice)) for paths in drawn])


def _upstroke(one: list[Path], across: tuple[float, float], down: tuple[float, float], dice: Dice) -> Path:
    points = np.concatenate(one)
    top = points[points[:, 1].argmin()]
    reach = np.array([-dice.uniform(*across), dice.uniform(*down)]) * np.ptp(points[:, 1])
    return _line(top + reach, top, dice)


def _line(start: Point, end: Point, dice: Dice) -> Path:
    """A slightly bent line."""
    t = np.linspace(0, 1, 12)[:, None]
    across = np.array([end[1] - start[1], start[0] - end[0]]) * dice.normal(0, 0.06)
    line: Path = (1 - t) * start + t * end + 4 * t * (1 - t) * across
    return line


def _box(paths: list[Path]) -> tuple[Point, Point]:
    points = np.concatenate(paths)
    return points.min(0), points.max(0)


def measure(count: int) -> dict[str, dict[str, float]]:
    """For each style: the shares that the shipped network reads, that are called rare, that get no answer."""
    mnist, dice = load_mnist(), np.random.default_rng(SEED)
    network, detector = shipped.load().network, rejection.load()
    found = {}
    for style in STYLES:
        images = write(style, mnist.test_images, mnist.test_labels, count, dice)
        opinions = [detector.opinion(image) for image in images]
        found[style.name] = {
            "read": float((network.probabilities(images).argmax(axis=1) == style.digit).mean()),
            "rare": float(np.mean([opinion.is_rare(style.digit) for opinion in opinions])),
            "refused": float(np.mean([opinion.refused for opinion in opinions])),
        }
        print(style.name, found[style.name], flush=True)
    return found


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--json", type=FilePath)
    options = parser.parse_args()
    result = measure(options.count)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
