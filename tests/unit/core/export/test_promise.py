from __future__ import annotations

from core.export.promise import prints_the_labs_digits
from core.settings import DEFAULT


def test_all_digits_are_promised_only_where_that_was_measured() -> None:
    softmax, tanh = DEFAULT.change(hidden=()), DEFAULT.change(activation="tanh")
    assert prints_the_labs_digits(softmax)
    assert prints_the_labs_digits(tanh)
    assert prints_the_labs_digits(tanh.change(l2=0.001, label_smoothing=0.1, schedule="cosine", warm_up=1.0))
    assert prints_the_labs_digits(softmax.change(dropout=0.5))  # nothing there to be left out
    for other in (
        DEFAULT,
        tanh.change(optimizer="adam"),
        tanh.change(batch_normalization=True),
        tanh.change(hidden=(100,) * 20),
        DEFAULT.change(activation="gelu"),
        tanh.change(learning_rate=0.3),
        tanh.change(rate_changes=((2, 0.3),)),
        tanh.change(dropout=0.1),
        tanh.change(shift=1.0),
    ):
        assert not prints_the_labs_digits(other)
