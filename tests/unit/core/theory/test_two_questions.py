"""Which digit or how much: what is read, which pictures waver, and in which order they are learnt."""

from __future__ import annotations

import numpy as np

from core.theory import two_questions
from core.theory.two_questions import BATCH, STEPS, batches, looks, read, wavering


def answers(*pairs: dict[int, float]) -> np.ndarray:
    """Probabilities (n, 10) with these digits' shares, 0 elsewhere."""
    return np.array([[pair.get(digit, 0.0) for digit in range(10)] for pair in pairs])


def test_a_number_is_read_as_the_nearest_digit_there_is() -> None:
    np.testing.assert_array_equal(read(np.array([[-3.2], [0.4], [3.6], [44.0]])), [0, 0, 4, 9])
    np.testing.assert_array_equal(read(np.eye(10)), range(10))


def test_a_one_or_seven_that_becomes_four_is_found_and_nothing_else() -> None:
    probabilities = answers(
        {1: 0.7, 7: 0.3},  # wavers; the number is 4
        {1: 0.55, 7: 0.45},  # wavers more; the number is 7
        {4: 0.6, 5: 0.4},  # neighbours
        {1: 0.95, 7: 0.05},  # sure enough
        {3: 0.8, 9: 0.2},  # wavers, but the number is right
    )
    numbers = np.array([[4.1], [6.8], [4.4], [4.0], [5.2]])
    found = wavering(probabilities, numbers, np.array([7, 7, 4, 1, 5]))
    np.testing.assert_array_equal(found.places, [1, 0, 4])
    np.testing.assert_array_equal(found.between, [False, True, False])


def test_each_epoch_uses_every_image_once() -> None:
    places = batches(4_000)
    assert len(places) == STEPS
    assert {len(rows) for rows in places} == {BATCH}
    first, second = np.concatenate(places[:125]), np.concatenate(places[125:250])
    np.testing.assert_array_equal(np.sort(first), range(4_000))
    np.testing.assert_array_equal(np.sort(second), range(4_000))
    assert (first != second).any()


def test_orders_are_joined_once_for_all_steps() -> None:
    first, *others = batches(10_000)
    assert first.base is not None
    assert all(rows.base is first.base for rows in others)


def test_three_networks_begin_with_the_same_hidden_layer() -> None:
    first = [two_questions.first_weights(code) for code in two_questions.QUESTIONS]
    for weights in first:
        np.testing.assert_array_equal(weights["dense_1/kernel"], first[0]["dense_1/kernel"])
    assert [weights["output/kernel"].shape for weights in first] == [(100, 10), (100, 10), (100, 1)]
    assert looks()[[0, -1]].tolist() == [0, STEPS]
