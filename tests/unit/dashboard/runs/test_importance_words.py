"""Which setting mattered, in words: never more than was found."""

import pytest

from core.study.importance import Factor, Importance
from dashboard.runs.importance_words import mattered

RATE = Factor(("learning_rate",), 0.71, 0.52, 0.84, 0.004)
ACTIVATION = Factor(("activation", "initializer"), 0.12, 0.0, 0.3, 0.2)


def test_what_is_clear_is_said_with_its_uncertainty() -> None:
    said = mattered(Importance((RATE, ACTIVATION), 0.17, 0.99, 9))
    assert "**Learning rate mattered most**: it explains 71% of what differs between 9 runs" in said
    assert "first in 99% of the resamplings" in said
    assert "52% to 84% in 19 of 20 resamplings. Chance alone would do as much in 0.4% of cases" in said
    assert "Activation (with initialiser): **12%**" in said
    assert "in 20.0% of cases: luck could explain it." in said
    assert "The other 17%" in said


def test_who_is_first_by_a_hair_is_not_called_first() -> None:
    said = mattered(Importance((RATE, ACTIVATION), 0.17, 0.80, 9))
    assert "cannot be told" in said
    assert "mattered most**:" not in said
    assert "first in only 80%" in said


def test_what_luck_could_explain_is_no_effect() -> None:
    said = mattered(Importance((ACTIVATION,), 0.88, 1.0, 9))
    assert said.startswith("**Which setting mattered cannot be told** from these 9 runs")


@pytest.mark.parametrize("doubt", ["unlike", "same", "equal", "tangled", "few"])
def test_every_doubt_is_said(doubt: str) -> None:
    assert mattered(doubt).endswith(".")  # type: ignore[arg-type]
