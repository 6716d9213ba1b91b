"""The chain rule against differences, and what a step does to the loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.architecture.first_weights import draw_weights
from core.dataset.normalization import fit
from core.reading import shipped
from core.settings import NetworkSettings
from core.theory.one_step import OneStep, Weight

RANDOM = np.random.default_rng(7)
IMAGES = RANDOM.integers(0, 256, (32, 28, 28)).astype(np.uint8)
LABELS = RANDOM.integers(0, 10, 32).astype(np.uint8)


def one_step(**options: Any) -> OneStep:
    network = NetworkSettings(hidden=(7, 5), **options)
    return OneStep(network, draw_weights(network, 1), fit("z-score", IMAGES), IMAGES, LABELS)


@pytest.mark.parametrize(
    "options",
    [{}, {"activation": "tanh"}, {"activation": "maxout"}, {"batch_normalization": True}],
    ids=str,
)
@pytest.mark.parametrize("layer", ["dense_1", "dense_2", "output"])
def test_the_chain_rule_s_number_is_the_measured_slope(options: dict[str, Any], layer: str) -> None:
    step = one_step(**options)
    weight = step.steepest(layer)
    gradient = step.shares(weight).gradient
    assert gradient == pytest.approx(step.by_weights[f"{layer}/kernel"][weight.source, weight.target])
    assert gradient == pytest.approx(step.measured_slope(weight), rel=1e-5)
    assert gradient != 0


def test_delta_is_what_arrives_times_the_activations_slope() -> None:
    step = one_step(activation="tanh")
    shares = step.shares(Weight("dense_1", 400, 3))
    assert shares.arriving is not None
    assert shares.activation_slopes is not None
    np.testing.assert_allclose(shares.slopes, shares.arriving * shares.activation_slopes)
    back = step.gradients.sums["dense_2"] @ step.weights["dense_2/kernel"][3]
    np.testing.assert_allclose(shares.arriving, back)
    assert one_step(batch_normalization=True).shares(Weight("dense_1", 0, 0)).arriving is None
    assert step.shares(Weight("output", 0, 0)).arriving is None


def test_at_the_output_delta_is_the_error_over_the_batch() -> None:
    step = one_step()
    shifted = np.exp(step.scores - step.scores.max(axis=1, keepdims=True))
    errors = shifted / shifted.sum(axis=1, keepdims=True) - np.eye(10)[LABELS]
    np.testing.assert_allclose(step.shares(Weight("output", 2, 4)).slopes, errors[:, 4] / 32)


def test_the_forward_pass_is_what_a_trained_network_answers() -> None:
    loaded = shipped.load()
    network = loaded.network
    step = OneStep(loaded.settings.network, network.weights, network.normalization, IMAGES, LABELS)
    np.testing.assert_allclose(step.scores, network.scores(IMAGES), rtol=1e-3, atol=1e-3)


def test_a_small_step_lowers_the_loss_by_rate_times_the_squared_gradient_and_a_huge_one_does_not() -> None:
    step = one_step(activation="tanh")
    squared = sum(float(np.square(gradient).sum()) for gradient in step.by_weights.values())
    assert step.loss - step.loss_after(1e-6) == pytest.approx(1e-6 * squared, rel=1e-2)
    assert step.loss_after(0.0) == pytest.approx(step.loss)
    assert step.loss_after(1e4) > step.loss
    before = {name: value.copy() for name, value in step.weights.items()}
    step.updated(1.0)
    assert all(np.array_equal(before[name], value) for name, value in step.weights.items())  # nothing moved


def test_averages_of_batch_normalisation_are_no_weights_to_learn() -> None:
    step = one_step(batch_normalization=True)
    after = step.updated(0.1)
    assert "batch_normalization_1/moving_mean" not in step.by_weights
    assert after["batch_normalization_1/moving_mean"] is step.weights["batch_normalization_1/moving_mean"]
