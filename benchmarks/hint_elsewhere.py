"""The hints of exams, comparisons and drawings, held against cases whose truth is known otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy import ndimage, stats

from benchmarks.hint_grid import SMALL
from benchmarks.hint_lab import Lab
from core.dataset.mnist import load_mnist
from core.drawing.mnist_style import manner
from core.hints.elsewhere import DrawingSeen, ExamSeen, PairSeen
from core.hints.rules import hints
from core.reading.exam import read_right
from core.settings import Settings

CASES = 20
PAD = 280
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
    """Real exams, and such as come from another kind of images: shifted ones. Fisher's exact test judges."""
    mnist = load_mnist()
    for place, settings in enumerate(_networks()):
        seen, network = lab.run(settings), lab.network(settings)
        images = np.roll(mnist.test_images[:5_000], place % 3, axis=2)
        right, count = read_right(network, images, mnist.test_labels[:5_000])
        validation = round(seen.accuracy * seen.images)
        exam = ExamSeen(count - right, count, seen.images - validation, seen.images, examined=1)
        table = [[right, count - right], [validation, seen.images - validation]]
        is_rare = stats.fisher_exact(table).pvalue < 0.05
        for hint in hints(exam):
            yield hint.code, is_rare == (hint.code == "test-worse")


def _tuned() -> Iterator[tuple[str, bool]]:
    """Equal networks, examined again and again: the mean lead of the best, drawn at random."""
    random = np.random.default_rng(0)
    for examined in range(2, 2 + CASES):
        for hint in hints(ExamSeen(300, 10_000, 150, 5_000, examined)):
            if hint.code == "tuned":
                best = random.binomial(10_000, 0.97, (DRAWS, examined)).max(axis=1).mean() / 10_000
                yield hint.code, abs(100 * (best - 0.97) - hint.values["points"]) < 0.02


def _pairs(lab: Lab) -> Iterator[tuple[str, bool]]:
    """Runs of one experiment, of two that differ in one thing, and in two."""
    others = [SMALL.change(seed=seed) for seed in range(1, 8)]
    others += [SMALL.change(train=1_000, seed=seed) for seed in range(6)]
    others += [SMALL.change(train=500, seed=seed, epochs=4) for seed in range(6)]
    first = lab.run(SMALL)
    for settings in others:
        second = lab.run(settings)
        keys = {key for key in settings.to_query() | SMALL.to_query() if key != "epochs"}
        names = tuple(key for key in keys if settings.to_query().get(key) != SMALL.to_query().get(key))
        pair = PairSeen(names, len(names) <= 1, first.accuracy, second.accuracy, first.images)
        counts = [round(run.accuracy * run.images) for run in (first, second)]
        table = [[count, first.images - count] for count in counts]
        for hint in hints(pair):
            is_true = len(names) > 1 if hint.code == "unfair" else stats.fisher_exact(table).pvalue > 0.04
            yield hint.code, bool(is_true)


def _drawings() -> Iterator[tuple[str, bool]]:
    """Test digits on a pad: moved, shrunk, with other pens; measured there by moments and distances."""
    images = load_mnist().test_images[:CASES]
    for place, image in enumerate(images):
        large = ndimage.zoom(image.astype(float), PAD / 28, order=1) > 127
        grown = (
            ndimage.binary_dilation(large, iterations=18)
            if place % 2
            else ndimage.binary_erosion(large, iterations=8)
        )
        moved = np.roll(large, (60 * (place % 2), 60), axis=(0, 1))
        for shape in (large, grown, moved):
            if shape.sum() > 300:
                yield from _drawn(shape)


def _drawn(shape: np.ndarray) -> Iterator[tuple[str, bool]]:
    made = manner((255 * shape).astype(np.uint8))
    seen = DrawingSeen(0, 500, made.stroke, made.size, made.away)
    rows, columns = np.nonzero(shape)
    away = np.hypot(rows.mean() - (PAD - 1) / 2, columns.mean() - (PAD - 1) / 2) * 28 / PAD
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    inside = ndimage.distance_transform_edt(np.pad(shape, 1))
    width = 2 * np.median(inside[inside > 0.7 * ndimage.maximum_filter(inside, 41)]) * 20 / longer
    truth = {
        "drawing-place": away >= 3.5 or longer * 28 / PAD <= 11,
        "drawing-stroke": not 1.6 < width < 4.2,
    }
    for hint in hints(seen):
        yield hint.code, bool(truth[hint.code])
