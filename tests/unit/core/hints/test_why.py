"""Why a network was left behind: only by a measure in which it is by far worse."""

from collections.abc import Sequence

import pandas as pd
import pytest

from core.hints.why import reasons


def record(
    gradients: Sequence[float],
    *,
    steps: float = 1e-3,
    dead: float = 0.0,
    saturated: float = 0.0,
) -> pd.DataFrame:
    """Two looks inside; layers as many as gradients, the last one the output."""
    rows = [
        {
            "step": step,
            "epoch": step / 10,
            "layer": layer,
            "gradient_rms": gradient,
            "update_ratio": steps if step else float("nan"),
            "dead_share": dead if layer == 1 and step else 0.0,
            "saturated_share": saturated if layer == 2 else 0.0,
        }
        for step in (0, 10)
        for layer, gradient in enumerate(gradients, start=1)
    ]
    return pd.DataFrame(rows)


GOOD = record([2e-3, 3e-3, 1e-2])


def test_a_gradient_that_vanishes_is_named_with_its_layer_and_both_ratios() -> None:
    found = reasons(record([1e-9, 1e-5, 1e-2]), GOOD)
    assert found[0].code == "vanishing"
    assert found[0].layer == 1
    assert found[0].behind == pytest.approx(1e7)
    assert found[0].ahead == pytest.approx(5)


def test_a_gradient_that_is_small_everywhere_does_not_vanish_but_is_faint() -> None:
    """ReLU with Glorot's weights: flat, and a thousand times weaker than with He's."""
    (reason,) = reasons(record([5e-6, 5e-6, 1e-5]), GOOD)
    assert reason.code == "faint"
    assert reason.behind == pytest.approx(5e-6)
    assert reason.ratio == pytest.approx((2e-3 * 3e-3) ** 0.5 / 5e-6)


def test_dead_units_come_first_and_saturated_ones_are_named() -> None:
    assert [reason.code for reason in reasons(record([2e-3, 3e-3, 1e-2], dead=1.0), GOOD)] == ["dead"]
    (reason,) = reasons(record([2e-3, 3e-3, 1e-2], saturated=0.7), GOOD)
    assert (reason.code, reason.layer, reason.behind, reason.ahead) == ("saturated", 2, 0.7, 0.0)


def test_small_steps_are_slow() -> None:
    (reason,) = reasons(record([2e-3, 3e-3, 1e-2], steps=1e-4), GOOD)
    assert reason.code == "slow"
    assert reason.ratio == pytest.approx(10)


@pytest.mark.parametrize(
    ("behind", "ahead"),
    [
        (GOOD, GOOD),
        (record([1e-3, 2e-3, 1e-2]), GOOD),  # a little weaker explains nothing
        (record([2e-3, 3e-3, 1e-2], dead=0.95), record([2e-3, 3e-3, 1e-2], dead=0.9)),  # in both
        (record([1e-9, 1e-5, 1e-2]), record([1e-9, 1e-5, 1e-2])),
        (GOOD.iloc[:0], GOOD),
        (record([0.5]), record([0.5])),  # no hidden layer
    ],
)
def test_what_does_not_differ_by_far_is_no_reason(behind: pd.DataFrame, ahead: pd.DataFrame) -> None:
    assert reasons(behind, ahead) == []


def test_no_gradient_at_all_is_told_in_finite_words() -> None:
    codes = [reason.code for reason in reasons(record([0.0, 0.0, 1e-2]), GOOD)]
    assert codes[0] == "vanishing"
