"""The losses: what a wrong answer costs, and how hard it pushes, one row for each.

NumPy and SciPy only. Both are what Keras computes over the ten probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from core.errors import N_

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Loss:
    """One loss of scores (n, classes), the weighted sums before the softmax, and labels (n,).

    From scores instead of probabilities, as in training: a probability too small for a float still counts.
    ``values`` gives the losses (n,) ≥ 0, ``gradient`` their derivatives (n, classes) by the scores.
    ``keras_name`` is what ``compile(loss=...)`` calls it; ``wants_one_hot``: with ten numbers a label, a 1 at
    the right digit. ``smoothed_class``: the class in ``keras.losses`` that takes ``label_smoothing``, with
    ten numbers a label; "" where Keras has none.
    """

    code: str
    name: str
    help: str
    keras_name: str
    wants_one_hot: bool
    values: Callable[[Array, Labels], Array]
    gradient: Callable[[Array, Labels], Array]
    smoothed_class: str = ""

    @property
    def can_be_smoothed(self) -> bool:
        """Whether label smoothing has an effect with this loss."""
        return bool(self.smoothed_class)


def _errors(scores: Array, labels: Labels) -> Array:
    """(n, classes): each probability minus what is wanted, 1 at the label and 0 elsewhere."""
    wanted = np.eye(scores.shape[1], dtype=scores.dtype)[labels]
    errors: Array = softmax(scores, axis=1) - wanted
    return errors


def _cross_entropy(scores: Array, labels: Labels) -> Array:
    losses: Array = -log_softmax(scores, axis=1)[np.arange(len(labels)), labels]
    return losses


def _squared_error(scores: Array, labels: Labels) -> Array:
    losses: Array = np.square(_errors(scores, labels)).mean(axis=1)
    return losses


def _squared_error_gradient(scores: Array, labels: Labels) -> Array:
    """By the chain rule: dp_k / ds_j = p_k · (1 if k = j else 0) − p_k · p_j for a softmax."""
    probabilities = softmax(scores, axis=1)
    by_probability = 2 * _errors(scores, labels) / scores.shape[1]
    gradient: Array = probabilities * (
        by_probability - (by_probability * probabilities).sum(axis=1, keepdims=True)
    )
    return gradient


_ROWS = (
    Loss(
        code="cross-entropy",
        name=N_("Cross-entropy"),
        help=N_(
            "Minus the logarithm of the right digit's probability: the surer of something wrong, the dearer."
        ),
        keras_name="sparse_categorical_crossentropy",
        wants_one_hot=False,
        values=_cross_entropy,
        gradient=_errors,
        smoothed_class="CategoricalCrossentropy",
    ),
    Loss(
        code="squared-error",
        name=N_("Mean squared error"),
        help=N_("The mean of ten squared differences between probability and truth; at most 0.2."),
        keras_name="mean_squared_error",
        wants_one_hot=True,
        values=_squared_error,
        gradient=_squared_error_gradient,
    ),
)

LOSSES: Mapping[str, Loss] = {row.code: row for row in _ROWS}
"""Code → row, in the order in which they are offered."""
