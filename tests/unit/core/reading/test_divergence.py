"""A run that diverged says so; why is said in one place, by a hint, and always."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from core.hints.rules import hints
from core.hints.seen import Seen
from core.reading.divergence import Diverged, diverged
from core.settings import DEFAULT

DEEP = (100,) * 20


def test_the_epoch_is_told_from_one() -> None:
    errors = [diverged(epoch) for epoch in (0.0, 0.99, 1.4)]
    assert all(isinstance(error, Diverged) for error in errors)
    assert [error.values["epoch"] for error in errors] == [1, 1, 2]
    assert "In epoch 2 " in str(errors[2])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"learning_rate": 1.0}, "diverged-rate"),
        ({"optimizer": "adam", "learning_rate": 0.005}, "diverged-rate"),  # five times the usual is enough
        ({"normalization": "none"}, "diverged-raw"),
        ({"learning_rate": 1.0, "normalization": "none"}, "diverged-twice"),
        ({"hidden": DEEP, "activation": "linear", "initializer": "he"}, "diverged-start"),
        ({"initializer": "activation"}, "diverged-steps"),
        ({"initializer": "activation", "gradient_clipping": 1.0}, "diverged-unknown"),
    ],
)
def test_a_hint_says_why(change: dict[str, Any], code: str) -> None:
    points = pd.DataFrame({name: [] for name in ("step", "epoch", "loss", "val_loss", "val_accuracy")})
    seen = Seen(DEFAULT.change(**change), "diverged", points, pd.DataFrame(), 0.11, 2.3)
    assert hints(seen)[0].code == code
