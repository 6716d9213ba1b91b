"""The hints of exams, comparisons and drawings, held against cases whose truth is known otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from benchmarks import glyphs, redraw
from benchmarks.hint_grid import LARGER, SMALL
from benchmarks.hint_lab import Lab
from core.dataset.mnist import load_mnist
from core.drawing.mnist_style import manner
from core.drawing.strokes import CANVAS, rasterize, to_mnist
from core.hints.elsewhere import DrawingSeen, ExamSeen, PairSeen
from core.hints.rules import hints
from core.reading import rejection
from core.reading.exam import read_right
from core.settings import Settings

CASES = 20
UNSEEN = 5_000
DRAWS = 20_000


def judged(lab: Lab) -> Mapping[str, list[bool]]:
    """Rule → whether it was right, each time it spoke."""
    found: dict[str, list[bool]] = {}
    for code, verdict in (*_exams(lab), *_tuned(), *_pairs(lab), *_drawings()):
        found.setdefault(code, []).append(verdict)
    return found


def _networks() -> list[Settings]:
    """Networks of several kinds; the last half sees far fewer images than it validates with."""
    return [SMALL.change(seed=seed, train=train) for train in (2_000, 500) for seed in range(CASES // 2)]


def _exams(lab: Lab) -> Iterator[tuple[str, bool]]:
    """Images that no network saw, as they are and shifted by a pixel or two; Fisher's exact test judges."""
    mnist = load_mnist()
    for place, settings in enumerate(_networks()):
        seen, network = lab.run(settings), lab.network(settings)
        images = np.roll(mnist.train_images[-UNSEEN:], place % 3, axis=2)
        right, count = read_right(network, images, mnist.train_labels[-UNSEEN:])
        validation = round(seen.accuracy * seen.images)
        exam = ExamSeen(count - right, count, seen.images - validation, seen.images, examined=1)
        table = [[right, count - right], [validation, seen.images - validation]]
        is_rare = stats.fisher_exact(table).pvalue < 0.05
        for hint in hints(exam):
            yield hint.code, is_rare == (hint.code == "test-worse")


def _tuned() -> Iterator[tuple[str, bool]]:
    """Equal networks, each on test images of its own, the worst case: the mean lead of the best of them."""
    random = np.random.default_rng(0)
    for examined in range(2, 2 + CASES):
        for hint in hints(ExamSeen(300, 10_000, 150, 5_000, examined)):
            if hint.code == "tuned":
                best = random.binomial(10_000, 0.97, (DRAWS, examined)).max(axis=1).mean() / 10_000
                yield hint.code, abs(100 * (best - 0.97) - hint.values["points"]) < 0.02


def _pairs(lab: Lab) -> Iterator[tuple[str, bool]]:
    """Runs of one experiment, and of two that differ; Fisher's exact test judges."""
    alike = [LARGER.change(seed=seed) for seed in range(6)]
    others = [SMALL.change(train=1_000, seed=seed) for seed in range(6)]
    others += [SMALL.change(train=500, seed=seed, epochs=4) for seed in range(6)]
    for one, other in (*combinations(alike, 2), *((SMALL, other) for other in others)):
        first, second = lab.run(one), lab.run(other)
        counts = [round(run.accuracy * run.images) for run in (first, second)]
        table = [[count, first.images - count] for count in counts]
        for hint in hints(PairSeen(first.accuracy, second.accuracy, first.images)):
            yield hint.code, bool(stats.fisher_exact(table).pvalue > 0.04)


def _drawings() -> Iterator[tuple[str, bool]]:
    """Test digits written anew with a known pen: as usual, with another pen, small and aside, turned."""
    dice = np.random.default_rng(0)
    for place, image in enumerate(load_mnist().test_images[:CASES]):
        paths = redraw.paths_of(image)
        aside = (float(dice.uniform()), float(place % 2))
        yield from _drawn(paths, size=200.0, pen=25.0)
        yield from _drawn(paths, size=200.0, pen=8.0 if place % 2 else 75.0)
        yield from _drawn(paths, size=80.0, pen=10.0, place=aside)
        for degrees in (-50.0, -30.0, 30.0, 50.0):
            yield from _drawn(glyphs.turned(paths, degrees), size=200.0, pen=25.0)


def _drawn(paths: list[redraw.Path], *, size: float, pen: float, **place: Any) -> Iterator[tuple[str, bool]]:
    """What the hints say of a drawing, and whether it holds by how it was written."""
    strokes = redraw.write(paths, size=size, pen=pen, **place)
    canvas, image = rasterize(strokes), to_mnist(strokes)
    opinion, made = rejection.load().opinion(image), manner(canvas)
    if opinion.refused:
        return
    rows, columns = np.nonzero(canvas > 127)
    away = np.hypot(rows.mean() - (CANVAS - 1) / 2, columns.mean() - (CANVAS - 1) / 2) * 28 / CANVAS
    truth = {
        "drawing-place": away >= 3.5 or size * 28 / CANVAS <= 11,
        "drawing-stroke": not 1.6 < pen * 20 / size < 4.2,
    }
    for hint in hints(DrawingSeen(made.stroke, made.size, made.away)):
        yield hint.code, bool(truth[hint.code])
