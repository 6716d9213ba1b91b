from __future__ import annotations

from core.export.keras_source import prints_the_labs_digits
from core.settings import DEFAULT


def test_all_digits_are_promised_only_where_that_was_measured() -> None:
    softmax, tanh = DEFAULT.change(hidden=()), DEFAULT.change(activation="tanh")
    assert prints_the_labs_digits(softmax)
    assert prints_the_labs_digits(tanh)
    for other in (
        DEFAULT,
        tanh.change(optimizer="adam"),
        tanh.change(batch_normalization=True),
        tanh.change(hidden=(100,) * 20),
        DEFAULT.change(activation="gelu"),
    ):
        assert not prints_the_labs_digits(other)
