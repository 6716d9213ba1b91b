"""Images bent as handwriting varies: a small affine change and an elastic one.

Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
analysis", ICDAR 2003, section 2: every pixel is moved by a smooth random field.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

AFFINE = 0.08  # standard deviation of each entry of the 2 × 2 matrix
SMOOTH = 4.0  # pixels, standard deviation of the Gaussian that smooths the field
STRONGEST = 14.0  # a field of noise with deviation 1, smoothed so, moves pixels by about one at this strength


def distorted(images: NDArray[np.uint8], copies: int, dice: np.random.Generator) -> NDArray[np.uint8]:
    """(n, 28, 28) uint8 → (copies × n, 28, 28) uint8, all images once, then all once more, each bent anew."""
    if not copies * len(images):
        return np.zeros((0, *images.shape[1:]), np.uint8)
    return np.stack([_distorted(image, dice) for _ in range(copies) for image in images])


def _distorted(image: NDArray[np.uint8], dice: np.random.Generator) -> NDArray[np.uint8]:
    places = np.indices(image.shape).astype(np.float64)
    middle = (np.array(image.shape) - 1) / 2
    matrix = np.eye(2) + dice.normal(0, AFFINE, (2, 2))
    noise = dice.normal(0, 1, places.shape) * dice.uniform(0, STRONGEST)
    field = ndimage.gaussian_filter(noise, (0, SMOOTH, SMOOTH))
    read = np.tensordot(matrix, places - middle[:, None, None], 1) + middle[:, None, None] + field
    bent = ndimage.map_coordinates(image.astype(np.float32), read, order=1)
    return np.asarray(np.rint(np.clip(bent, 0, 255)), np.uint8)
