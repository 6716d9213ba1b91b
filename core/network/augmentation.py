"""Training images moved, turned, and written with another pen, anew in each step.

All of it is linear between pixels, or takes the largest and smallest of neighbours, so that it does not
matter that images were normalised before; what comes in from outside is what lies at the edge.
"""

from __future__ import annotations

from math import pi
from typing import Any

import tensorflow as tf

from core.network.chance import between, fold_in
from core.settings import SIDE, TrainingSettings

MIDDLE = (SIDE - 1) / 2


def is_wanted(training: TrainingSettings) -> bool:
    """Whether these settings change training images at all."""
    return any((training.shift, training.turn, training.thickness))


def augmented(images: Any, training: TrainingSettings, chance: Any) -> Any:
    """A batch (n, 28, 28) float32, each image changed by its own draw from ``chance`` (2,) int32.

    First the strokes are made thicker or thinner, then the image is turned about its middle and moved.
    """
    count = images.shape[0]
    if training.thickness:
        images = _with_pens(images, between(training.thickness, count, fold_in(chance, 0)))
    if training.shift or training.turn:
        angles = between(training.turn * pi / 180, count, fold_in(chance, 1))
        across = between(training.shift, count, fold_in(chance, 2))
        down = between(training.shift, count, fold_in(chance, 3))
        images = _moved(images, angles, across, down)
    return images


def _with_pens(images: Any, amounts: Any) -> Any:
    """Strokes thicker by ``amounts`` (n,), -1 to 1 pixels a side: towards the neighbours' extremes."""
    amounts = amounts[:, None, None]
    thicker = _extremes(images, tf.maximum) - images
    thinner = images - _extremes(images, tf.minimum)
    return images + tf.nn.relu(amounts) * thicker - tf.nn.relu(-amounts) * thinner


def _extremes(images: Any, of: Any) -> Any:
    """Of each pixel and its eight neighbours; rows first, then columns."""
    rows = of(images, of(_beside(images, 1, 1), _beside(images, 1, -1)))
    return of(rows, of(_beside(rows, 2, 1), _beside(rows, 2, -1)))


def _beside(images: Any, axis: int, by: int) -> Any:
    """Each pixel's neighbour along an axis, ``by`` 1 or -1; at the edge the pixel itself.

    Cut and joined, not gathered: XLA makes one loop of that and of what comes next.
    """
    sizes = [1, SIDE - 1] if by > 0 else [SIDE - 1, 1]
    parts = tf.split(images, sizes, axis)
    edge = tf.split(images, sizes[::-1], axis)[1 if by > 0 else 0]
    return tf.concat([parts[1], edge] if by > 0 else [edge, parts[0]], axis)


def _moved(images: Any, angles: Any, across: Any, down: Any) -> Any:
    """Each image turned about its middle by an angle (n,) in radians, anticlockwise, then moved by pixels
    (n,).

    Bilinear, as ``scipy.ndimage.affine_transform`` with ``order=1, mode="nearest"``.
    """
    cosine, sine = tf.cos(angles)[:, None, None], tf.sin(angles)[:, None, None]
    rows = tf.range(SIDE, dtype=tf.float32)[None, :, None] - MIDDLE - down[:, None, None]
    columns = tf.range(SIDE, dtype=tf.float32)[None, None, :] - MIDDLE - across[:, None, None]
    row = tf.clip_by_value(cosine * rows + sine * columns + MIDDLE, 0.0, SIDE - 1.0)
    column = tf.clip_by_value(cosine * columns - sine * rows + MIDDLE, 0.0, SIDE - 1.0)
    top, left = (tf.minimum(tf.floor(place), SIDE - 2.0) for place in (row, column))
    low, right = row - top, column - left
    first = tf.cast(top * SIDE + left, tf.int32)
    flat = tf.reshape(images, [-1, SIDE * SIDE])

    def at(step: int) -> Any:
        return tf.reshape(
            tf.gather(flat, tf.reshape(first + step, [-1, SIDE * SIDE]), batch_dims=1), tf.shape(images)
        )

    above = at(0) * (1 - right) + at(1) * right
    below = at(SIDE) * (1 - right) + at(SIDE + 1) * right
    return above * (1 - low) + below * low
