"""Judging answers: against scikit-learn, against formulas by hand, and what must be refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from core.reading.evaluation import (
    NothingToEvaluate,
    confused,
    evaluate,
    next_accuracy,
    surest_mistakes,
    wilson,
)
from core.reading.exam import beyond_luck


def answers(count: int = 500, seed: int = 3) -> Any:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 10, count).astype(np.uint8)
    scores = generator.normal(0, 1, (count, 10)) + 2 * np.eye(10)[labels]
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return probabilities.astype(np.float32), labels


def test_the_figures_are_those_of_scikit_learn() -> None:
    probabilities, labels = answers()
    found = evaluate(np.log(probabilities), labels)
    predictions = probabilities.argmax(axis=1)
    assert found.accuracy == pytest.approx(metrics.accuracy_score(labels, predictions))
    assert found.loss == pytest.approx(metrics.log_loss(labels, probabilities, labels=range(10)), rel=1e-5)
    np.testing.assert_array_equal(
        found.confusion, metrics.confusion_matrix(labels, predictions, labels=range(10))
    )
    assert (found.wrong, found.count) == (500 - found.confusion.trace(), 500)


def test_squared_error_is_the_mean_over_the_ten_digits() -> None:
    found = evaluate(np.zeros((1, 10), np.float32), np.array([3]), "squared-error")
    assert found.loss == pytest.approx((0.9**2 + 9 * 0.1**2) / 10)


def test_a_certain_wrong_answer_costs_all_that_it_costs() -> None:
    """A score 1,000 ahead is a probability of 1 in any float; its loss is still 1,000."""
    scores = 1_000 * np.eye(10, dtype=np.float32)[[4]]
    assert evaluate(scores, np.array([5])).loss == pytest.approx(1_000)
    assert evaluate(scores, np.array([4])).loss == 0


@pytest.mark.parametrize(("right", "count"), [(9756, 10_000), (1, 7), (5, 5), (0, 3)])
def test_the_interval_is_scipy_s(right: int, count: int) -> None:
    interval = binomtest(right, count).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(right, count) == pytest.approx((interval.low, interval.high), abs=1e-9)


@pytest.mark.parametrize(("true", "count"), [(0.976, 10_000), (0.976, 5_000), (0.9, 200), (0.6, 40)])
def test_each_interval_covers_what_is_said_of_it(true: float, count: int) -> None:
    """Simulated. The true accuracy, and the next exam, in 19 of 20 cases; not the next exam by Wilson's."""
    trials = 4_000
    first, following = np.random.default_rng(5).binomial(count, true, (2, trials))
    holds_true = holds_next = wilson_holds_next = 0
    for right, then in zip(first.tolist(), (following / count).tolist(), strict=True):
        low, high = wilson(right, count)
        lowest, highest = next_accuracy(right, count, count)
        holds_true += low <= true <= high
        holds_next += lowest <= then <= highest
        wilson_holds_next += low <= then <= high
    assert holds_true / trials == pytest.approx(0.95, abs=0.015)
    assert holds_next / trials == pytest.approx(0.95, abs=0.02)
    assert wilson_holds_next / trials < 0.89


def test_the_next_exam_varies_by_the_root_of_two_more_and_a_very_large_one_as_the_truth() -> None:
    low, high = wilson(9_756, 10_000)
    lowest, highest = next_accuracy(9_756, 10_000, 10_000)
    assert (highest - lowest) / (high - low) == pytest.approx(math.sqrt(2), rel=1e-3)
    assert next_accuracy(9_756, 10_000, 10**12) == pytest.approx((low, high), abs=1e-7)


def test_the_next_exam_lies_where_it_could_not_be_told_from_the_first() -> None:
    low, high = next_accuracy(4_850, 5_000, 10_000)
    inside = [beyond_luck(150, 5_000, 10_000 - right, 10_000) for right in range(9_500, 10_000)]
    told = [not low <= right / 10_000 <= high for right in range(9_500, 10_000)]
    assert inside == told


@pytest.mark.parametrize(("right", "count"), [(0, 3), (3, 3), (1, 1)])
def test_the_next_exam_is_a_share(right: int, count: int) -> None:
    low, high = next_accuracy(right, count, 10)
    assert 0 <= low < high <= 1


def test_the_surest_mistakes_come_first_and_right_answers_never() -> None:
    probabilities, labels = answers()
    places = surest_mistakes(probabilities, labels, 20)
    certainty = probabilities[places].max(axis=1)
    assert len(places) == 20
    assert (np.diff(certainty) <= 0).all()
    assert (probabilities[places].argmax(axis=1) != labels[places]).all()
    wrong = probabilities.argmax(axis=1) != labels
    assert certainty[0] == probabilities[wrong].max()
    assert not len(surest_mistakes(np.eye(10, dtype=np.float32), np.arange(10), 5))


def test_a_cell_of_the_matrix_holds_its_images() -> None:
    labels, predictions = np.array([4, 4, 9, 4]), np.array([9, 4, 4, 9])
    assert list(confused(labels, predictions, 4, 9)) == [0, 3]
    assert list(confused(labels, predictions, 9, 9)) == []


@pytest.mark.parametrize(
    ("probabilities", "labels"),
    [
        (np.empty((0, 10), np.float32), np.empty(0, int)),
        (np.ones((3, 10), np.float32), np.zeros(2, int)),
        (np.ones((3, 9), np.float32), np.zeros(3, int)),
        (np.full((2, 10), np.nan, np.float32), np.zeros(2, int)),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(probabilities: Any, labels: Any) -> None:
    with pytest.raises(NothingToEvaluate):
        evaluate(probabilities, labels)
