"""Settings that do nothing, and those next to them that do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.runs.best import ends_early
from core.runs.rates import rates
from core.runs.without_effect import without_effect
from core.settings import DEFAULT, Settings

TEN = DEFAULT.change(epochs=10)


@pytest.mark.parametrize(
    ("idle", "active", "code"),
    [
        ({"schedule": "step", "drop_every": 10}, {"schedule": "step", "drop_every": 9}, "never-falls"),
        ({"schedule": "step", "drop_to": 1.0}, {"schedule": "step", "drop_to": 0.99}, "falls-to-itself"),
        ({"warm_up": 10.0}, {"warm_up": 9.9}, "only-warms-up"),
        ({"schedule": "cosine", "warm_up": 12.0}, {"schedule": "cosine", "warm_up": 9.0}, "no-cosine"),
        ({"rate_changes": ((10, 0.1),)}, {"rate_changes": ((9, 0.1),)}, "changes-too-late"),
        ({"schedule": "cosine", "rate_changes": ((2, 0.1),)}, {"schedule": "cosine"}, "changed-by-hand"),
        ({"dropout": 0.1, "hidden": ()}, {"dropout": 0.1, "hidden": (10,)}, "nothing-to-drop"),
        ({"label_smoothing": 0.1, "loss": "squared-error"}, {"label_smoothing": 0.1}, "not-smoothed"),
        ({"patience": 9}, {"patience": 8}, "too-patient"),
    ],
)
def test_only_what_does_nothing_is_told(idle: dict[str, Any], active: dict[str, Any], code: str) -> None:
    assert [each.code for each in without_effect(TEN.change(**idle))] == [code]
    assert without_effect(TEN.change(**active)) == []


def whole(settings: Settings) -> np.ndarray:
    return np.concatenate([rates(settings.training, 20, epoch) for epoch in range(10)])


def test_what_is_said_of_rates_is_so() -> None:
    for idle in ({"drop_every": 10}, {"drop_to": 1.0}):
        np.testing.assert_array_equal(whole(TEN.change(schedule="step", **idle)), whole(TEN))
    assert whole(TEN.change(warm_up=10.0)).max() < np.float32(0.01)
    np.testing.assert_array_equal(
        whole(TEN.change(warm_up=12.0, schedule="cosine")), whole(TEN.change(warm_up=12.0))
    )
    late = TEN.change(rate_changes=((10, 0.1),))
    np.testing.assert_array_equal(whole(late), whole(TEN))


def test_what_is_said_of_patience_is_so() -> None:
    """The first epoch at whose end there were as many in vain is the last one anyway."""
    losses = [0.1, *[0.2] * 9]
    assert (ends_early(losses, 8), ends_early(losses, 9), ends_early(losses, 10)) == (9, 10, None)
