"""Judging answers: against scikit-learn, against formulas by hand, and what must be refused."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from core.reading.evaluation import NothingToEvaluate, confused, evaluate, surest_mistakes, wilson


def answers(count=500, seed=3):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 10, count).astype(np.uint8)
    scores = generator.normal(0, 1, (count, 10)) + 2 * np.eye(10)[labels]
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return probabilities.astype(np.float32), labels


def test_the_figures_are_those_of_scikit_learn():
    probabilities, labels = answers()
    found = evaluate(np.log(probabilities), labels)
    predictions = probabilities.argmax(axis=1)
    assert found.accuracy == pytest.approx(metrics.accuracy_score(labels, predictions))
    assert found.loss == pytest.approx(metrics.log_loss(labels, probabilities, labels=range(10)), rel=1e-5)
    np.testing.assert_array_equal(
        found.confusion, metrics.confusion_matrix(labels, predictions, labels=range(10))
    )
    assert (found.wrong, found.count) == (500 - found.confusion.trace(), 500)


def test_squared_error_is_the_mean_over_the_ten_digits():
    found = evaluate(np.zeros((1, 10), np.float32), np.array([3]), "squared-error")
    assert found.loss == pytest.approx((0.9**2 + 9 * 0.1**2) / 10)


def test_a_certain_wrong_answer_costs_all_that_it_costs():
    """A score 1,000 ahead is a probability of 1 in any float; its loss is still 1,000."""
    scores = 1_000 * np.eye(10, dtype=np.float32)[[4]]
    assert evaluate(scores, np.array([5])).loss == pytest.approx(1_000)
    assert evaluate(scores, np.array([4])).loss == 0


@pytest.mark.parametrize(("right", "count"), [(9756, 10_000), (1, 7), (5, 5), (0, 3)])
def test_the_interval_is_scipy_s(right, count):
    interval = binomtest(right, count).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(right, count) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_the_surest_mistakes_come_first_and_right_answers_never():
    probabilities, labels = answers()
    places = surest_mistakes(probabilities, labels, 20)
    certainty = probabilities[places].max(axis=1)
    assert len(places) == 20
    assert (np.diff(certainty) <= 0).all()
    assert (probabilities[places].argmax(axis=1) != labels[places]).all()
    wrong = probabilities.argmax(axis=1) != labels
    assert certainty[0] == probabilities[wrong].max()
    assert not len(surest_mistakes(np.eye(10, dtype=np.float32), np.arange(10), 5))


def test_a_cell_of_the_matrix_holds_its_images():
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
def test_what_cannot_be_judged_is_refused_by_name(probabilities, labels):
    with pytest.raises(NothingToEvaluate):
        evaluate(probabilities, labels)
