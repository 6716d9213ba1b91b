"""An exam is taken, kept and read again; and whether two shares of mistakes differ by more than luck."""

import json

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.reading.evaluation import evaluate
from core.reading.exam import MOST_MISTAKES, DamagedExam, Exam, beyond_luck, sit


@pytest.fixture(scope="module")
def taken() -> Exam:
    mnist = load_mnist()
    return sit(shipped.load().network, mnist.test_images, mnist.test_labels, "cross-entropy")


def test_an_exam_is_what_the_network_answers(taken: Exam) -> None:
    mnist = load_mnist()
    probabilities = shipped.load().network.probabilities(mnist.test_images)
    np.testing.assert_array_equal(taken.answers, probabilities.argmax(axis=1))
    assert taken.result.wrong == evaluate(np.log(probabilities), mnist.test_labels).wrong
    assert len(taken.surest) == MOST_MISTAKES
    for mistake in taken.surest[:5]:
        assert taken.answers[mistake.place] != mnist.test_labels[mistake.place]
        assert mistake.probability == pytest.approx(probabilities[mistake.place].max())


def test_what_is_kept_is_read_again_and_small_enough_for_the_store(taken: Exam) -> None:
    text = json.dumps(taken.to_json())
    again = Exam.from_json(json.loads(text))
    assert len(text) < 100_000
    np.testing.assert_array_equal(again.answers, taken.answers)
    np.testing.assert_array_equal(again.result.confusion, taken.result.confusion)
    assert again.surest == taken.surest
    assert again.result.interval == taken.result.interval


@pytest.mark.parametrize(
    "change",
    [
        {"confusion": [[1]]},
        {"answers": "12x"},
        {"answers": None},
        {"interval": [1]},
        {"surest": [[1]]},
        {"loss": "low"},
        {"count": None},
    ],
)
def test_a_damaged_exam_is_refused_by_name(taken: Exam, change: dict[str, object]) -> None:
    with pytest.raises(DamagedExam):
        Exam.from_json(taken.to_json() | change)
    with pytest.raises(DamagedExam):
        Exam.from_json({})


def test_luck_explains_small_differences_only() -> None:
    assert not beyond_luck(244, 10_000, 121, 5_000)
    assert beyond_luck(244, 10_000, 60, 5_000)
    assert not beyond_luck(0, 10, 0, 5_000)


def test_luck_is_found_beyond_itself_in_one_of_twenty_draws() -> None:
    generator = np.random.default_rng(2)
    test, validation = generator.binomial(10_000, 0.025, 2_000), generator.binomial(5_000, 0.025, 2_000)
    share = np.mean([beyond_luck(a, 10_000, b, 5_000) for a, b in zip(test, validation, strict=True)])
    assert 0.035 < share < 0.065
