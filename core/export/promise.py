"""What is promised of exported source's numbers: no more than was measured."""

from __future__ import annotations

from core.settings import Settings

SMOOTH = ("sigmoid", "tanh", "elu")
"""Activations without a kink, at which rounding could decide on a slope."""
CALM = 0.1
"""The highest rate at which rounding was seen to stay rounding."""


def prints_the_labs_digits(settings: Settings) -> bool:
    """Whether the source prints the lab's numbers to all four digits, where that was seen.

    Keras rounds otherwise than the lab, which compiles whole steps. In four epochs on 20,000 images numbers
    stayed within 0.00005 for such settings, with L2, smoothed labels, staircase and cosine too; they came to
    be 0.0005 apart with ReLU, 0.001 with maxout, 0.005 with GELU and Nadam, 0.013 with ReLU and Adam. With
    tanh and a rate of 0.3 they were 0.3 apart after five epochs on 1,000 images, and ended early elsewhere.
    """
    network, training = settings.network, settings.training
    if draws_in_its_steps(settings):
        return False
    is_smooth = not network.hidden or (network.activation in SMOOTH and len(network.hidden) <= 2)
    highest = max([training.learning_rate, *(rate for _epoch, rate in training.rate_changes)])
    is_calm = training.optimizer == "sgd" and highest <= CALM
    return is_smooth and is_calm and not network.batch_normalization


def draws_in_its_steps(settings: Settings) -> bool:
    """Whether chance decides within a training step: Keras draws other numbers there than the lab.

    Its figures were then as far from the lab's as those of another seed, or nearer
    (``tests/worker/core/export/test_source_runs.py``).
    """
    training = settings.training
    dropout = settings.network.dropout if settings.network.hidden else 0.0
    return any((dropout, training.shift, training.turn, training.thickness))
