"""The digits beside a curve: one picture of them all, made once for whoever sees the same ones."""

from __future__ import annotations

import numpy as np

from dashboard.browser.digit_tiles import data_uri
from dashboard.browser.witness_tiles import _pictures


def test_the_same_digits_are_one_picture_and_others_another() -> None:
    images = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
    made = _pictures(images)
    assert made == data_uri(np.hstack(list(images)))
    assert _pictures(images.copy()) is made
    assert _pictures(images[::-1]) == data_uri(np.hstack([images[1], images[0]])) != made
    assert _pictures(images[:1]) == data_uri(images[0])
