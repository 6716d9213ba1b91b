"""A caution is said where it is true, and not where it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.hints.before_training import cautions
from core.settings import NetworkSettings

DEEP = (100,) * 20


def _codes(**settings: Any) -> Any:
    return {caution.code for caution in cautions(NetworkSettings(**settings))}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"hidden": DEEP, "activation": "sigmoid"}, "vanishing"),
        ({"hidden": DEEP}, "weak-start"),
        ({"activation": "linear"}, "linear"),
        ({"hidden": (100, 4, 100)}, "bottleneck"),
        ({"residual": True}, "no-skip"),
        ({"hidden": (), "residual": True}, "no-skip"),
    ],
)
def test_said_where_true(settings: Any, code: str) -> None:
    assert code in _codes(**settings)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"hidden": ()},
        {"hidden": DEEP, "initializer": "he"},
        {"hidden": DEEP, "initializer": "activation"},
        {"hidden": DEEP, "batch_normalization": True},
        {"hidden": DEEP, "residual": True},
        {"hidden": (30,), "activation": "linear"},
        {"hidden": (10, 10)},
        {"hidden": (100, 100), "activation": "sigmoid"},
    ],
)
def test_silent_where_not(settings: Any) -> None:
    assert _codes(**settings) == set()


def test_numbers_of_the_sentences() -> None:
    (vanishing,) = cautions(NetworkSettings(hidden=DEEP, activation="sigmoid"))
    assert vanishing.values["product"] == pytest.approx(9.09e-13, rel=1e-3)
    (weak,) = cautions(NetworkSettings(hidden=DEEP))
    assert weak.values["times"] == pytest.approx(np.sqrt(2) ** 20)
    (narrow,) = cautions(NetworkSettings(hidden=(100, 9, 4, 100)))
    assert narrow.values == {"layer": 3, "width": 4}
