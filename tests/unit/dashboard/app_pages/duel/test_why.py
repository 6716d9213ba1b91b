"""Why a side was left behind, in sentences that say a number only where there is one."""

import math

import pytest

from core.hints.why import Code, Reason
from dashboard.app_pages.duel.why import sentence


@pytest.mark.parametrize(
    ("code", "behind", "ahead", "said"),
    [
        ("dead", 0.97, 0.02, "In layer 3 of A, 97% of the units answer 0"),
        ("vanishing", 4.13e12, 53.2, "is 4,100,000,000,000 times smaller than its output layer's; in B the"),
        ("vanishing", math.inf, 53.2, "no gradient at all reaches layer 3 of A."),
        ("faint", 5e-6, 2e-3, "gets a gradient of 5.0e-06, in B of 2.0e-03 (geometric means): 400 times"),
        ("saturated", 0.8, 0.1, "In layer 3 of A, 80% of the outputs are where the activation is flat"),
        ("slow", 1e-6, 1e-3, "layer 3, by 1.0e-06 of their size, and those of the slowest layer of B by"),
        ("slow", 0.0, 1e-3, "changed nothing in layer 3 of A: it does not learn."),
    ],
)
def test_a_reason_is_told_with_the_numbers_of_both(
    code: Code, behind: float, ahead: float, said: str
) -> None:
    ratio = max(ahead / behind, behind / ahead) if behind else math.inf
    told = sentence(Reason(code, 3, behind, ahead, ratio), "A", "B")
    assert said in told
    assert "inf" not in told
