"""Damaging images on purpose: noise, rotation, shift, stroke thickness, occlusion; and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.dataset.mnist import load_mnist
from core.dataset.normalization import Normalization
from core.dataset.split import split
from core.errors import N_, LabError
from core.reading.trained_network import TrainedNetwork
from core.settings import DataSettings, NetworkSettings

LIMITS: Mapping[str, tuple[float, float]] = {
    "noise": (0.0, 1.0),
    "rotation": (-90.0, 90.0),
    "shift_x": (-10.0, 10.0),
    "shift_y": (-10.0, 10.0),
    "thickness": (-1.5, 3.0),
    "occlusion": (0.0, 20.0),
}
"""Least and most of each damage, in the units of ``Damage``."""
LEVELS: Mapping[str, tuple[float, ...]] = {
    "noise": (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8),
    "rotation": (-60.0, -40.0, -20.0, -10.0, 0.0, 10.0, 20.0, 40.0, 60.0),
    "shift_x": (-8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0),
    "thickness": (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0),
    "occlusion": (0.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0),
}
"""Where robustness is measured."""
ASKED = 500
"""Validation images that are damaged at each level."""
_FINER = 3  # cells a pixel is cut into while the outline of a stroke is moved


class InvalidDamage(LabError):
    """A damage is outside its limits."""


@dataclass(frozen=True)
class Damage:
    """How an image is damaged. Done in this order: thickness, rotation, shift, occlusion, noise.

    Attributes:
        noise: standard deviation of what is added to each pixel, as a share of full ink.
        rotation: degrees, clockwise.
        shift_x, shift_y: pixels to the right and down.
        thickness: pixels by which strokes grow; negative makes them thinner.
        occlusion: side in pixels of an empty square in the middle.
    """

    noise: float = 0.0
    rotation: float = 0.0
    shift_x: float = 0.0
    shift_y: float = 0.0
    thickness: float = 0.0
    occlusion: float = 0.0

    def __post_init__(self) -> None:
        """Check every field; raise InvalidDamage at the first that does not fit."""
        for field in fields(self):
            value, (least, most) = getattr(self, field.name), LIMITS[field.name]
            if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
                raise InvalidDamage(
                    N_("{name} is {value}. Expected a number from {least:g} to {most:g}."),
                    name=field.name,
                    value=value,
                    least=least,
                    most=most,
                )


def apply(images: NDArray[np.uint8], damage: Damage, *, seed: int = 0) -> NDArray[np.uint8]:
    """Damage images (n, 28, 28) uint8; the same seed makes the same noise."""
    ink = images.astype(np.float32)
    if damage.thickness:
        ink = np.stack([_with_other_strokes(image, damage.thickness) for image in ink])
    if damage.rotation:
        ink = ndimage.rotate(ink, -damage.rotation, axes=(2, 1), reshape=False, order=1)
    if damage.shift_x or damage.shift_y:
        ink = ndimage.shift(ink, (0, damage.shift_y, damage.shift_x), order=1)
    if damage.occlusion:
        start = round((images.shape[1] - damage.occlusion) / 2)
        hidden = slice(start, start + round(damage.occlusion))
        ink[:, hidden, hidden] = 0
    if damage.noise:
        noise = np.random.default_rng(seed).normal(0, damage.noise * 255, ink.shape)
        ink = ink + noise.astype(np.float32)
    return np.rint(np.clip(ink, 0, 255)).astype(np.uint8)


def robustness(
    network: NetworkSettings,
    weights: Mapping[str, NDArray[Any]],
    normalization: Normalization,
    data: DataSettings,
) -> dict[str, list[float]]:
    """Damage → accuracy at each of its ``LEVELS``, on up to ``ASKED`` validation images of the run's split.

    A few seconds of work; takes and gives plain values, so that a worker can do it.
    """
    reader = TrainedNetwork(network, weights, normalization)
    validation = split(data, load_mnist()).validation
    images, labels = validation.images[:ASKED], validation.labels[:ASKED]
    return {
        name: [
            _accuracy(reader, apply(images, replace(Damage(), **{name: level})), labels) for level in levels
        ]
        for name, levels in LEVELS.items()
    }


def _accuracy(reader: TrainedNetwork, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> float:
    return float((reader.probabilities(images).argmax(axis=1) == labels).mean())


def _with_other_strokes(image: NDArray[np.float32], growth: float) -> NDArray[np.float32]:
    """Move the outline of the strokes outwards by ``growth`` / 2 pixels on each side.

    Like a wider pen (``core.drawing.mnist_style``): what lies within a distance of the stroke belongs to it.
    """
    fine = ndimage.zoom(image, _FINER, order=1, grid_mode=True, mode="grid-constant") > 127
    if not fine.any():
        return image
    # Distances run from cell to cell; the outline lies half a cell before the next one.
    outside, inside = ndimage.distance_transform_edt(~fine), ndimage.distance_transform_edt(fine)
    within = np.where(fine, inside - 0.5, 0.5 - outside)
    light = np.clip(within + growth / 2 * _FINER + 0.5, 0, 1)
    side = len(image)
    coarse: NDArray[np.float32] = light.reshape(side, _FINER, side, _FINER).mean(axis=(1, 3))
    return (255 * coarse).astype(np.float32)
