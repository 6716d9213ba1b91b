"""The small pictures of the first page, all made of real digits, weights and curves."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray

from core.reading import shipped
from core.runs.published import PUBLISHED
from dashboard.frame import resources
from dashboard.frame.sharing import Once
from dashboard.look import ink, style
from dashboard.look.signed import signed_uri
from dashboard.look.svg import Polyline, Scale, sparkline

COLUMNS, ROWS = 20, 10
"""Digits on the wall."""
FIRST = 5_000
"""The first image on the wall: those before it validate in the usual split."""
SHOWN = 4
"""Digits or units in a small picture."""
READ = 1_000
"""Validation digits among which misread ones are looked for."""
LEARNT, TOGETHER = "three-layer", ("three-layer", "twenty-layer")


def _wall() -> str:
    images = resources.mnist().train_images[FIRST : FIRST + COLUMNS * ROWS]
    return ink.html(ink.ink_uri(ink.mosaic(images, COLUMNS), greys=ink.GREYS), kind="wall")


wall = Once(_wall)
"""A wall of MNIST's digits that drifts; decoration, so it has no words."""


def digits() -> str:
    """Digits as MNIST has them."""
    return _row(resources.mnist().train_images[FIRST : FIRST + SHOWN])


def curve() -> str:
    """How a network learns: the validation accuracy that was published for the three layers."""
    return _lines([_published(LEARNT, 0)], Scale(0.93, 0.98))


def curves() -> str:
    """Two networks side by side."""
    return _lines([_published(name, place) for place, name in enumerate(TOGETHER)], Scale(0, 1))


def drawing(image: NDArray[np.uint8] | None) -> str:
    """What was drawn last, else a digit of MNIST."""
    return _row((resources.mnist().train_images[FIRST + SHOWN] if image is None else image)[None])


def _weights() -> str:
    kernel = next(iter(shipped.load().network.weights.values()))
    units = np.argsort(-np.ptp(kernel, axis=0))[:SHOWN]
    pictures = kernel[:, units].T.reshape(SHOWN, 28, 28)
    return f'<img class="units" alt="" src="{signed_uri(np.concatenate(list(pictures), axis=1))}">'


weights = Once(_weights)
"""What units of the shipped network's first layer look for."""


def _mistakes() -> str:
    loaded = shipped.load()
    part = resources.parts(loaded.settings.data).validation
    images = part.images[:READ]
    answers = loaded.network.probabilities(images).argmax(axis=1)
    return _row(images[np.flatnonzero(answers != part.labels[:READ])[:SHOWN]])


mistakes = Once(_mistakes)
"""Validation digits that the shipped network misreads."""


def _row(images: NDArray[np.uint8]) -> str:
    return "".join(ink.html(ink.ink_uri(image)) for image in images)


def _lines(lines: list[Polyline], y: Scale) -> str:
    text = base64.b64encode(sparkline(lines, Scale(1, 10), y).encode()).decode("ascii")
    return f'<img alt="" src="data:image/svg+xml;base64,{text}">'


def _published(name: str, place: int) -> Polyline:
    epochs = PUBLISHED[name].epochs
    line = style.RUN_COLORS[place]
    return Polyline(epochs["epoch"], epochs["val_accuracy"], line.color, 3, dash="" if not place else "5 4")
