"""The two losses against scikit-learn and finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import log_loss, mean_squared_error

from core.choices.losses import LOSSES
from core.theory.one_answer import loss, push

P = np.array([0.001, 0.1, 0.5, 0.9, 0.999])


def _answer(p: Any) -> Any:
    answer = np.full(10, (1 - p) / 9)
    answer[7] = p
    return answer


@pytest.mark.parametrize("p", P)
def test_losses_are_those_of_scikit_learn(p: Any) -> None:
    answer = _answer(p)
    assert float(loss("cross-entropy", p)) == pytest.approx(log_loss([7], answer[None], labels=range(10)))
    assert float(loss("squared-error", p)) == pytest.approx(mean_squared_error(np.eye(10)[7], answer))


def test_a_guess_costs_ln_10_and_certainty_nothing() -> None:
    assert float(loss("cross-entropy", np.array(0.1))) == pytest.approx(2.302585)
    assert float(loss("cross-entropy", np.array(1.0))) == 0
    assert float(loss("squared-error", np.array(1.0))) == 0


@pytest.mark.parametrize("code", LOSSES)
@pytest.mark.parametrize("p", P)
def test_push_is_the_slope_by_the_score(code: Any, p: Any) -> None:
    scores = np.log(_answer(p))

    def loss_at(step: Any) -> Any:
        moved = scores.copy()
        moved[7] += step
        return float(loss(code, softmax(moved)[7]))

    slope = (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5
    assert float(push(code, p)) == pytest.approx(-slope, rel=1e-4, abs=1e-9)
