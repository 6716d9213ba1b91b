from typing import Any

import pytest

from core.reading.divergence import Diverged, cause, diverged
from core.settings import Settings

DEEP = (100,) * 20


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"learning_rate": 1.0, "normalization": "none"}, "rate"),
        ({"optimizer": "adam", "learning_rate": 0.05}, "rate"),
        ({"normalization": "none"}, "pixels"),
        ({"hidden": DEEP, "activation": "linear", "initializer": "he"}, "he"),
        ({"hidden": DEEP, "initializer": "he", "residual": True}, "skips"),
        ({"hidden": DEEP, "initializer": "he"}, "unknown"),  # ReLU wants He's weights
        ({}, "unknown"),
    ],
)
def test_the_likely_cause_comes_from_the_settings(change: dict[str, Any], expected: str) -> None:
    assert cause(Settings().change(**change)) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 1.0},
        {"normalization": "none"},
        {"hidden": DEEP, "activation": "linear", "initializer": "he"},
        {"hidden": DEEP, "residual": True},
        {},
    ],
)
def test_every_cause_is_told_in_a_sentence_of_its_own_with_the_epoch(change: dict[str, Any]) -> None:
    error = diverged(Settings().change(**change), epoch=1.4)
    assert isinstance(error, Diverged)
    assert error.values["epoch"] == 2
    assert "In epoch 2 " in str(error)


def test_an_optimisers_usual_rate_is_told_where_the_rate_is_blamed() -> None:
    error = diverged(Settings().change(optimizer="adam", learning_rate=0.05), epoch=0.0)
    assert (error.values["rate"], error.values["usual"]) == ("0.05", "0.001")


def test_a_rate_is_told_to_its_last_digit() -> None:
    assert "below 0.0123456789, " in str(diverged(Settings().change(learning_rate=0.0123456789), epoch=0.0))


def test_he_is_not_blamed_where_it_belongs() -> None:
    assert cause(Settings().change(hidden=DEEP, initializer="activation")) != "he"
