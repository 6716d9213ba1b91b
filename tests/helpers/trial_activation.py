"""One more activation, for trial: importing this before the tables are read adds a row to them.

Mish is x · tanh(ln(1 + eˣ)) (Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019).
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from core.choices import activations
from core.choices.activations import Activation, Array


def _bend(x: Array) -> Array:
    """tanh(ln(1 + eˣ))."""
    bend: Array = np.tanh(np.logaddexp(x, np.zeros_like(x)))
    return bend


MISH = Activation(
    code="mish",
    name="Mish",
    keras_name="mish",
    formula_latex=r"f(x) = x\,\tanh\ln(1 + e^{x})",
    derivative_latex=r"f'(x) = \frac{f(x)}{x} + x\,\sigma(x)\,\Bigl(1 - \bigl(\tfrac{f(x)}{x}\bigr)^2\Bigr)",
    value_range=r"[-0.31,\ \infty)",
    limits="Flat on the far left, below about −6.",
    initializer="he",
    initializer_reason="Usual because it resembles ReLU, for which it was worked out (He et al. 2015).",
    function=lambda x: x * _bend(x),
    derivative=lambda x: _bend(x) + x * expit(x) * (1 - np.square(_bend(x))),
)
activations.ACTIVATIONS = {**activations.ACTIVATIONS, MISH.code: MISH}
