"""What is no digit, for the detector to learn from: eight kinds that the benchmark does not ask about.

``benchmarks.no_digits`` asks about zigzags, smooth curves and nineteen letters. Here are wandering lines,
heaps of short strokes, joined bars, polygons, spirals, two digits at once, digits that lie on their side, and
other letters and signs from other fonts; so what the benchmark finds was not learnt by heart. Points are
(x, y), y downwards, in any unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks import glyphs
from benchmarks.redraw import Path

SIGNS = "CGJLPTVYQUcdfjptuvy" + "αγεθλμπτφψωΓΔΘΛΞΠΣΦΨΩ" + "#%&@?!+=<>*"
FACES = (
    "KaTeX_Main-Regular",
    "KaTeX_Main-Italic",
    "KaTeX_Main-Bold",
    "KaTeX_SansSerif-Regular",
    "KaTeX_Typewriter-Regular",
    "KaTeX_Script-Regular",
    "KaTeX_Fraktur-Regular",
    "KaTeX_Caligraphic-Regular",
)
TURN = 45.0  # degrees to either side; one sign in five lies any way
LYING = 15.0  # degrees, standard deviation of how far from a quarter turn
SHARES = {
    "wander": 0.18,
    "heap": 0.16,
    "bars": 0.16,
    "polygon": 0.06,
    "spiral": 0.05,
    "pair": 0.05,
    "lying": 0.08,
    "sign": 0.26,
}


def draw(digits: Sequence[list[Path]], dice: np.random.Generator) -> list[Path]:
    """One scribble of a random kind as strokes; ``digits`` are those a pair or a lying one is made of."""
    kind = dice.choice(list(SHARES), p=list(SHARES.values()))
    if kind in OF_DIGITS:
        return OF_DIGITS[kind](digits, dice)
    return FREE[kind](dice)


def wander(dice: np.random.Generator) -> list[Path]:
    """A line of a hand that turns as it likes, with a sudden corner now and then."""
    steps = int(dice.integers(30, 90))
    gently = dice.normal(0, 0.25) + np.cumsum(dice.normal(0, 0.12, steps)) * dice.uniform(0, 0.6)
    corner = dice.uniform(size=steps) < dice.uniform(0, 0.15)
    turns = np.where(corner, dice.uniform(-2.6, 2.6, steps), np.clip(gently, -0.6, 0.6))
    heading = np.cumsum(turns) + dice.uniform(0, 2 * np.pi)
    return [np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), axis=0)]


def heap(dice: np.random.Generator) -> list[Path]:
    """Two to seven straight or bent strokes that do not care for each other."""
    return [_stroke(dice) for _ in range(int(dice.integers(2, 8)))]


def bars(dice: np.random.Generator) -> list[Path]:
    """Three to six straight bars between knots of a crooked lattice, each from a knot already used."""
    knots = np.stack(np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]), -1).reshape(-1, 2)
    knots = knots * [dice.uniform(0.5, 1), 1] + dice.normal(0, 0.08, knots.shape)
    used = [int(dice.integers(len(knots)))]
    drawn: list[Path] = []
    for _ in range(int(dice.integers(3, 7))):
        start, end = dice.choice(used), dice.choice(np.delete(np.arange(len(knots)), used[-1]))
        drawn.append(knots[[start, end]] + dice.normal(0, 0.05, (2, 2)))
        used.append(int(end))
    return drawn


def polygon(dice: np.random.Generator) -> list[Path]:
    """A crooked polygon or star, some with diagonals."""
    corners = int(dice.integers(3, 9))
    rounds = 2 if corners % 2 and dice.uniform() < 0.3 else 1
    angle = np.arange(corners) * 2 * np.pi * rounds / corners + dice.uniform(0, 2 * np.pi)
    points = np.stack([np.cos(angle) * dice.uniform(0.5, 1), np.sin(angle)], 1)
    points = points + dice.normal(0, 0.1, points.shape)
    diagonals = [points[[0, corners // 2]], points[[1, -1]]]
    return [np.concatenate([points, points[:1]]), *(d for d in diagonals if dice.uniform() < 0.35)]


def spiral(dice: np.random.Generator) -> list[Path]:
    """One to three and a half turns, some drawn out sideways."""
    along = np.linspace(0, 1, 60)
    angle = along * dice.uniform(7, 22) + dice.uniform(0, 2 * np.pi)
    radius = along ** dice.uniform(0.6, 1.3) + dice.uniform(0, 0.2)
    return [np.stack([radius * np.cos(angle) + along * dice.uniform(0, 2), radius * np.sin(angle)], 1)]


def pair(digits: Sequence[list[Path]], dice: np.random.Generator) -> list[Path]:
    """Two digits beside each other."""
    first, second = (digits[place] for place in dice.integers(len(digits), size=2))
    right = max(path[:, 0].max() for path in first) - min(path[:, 0].min() for path in second)
    return [*first, *(path + np.array([right + dice.uniform(-1, 5), dice.normal(0, 2)]) for path in second)]


def lying(digits: Sequence[list[Path]], dice: np.random.Generator) -> list[Path]:
    """A digit on its left or right side."""
    side = 90.0 * dice.choice([-1, 1])
    return glyphs.turned(digits[int(dice.integers(len(digits)))], side + dice.normal(0, LYING))


def sign(dice: np.random.Generator) -> list[Path]:
    """A letter or sign, turned."""
    while True:
        character, face = str(dice.choice(list(SIGNS))), str(dice.choice(FACES))
        if glyphs.has(character, face):
            most = 180.0 if dice.uniform() < 0.2 else TURN
            return glyphs.turned(glyphs.paths_of(character, face), dice.uniform(-most, most))


def _stroke(dice: np.random.Generator) -> Path:
    """A quadratic Bézier curve, straight in half of the cases."""
    start = dice.uniform(size=2)
    end = start + dice.normal(0, 0.45, 2)
    across = np.array([end[1] - start[1], start[0] - end[0]])
    middle = (start + end) / 2 + across * dice.normal(0, 0.6) * (dice.uniform() < 0.5)
    t = np.linspace(0, 1, 20)[:, None]
    path: Path = (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end
    return path


FREE = {"wander": wander, "heap": heap, "bars": bars, "polygon": polygon, "spiral": spiral, "sign": sign}
OF_DIGITS = {"pair": pair, "lying": lying}
