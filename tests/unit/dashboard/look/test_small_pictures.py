"""Small pictures: ink in alpha, weights in colour, lines without axes."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from dashboard.look.ink import ink_uri, mosaic
from dashboard.look.signed import signed_uri
from dashboard.look.svg import Polyline, Scale, sparkline


def picture(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1])))


def test_ink_is_the_alpha_and_nothing_else() -> None:
    image = np.array([[0, 100], [200, 255]], np.uint8)
    assert np.array_equal(np.asarray(picture(ink_uri(image)).convert("RGBA"))[..., 3], image)


def test_few_greys_keep_no_ink_and_full_ink() -> None:
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    alpha = np.asarray(picture(ink_uri(image, greys=16)).convert("RGBA"))[..., 3]
    assert (alpha[0, 0], alpha[-1, -1], len(np.unique(alpha))) == (0, 255, 16)


def test_digits_stand_in_rows_in_their_order() -> None:
    images = np.stack([np.full((28, 28), number, np.uint8) for number in range(6)])
    joined = mosaic(images, 3)
    assert joined.shape == (56, 84)
    assert joined[0, ::28].tolist() == [0, 1, 2]
    assert joined[28, ::28].tolist() == [3, 4, 5]


def test_weights_are_orange_below_and_blue_above_zero() -> None:
    pixels = np.asarray(picture(signed_uri(np.array([[-2.0, 0.0, 2.0]])))).astype(int)
    (negative, zero, positive) = pixels[0]
    assert negative[0] > negative[2]
    assert positive[2] > positive[0]
    assert zero.min() > 230
    assert np.asarray(picture(signed_uri(np.zeros((2, 2))))).min() > 230  # nothing to divide by


def test_a_line_runs_from_corner_to_corner() -> None:
    assert 'points="0.0,40.0 120.0,0.0"' in sparkline(
        [Polyline([0, 1], [0, 1], "#000")], Scale(0, 1), Scale(0, 1)
    )
