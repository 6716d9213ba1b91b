"""Turn a scanned digit back into pen strokes, and write the strokes again as a learner would.

MNIST holds scans, not strokes. To ask how well a drawing is read wherever and however it is written, a digit
is thinned to its centre line, the line is followed from node to node, and the paths are written anew on the
lab's pad at any place, size, pen width and slant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.drawing.strokes import CANVAS, Command, Stroke

ZOOM = 8  # a 28 × 28 scan is thinned at 224 × 224, where its grey edges have become a smooth outline
SMOOTHING = 4.0  # standard deviation in thinned pixels (half a pixel of the scan) that removes the staircase
POINT_EVERY = 4  # thinned pixels between two points of a stroke: half a pixel of the scan
SIZES = (90.0, 270.0)  # pixels of the pad
PENS = (8.0, 26.0)

Path = NDArray[np.float64]  # (points, 2): x to the right and y downwards
Pixel = tuple[int, int]
Graph = dict[Pixel, list[Pixel]]


def paths_of(image: NDArray[np.uint8]) -> list[Path]:
    """Return the pen strokes of one MNIST image.

    Args:
        image: (28, 28) uint8, light ink on dark ground.

    Returns:
        One (points, 2) array a stroke, x and y in pixels of the image (0 is its left or upper edge), at least
        two points each; a stroke that was only a dot has the same point twice.
    """
    scan = ndimage.zoom(image.astype(np.float64), ZOOM, order=3, mode="nearest", grid_mode=True)
    sharp = 2 * scan - ndimage.gaussian_filter(scan, ZOOM)  # opens small loops that shrinking blurred shut
    ink = np.pad(_largest_parts(sharp > 127.5), 1)
    pen_radius = ink.sum() / max(1, (ink & ~ndimage.binary_erosion(ink)).sum())  # area : outline
    line = _without_spurs(thin(ink), 1.3 * pen_radius)
    return [(_smooth(np.array(path, np.float64)) - 0.5) / ZOOM for path in _paths(_graph(line))]


def thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the one-pixel centre line of a shape.

    Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", Communications of the ACM
    27(3), 1984.

    Args:
        ink: (H, W) bool whose outermost rows and columns are False.
    """
    line = ink.ravel().copy()
    clockwise = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    steps = np.array([dy * ink.shape[1] + dx for dy, dx in clockwise])[:, None]
    here, peeled = np.flatnonzero(line), True
    while peeled:
        peeled = False
        for east_and_south in (True, False):
            around = line[here + steps]
            north, east, south, west = around[::2]
            count = around.sum(0)
            rises = (~around & np.roll(around, -1, 0)).sum(0)
            keep = (south & east & (north | west)) if east_and_south else (north & west & (east | south))
            peel = (count >= 2) & (count <= 6) & (rises == 1) & ~keep
            line[here[peel]] = False
            here = here[~peel]
            peeled |= bool(peel.any())
    return line.reshape(ink.shape)


def write(
    paths: Sequence[Path],
    *,
    size: float,
    pen: float,
    slant: float = 0.0,
    place: tuple[float, float] = (0.5, 0.5),
) -> tuple[Stroke, ...]:
    """Write paths on the lab's pad.

    Args:
        paths: as from `paths_of`, in any unit.
        size: longer side of the ink's box in pixels of the pad, pen included.
        pen: width of the pen in pixels of the pad, less than `size`.
        slant: how far the top leans to the right, as a share of the height.
        place: where the box lies in the free room: (0, 0) upper left, (1, 1) lower right.
    """
    leaning = [path @ np.array([[1.0, 0.0], [-slant, 1.0]]) for path in paths]
    points = np.concatenate(leaning)
    corner, extent = points.min(0), np.ptp(points, axis=0)
    scale = (size - pen) / max(extent.max(), 1e-9)
    room = CANVAS - pen - scale * extent
    moved = [(path - corner) * scale + pen / 2 + room * np.array(place) for path in leaning]
    return tuple(Stroke(pen, _commands(path)) for path in moved)


def anywhere(paths: Sequence[Path], dice: np.random.Generator) -> tuple[Stroke, ...]:
    """Write paths on the lab's pad at a random place, a third of it or larger, with a random pen."""
    size = float(dice.uniform(*SIZES))
    pen = min(float(dice.uniform(*PENS)), size / 4)
    x, y = dice.uniform(size=2)
    return write(paths, size=size, pen=pen, place=(float(x), float(y)))


def _commands(path: Path) -> tuple[Command, ...]:
    first, *others = path.tolist()
    return (("M", *first), *(("L", *point) for point in others))


def _largest_parts(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop the dust of a scan: parts smaller than one twentieth of the largest."""
    labels, _ = ndimage.label(ink, np.ones((3, 3)))
    area = np.bincount(labels.ravel())
    area[0] = 0
    kept: NDArray[np.bool_] = (area >= area.max() / 20) & (area > 0)
    digit: NDArray[np.bool_] = kept[labels]
    return digit


def _graph(line: NDArray[np.bool_]) -> Graph:
    """Link the pixels of a thin line; diagonally only where no pixel lies on the way round."""
    pixels = {(int(x), int(y)) for y, x in np.argwhere(line)}
    graph: Graph = {}
    for x, y in sorted(pixels):
        straight = [p for p in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)) if p in pixels]
        diagonal = [
            (x + dx, y + dy)
            for dx in (-1, 1)
            for dy in (-1, 1)
            if (x + dx, y + dy) in pixels and not {(x + dx, y), (x, y + dy)} & pixels
        ]
        graph[x, y] = straight + diagonal
    return graph


def _paths(graph: Graph) -> Iterator[list[Pixel]]:
    """Yield each path between two nodes (ends and crossings) once, then each closed loop without a node."""
    walked: set[frozenset[Pixel]] = set()
    nodes = {pixel for pixel, links in graph.items() if len(links) != 2}
    for start in [*nodes, *graph]:
        if not graph[start]:
            yield [start, start]
        for first in graph[start]:
            if frozenset((start, first)) not in walked:
                path = _walk(graph, nodes | {start}, start, first)
                walked.update(frozenset(step) for step in pairwise(path))
                yield path


def _walk(graph: Graph, stops: set[Pixel], start: Pixel, first: Pixel) -> list[Pixel]:
    path = [start, first]
    while path[-1] not in stops:
        before, here = path[-2:]
        path.append(next(pixel for pixel in graph[here] if pixel != before))
    return path


def _without_spurs(line: NDArray[np.bool_], length: float) -> NDArray[np.bool_]:
    """Cut the short side branches that thinning leaves at every bump of the outline."""
    graph = _graph(line)
    pruned = line.copy()
    for path in _paths(graph):
        ends = sorted((path[0], path[-1]), key=lambda pixel: len(graph[pixel]))
        if len(path) < length and len(graph[ends[0]]) == 1 and len(graph[ends[1]]) > 2:
            for x, y in set(path) - {ends[1]}:
                pruned[y, x] = False
    return thin(pruned)


def _smooth(path: Path) -> Path:
    closed = len(path) > 2 and bool((path[0] == path[-1]).all())
    if closed:
        smooth = ndimage.gaussian_filter1d(path[:-1], SMOOTHING, axis=0, mode="wrap")
        return np.concatenate([smooth[::POINT_EVERY], smooth[:1]])
    smooth = ndimage.gaussian_filter1d(path, SMOOTHING, axis=0, mode="nearest")
    smooth[[0, -1]] = path[[0, -1]]
    return np.concatenate([smooth[:-1:POINT_EVERY], smooth[-1:]])
