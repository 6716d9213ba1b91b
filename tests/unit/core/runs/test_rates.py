"""The learning rate of each step; Keras' own schedules are asked in tests/worker/core/network."""

import numpy as np
import pytest

from core.runs.rates import at_usual_rate, drawn, is_scheduled, rates, told, usual_rate
from core.settings import DEFAULT, TrainingSettings

PLAIN = TrainingSettings(learning_rate=0.1, epochs=10)


def whole(training: TrainingSettings, steps: int = 20) -> np.ndarray:
    return np.concatenate([rates(training, steps, epoch) for epoch in range(training.epochs)])


def test_an_optimiser_has_its_usual_rate_whatever_the_rest() -> None:
    adam = DEFAULT.change(optimizer="adam", learning_rate=0.3, schedule="cosine")
    assert usual_rate(adam.training) == 0.001
    assert at_usual_rate(adam) == adam.change(learning_rate=0.001)
    assert at_usual_rate(DEFAULT) == DEFAULT


def test_a_constant_rate_is_no_schedule() -> None:
    assert not is_scheduled(DEFAULT.training)
    np.testing.assert_array_equal(whole(PLAIN), np.float32(0.1))
    for change in (
        {"schedule": "step"},
        {"schedule": "cosine"},
        {"warm_up": 0.5},
        {"rate_changes": ((1, 1.0),)},
    ):
        assert is_scheduled(DEFAULT.change(**change).training)


def test_steps_fall_at_epochs_ends_and_cosine_ends_at_nothing() -> None:
    step = whole(TrainingSettings(learning_rate=0.8, epochs=10, schedule="step", drop_every=4))
    assert sorted(set(step.tolist())) == pytest.approx([0.2, 0.4, 0.8])
    assert list(np.flatnonzero(np.diff(step)) + 1) == [80, 160]
    cosine = TrainingSettings(learning_rate=0.8, epochs=10, schedule="cosine")
    found = whole(cosine)
    assert found[0] == np.float32(0.8)
    assert found[100] == pytest.approx(0.4)
    assert (np.diff(found) < 0).all()
    np.testing.assert_array_equal(rates(cosine, 20, 10), 0)  # gone on with, it learns nothing more


def test_a_warm_up_rises_evenly_from_nothing_and_may_end_amid_an_epoch() -> None:
    found = whole(TrainingSettings(learning_rate=0.1, epochs=10, warm_up=1.5))
    np.testing.assert_allclose(found[:30], 0.1 * np.arange(30) / 30, rtol=1e-6)
    np.testing.assert_array_equal(found[30:], np.float32(0.1))


def test_a_later_rate_overrides_whatever_was_before() -> None:
    training = TrainingSettings(
        learning_rate=0.1, epochs=10, schedule="cosine", warm_up=3.0, rate_changes=((2, 0.05), (4, 0.01))
    )
    found = whole(training)
    np.testing.assert_array_equal(
        found[:40], whole(TrainingSettings(**(vars(training) | {"rate_changes": ()})))[:40]
    )
    np.testing.assert_array_equal(found[40:80], np.float32(0.05))
    np.testing.assert_array_equal(found[80:], np.float32(0.01))


def test_what_is_drawn_is_what_the_steps_use() -> None:
    training = TrainingSettings(learning_rate=0.8, epochs=6, schedule="step", drop_every=2, warm_up=0.5)
    places, found = drawn(training, 1_719, 6)
    used = whole(training, 1_719)
    assert len(places) <= 400
    np.testing.assert_array_equal(found, used[(places * 1_719).round().astype(int)])
    assert {used.max(), used[0], used[-1]} <= set(found.tolist())
    fall = np.flatnonzero(np.diff(found) < 0)
    np.testing.assert_allclose(np.diff(places)[fall], 1 / 1_719, rtol=1e-9)  # a stair is upright
    places, found = drawn(TrainingSettings(epochs=1_000, schedule="cosine"), 1_719, 1_000)
    assert len(places) == 200
    assert (places[0], round(places[-1])) == (0, 1_000)
    assert len(drawn(training, 1, 1)[0]) == 1


def test_a_rate_is_told_in_three_digits_and_as_nothing_beside_a_far_higher_one() -> None:
    assert [told(rate, 0.01) for rate in (0.01, 0.0012345, 1e-5, 9.9e-6, 0.0)] == [0.01, 0.00123, 1e-5, 0, 0]
