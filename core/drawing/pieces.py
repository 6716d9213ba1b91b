"""Which strokes belong to one digit, and which are another.

A pen is lifted inside a digit, and a thin line breaks where it is pale. Pieces are one digit if they all but
touch, or if they lie near and one above the other, like the bar of a 5, or near and one of them is small. Two
digits stand beside each other and are about as tall.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from core.drawing.ink import Ink, Mask

TOUCHING, NEAR = 0.06, 0.25  # gaps, as shares of the longer side of the larger piece
ABOVE = 0.5  # share of the narrower piece's width that lies above or below the other
SMALL = 0.6  # a piece under this share of the other's longer side is no digit beside it
SPECK = 0.02  # area, as a share of the largest piece, below which it is dirt
MOST = 200  # pieces that are looked at; the pattern of a cloth has more

Pieces = NDArray[np.int32]  # 0 ground, then the number of a piece


def digits_of(ink: Ink) -> list[Mask]:
    """Return the pixels of each group of pieces, (H, W) bool, in reading order, row by row."""
    pieces = _pieces(ink > 0.5)
    while True:
        joined = _joined(pieces)
        if joined.max(initial=0) == pieces.max(initial=0):
            break
        pieces = joined
    groups = [pieces == number for number in range(1, pieces.max(initial=0) + 1)]
    return [groups[place] for place in _reading_order(pieces)]


def _pieces(written: Mask) -> Pieces:
    pieces, count = ndimage.label(written, np.ones((3, 3)))
    area = np.bincount(pieces.ravel(), minlength=count + 1)
    area[0] = 0
    large = np.flatnonzero(area >= max(1, SPECK * area.max()))
    kept = large[np.argsort(-area[large], kind="stable")[:MOST]]
    number = np.zeros(count + 1, np.int32)
    number[kept] = np.arange(1, len(kept) + 1)
    return np.asarray(number[pieces])


def _joined(pieces: Pieces) -> Pieces:
    """Number pieces that belong together alike."""
    count = int(pieces.max(initial=0))
    boxes = ndimage.find_objects(pieces)
    links = [(a, b) for a, b, gap in _gaps(pieces) if _belong(boxes[a - 1], boxes[b - 1], gap)]
    rows, columns = np.array(links, np.int32).reshape(-1, 2).T
    graph = sparse.coo_array((np.ones(len(links)), (rows, columns)), (count + 1, count + 1))
    _, group = sparse.csgraph.connected_components(graph, directed=False)
    return np.asarray(group[pieces], np.int32)


def _gaps(pieces: Pieces) -> list[tuple[int, int, float]]:
    """Return neighbouring pieces and the pixels between them, measured where their surroundings meet."""
    distance, (rows, columns) = ndimage.distance_transform_edt(pieces == 0, return_indices=True)
    owner = pieces[rows, columns]
    found: dict[tuple[int, int], float] = {}
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        meet = owner[one] != owner[other]
        pairs = np.sort(np.stack([owner[one][meet], owner[other][meet]], axis=1), axis=1)
        gaps = (distance[one] + distance[other])[meet]
        for (a, b), gap in zip(pairs.tolist(), gaps.tolist(), strict=True):
            found[a, b] = min(gap, found.get((a, b), gap))
    return [(a, b, gap) for (a, b), gap in found.items()]


def _belong(one: tuple[slice, ...], other: tuple[slice, ...], gap: float) -> bool:
    sizes = sorted(max(side.stop - side.start for side in box) for box in (one, other))
    if gap <= TOUCHING * sizes[1]:
        return True
    shared = min(one[1].stop, other[1].stop) - max(one[1].start, other[1].start)
    narrower = min(box[1].stop - box[1].start for box in (one, other))
    return bool(gap <= NEAR * sizes[1] and (shared >= ABOVE * narrower or sizes[0] <= SMALL * sizes[1]))


def _reading_order(pieces: Pieces) -> list[int]:
    """Return places of groups, row by row: a row is what begins above the middle of its first digit."""
    boxes = ndimage.find_objects(pieces)
    left = sorted(range(len(boxes)), key=lambda place: boxes[place][0].start)
    order: list[int] = []
    while left:
        middle = (boxes[left[0]][0].start + boxes[left[0]][0].stop) / 2
        row = [place for place in left if boxes[place][0].start <= middle]
        order += sorted(row, key=lambda place: boxes[place][1].start)
        left = [place for place in left if place not in row]
    return order
