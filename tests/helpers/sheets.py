"""Pictures of digits, made for tests: sheets of paper with strokes on them, as files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks import redraw
from core.dataset.mnist import load_mnist
from core.drawing import read_photo, strokes, to_mnist
from core.reading import shipped

Sheet = NDArray[np.float64]  # (height, width), 0 paper … 1 ink
Line = Sequence[tuple[float, float]]


def digit(number: int = 3, *, height: int = 450, width: int = 600, size: int = 200, pen: int = 14) -> Sheet:
    """A digit of MNIST's training set written in the middle of a sheet."""
    mnist = load_mnist()
    image = mnist.train_images[np.flatnonzero(mnist.train_labels == number)[1]]
    pad = strokes.rasterize(redraw.write(redraw.paths_of(image), size=size, pen=pen)) / 255
    sheet = np.zeros((height, width))
    sheet[(height - 280) // 2 :, (width - 280) // 2 :][:280, :280] = pad
    return sheet


def drawn(
    size: tuple[int, int], *lines: Line, pen: int = 1, circles: Sequence[Sequence[int]] = (), ink: int = 255
) -> Sheet:
    """Lines and ellipses without smooth edges on a sheet of (width, height) pixels."""
    image = Image.new("L", size)
    pencil = ImageDraw.Draw(image)
    for line in lines:
        pencil.line([tuple(point) for point in line], fill=ink, width=pen)
    for box in circles:
        pencil.ellipse(list(box), outline=ink, width=pen)
    return np.asarray(image) / 255


def five_with_loose_bar(gap: int) -> Sheet:
    """A five, 200 pixels tall, whose bar begins this many pixels to the right of its stem."""
    image = Image.new("L", (240, 300))
    pencil = ImageDraw.Draw(image)
    pencil.line([(90, 50), (85, 130)], fill=255, width=12)
    pencil.arc([60, 115, 170, 250], -110, 150, fill=255, width=12)
    pencil.line([(96 + gap, 50), (180, 46)], fill=255, width=12)
    return np.asarray(image) / 255


def paper(shape: tuple[int, ...], *, seed: int = 0, fall: float = 0.5) -> Sheet:
    """Paper whose light falls from the upper left to the lower right, with the grain of a camera."""
    y, x = np.indices(shape) / np.array(shape)[:, None, None]
    light: Sheet = 0.9 - fall * (x + y) / 2 + np.random.default_rng(seed).normal(0, 0.015, shape)
    return light


def dark_ink(sheet: Sheet, *, strength: float = 0.7, **options: Any) -> Sheet:
    """A photo of the sheet."""
    return paper(sheet.shape, **options) * (1 - strength * sheet)


def as_bytes(sheet: Sheet) -> NDArray[np.uint8]:
    """The sheet as a canvas, 0 paper … 255 ink."""
    return np.asarray(255 * sheet).astype(np.uint8)


def file(grey: Sheet | Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as a file; an array goes from 0 black to 1 white."""
    data = io.BytesIO()
    image = grey if isinstance(grey, Image.Image) else Image.fromarray(np.uint8(np.clip(grey, 0, 1) * 255))
    image.save(data, kind, **options)
    return data.getvalue()


def answer(data: bytes) -> int:
    """What the shipped network reads on a picture."""
    return answer_to(read_photo(data))


def answer_to(canvas: NDArray[np.uint8]) -> int:
    """What the shipped network reads on a canvas."""
    return int(shipped.load().network.probabilities(to_mnist(canvas)[None]).argmax())


def agreement(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How alike two canvases become, 1 for equal."""
    return float(np.corrcoef(to_mnist(one).ravel(), to_mnist(other).ravel())[0, 1])
