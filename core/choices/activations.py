"""The activations: formula, function, derivative, and the initial weights usual for each, one row for each.

NumPy and SciPy only. Functions and derivatives keep the dtype of their input and do not overflow. Where a
function has a kink, formula and derivative are what TensorFlow's automatic differentiation uses there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr

from core.errors import N_

Array = npt.NDArray[np.floating[Any]]

LEAKY_SLOPE = 0.2
"""Slope for negative inputs: what ``keras.activations.leaky_relu`` uses."""
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
"""The two constants of Klambauer et al., Self-Normalizing Neural Networks (2017)."""


@dataclass(frozen=True)
class Activation:
    """One activation function and what is known about it.

    ``function`` and ``derivative`` map an array to an array of the same shape and dtype (float32 or
    float64). Maxout differs, as each of its units has two weighted sums (``pieces``): its function maps
    (…, pieces) to (…), the largest of the pieces, and its derivative maps (…, pieces) to (…, pieces), the
    share of each piece in the largest.

    ``keras_name`` is what ``keras.layers.Dense(activation=...)`` calls it; None where Keras has none.
    ``limits`` and ``initializer_reason`` are plain sentences; ``value_range`` is LaTeX. ``initializer`` is
    the code of the usual one. ``ends``: the two values between which it saturates, None where it does not.
    ``can_die``: exactly flat below 0, so that a unit can be 0 for every image and get no gradient.
    """

    code: str
    name: str
    keras_name: str | None
    formula_latex: str
    derivative_latex: str
    value_range: str
    limits: str
    initializer: str
    initializer_reason: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    pieces: int = 1
    ends: tuple[float, float] | None = None
    can_die: bool = False

    def outputs(self, sums: Array) -> Array:
        """What a layer puts out: weighted sums (n, pieces · units) → (n, units)."""
        return self.function(self._by_unit(sums))

    def gradient(self, sums: Array, gradient: Array) -> Array:
        """Back through a layer: the gradient by its outputs (n, units) → by its sums (n, pieces · units)."""
        if self.pieces == 1:
            return gradient * self.derivative(sums)
        return (gradient[..., np.newaxis] * self.derivative(self._by_unit(sums))).reshape(sums.shape)

    def _by_unit(self, sums: Array) -> Array:
        return sums if self.pieces == 1 else sums.reshape(len(sums), -1, self.pieces)

    def curve(self, x: Array) -> Array:
        """The function over (n,) inputs, for a picture; with pieces, the larger of two example lines."""
        return self.function(x if self.pieces == 1 else _two_lines(x))

    def slope(self, x: Array) -> Array:
        """The derivative of ``curve`` over (n,) inputs."""
        if self.pieces == 1:
            return self.derivative(x)
        return self.derivative(_two_lines(x)) @ np.asarray([line[0] for line in EXAMPLE_LINES], x.dtype)


EXAMPLE_LINES = ((-0.5, -0.5), (1.0, 0.0))
"""Slope and offset of the two lines in maxout's picture; in a network they are learnt."""


def _two_lines(x: Array) -> Array:
    return np.stack([(slope * x + offset).astype(x.dtype) for slope, offset in EXAMPLE_LINES], axis=-1)


def _gelu_derivative(x: Array) -> Array:
    density = np.exp(-np.square(np.clip(x, -40, 40)) / 2) / math.sqrt(2 * math.pi)
    slope: Array = ndtr(x) + x * density
    return slope


def _maxout_derivative(pieces: Array) -> Array:
    largest = (pieces == pieces.max(axis=-1, keepdims=True)).astype(pieces.dtype)
    shares: Array = largest / largest.sum(axis=-1, keepdims=True)
    return shares


_ROWS = (
    Activation(
        code="sigmoid",
        name=N_("Sigmoid"),
        keras_name="sigmoid",
        formula_latex=r"f(x) = \frac{1}{1 + e^{-x}}",
        derivative_latex=r"f'(x) = f(x)\,\bigl(1 - f(x)\bigr)",
        value_range=r"(0,\ 1)",
        limits=N_("Saturates on both sides: beyond about ±5 it is flat. Its slope is never more than 1/4."),
        initializer="glorot",
        initializer_reason=N_(
            "The usual choice for curves like an S (Glorot and Bengio 2010). It was worked out for a "
            "slope of 1 at 0, and sigmoid's is only 1/4: from layer to layer, images come to differ "
            "less."
        ),
        function=expit,
        derivative=lambda x: expit(x) * expit(-x),
        ends=(0.0, 1.0),
    ),
    Activation(
        code="tanh",
        name=N_("tanh"),
        keras_name="tanh",
        formula_latex=r"f(x) = \tanh x = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
        derivative_latex=r"f'(x) = 1 - f(x)^2",
        value_range=r"(-1,\ 1)",
        limits=N_("Saturates on both sides: beyond about ±3 it is flat."),
        initializer="glorot",
        initializer_reason=N_(
            "Near 0 it is almost the line y = x, so that weights which keep the spread of small sums "
            "keep that of outputs, forwards and backwards (Glorot and Bengio 2010); large sums are "
            "squeezed."
        ),
        function=np.tanh,
        derivative=lambda x: 4 * expit(2 * x) * expit(-2 * x),
        ends=(-1.0, 1.0),
    ),
    Activation(
        code="relu",
        name=N_("ReLU"),
        keras_name="relu",
        formula_latex=r"f(x) = \max(0,\ x)",
        derivative_latex=r"f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        value_range=r"[0,\ \infty)",
        limits=N_(
            "Flat on the left: a unit whose sums are all negative is dead. It gives 0 and gets no gradient."
        ),
        initializer="he",
        initializer_reason=N_(
            "It cuts negative sums away, which halves the mean square of sums that lie symmetrically "
            "around 0; weights of twice the variance make up for that (He et al. 2015)."
        ),
        function=lambda x: np.maximum(x, 0),
        derivative=lambda x: (x > 0).astype(x.dtype),
        can_die=True,
    ),
    Activation(
        code="leaky-relu",
        name=N_("Leaky ReLU"),
        keras_name="leaky_relu",
        formula_latex=rf"f(x) = \begin{{cases}} x & x > 0 \\ {LEAKY_SLOPE}\,x & x \le 0 \end{{cases}}",
        derivative_latex=rf"f'(x) = \begin{{cases}} 1 & x > 0 \\ {LEAKY_SLOPE} & x \le 0 \end{{cases}}",
        value_range=r"(-\infty,\ \infty)",
        limits=N_("Never flat, so no unit dies."),
        initializer="he",
        initializer_reason=N_(
            "It lets a fifth of each negative sum through, so that 0.52 of the mean square of sums "
            "that lie symmetrically around 0 is left; twice the variance makes that 1.04 (He et al. 2015)."
        ),
        function=lambda x: np.where(x > 0, x, LEAKY_SLOPE * x),
        derivative=lambda x: np.where(x > 0, 1, LEAKY_SLOPE).astype(x.dtype),
    ),
    Activation(
        code="elu",
        name=N_("ELU"),
        keras_name="elu",
        formula_latex=r"f(x) = \begin{cases} x & x > 0 \\ e^{x} - 1 & x \le 0 \end{cases}",
        derivative_latex=r"f'(x) = \begin{cases} 1 & x > 0 \\ e^{x} & x \le 0 \end{cases}",
        value_range=r"(-1,\ \infty)",
        limits=N_(
            "Flat on the far left, below about −5. The mean of its outputs lies nearer to 0 than ReLU's."
        ),
        initializer="he",
        initializer_reason=N_(
            "Usual because it resembles ReLU, for which it was worked out (He et al. 2015). Here it "
            "makes up for too much: below 0 ELU lets more through than ReLU."
        ),
        function=lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        derivative=lambda x: np.exp(np.minimum(x, 0)),
    ),
    Activation(
        code="maxout",
        name=N_("Maxout"),
        keras_name=None,
        formula_latex=r"f(x) = \max(z_1,\ z_2), \quad z_i = w_i x + b_i",
        derivative_latex=r"\frac{\partial f}{\partial z_1} = \begin{cases} 1 & z_1 > z_2 \\ "
        r"\frac{1}{2} & z_1 = z_2 \\ 0 & z_1 < z_2 \end{cases}",
        value_range=r"(-\infty,\ \infty)",
        limits=N_("Never flat: the network learns two lines for each unit, with twice the weights."),
        initializer="lecun",
        initializer_reason=N_(
            "The larger of two independent, equally spread sums that lie symmetrically around 0 has the same "
            "mean square as either, so variance 1/n keeps a signal's strength (Tseran and Montúfar 2023)."
        ),
        function=lambda x: x.max(axis=-1),
        derivative=_maxout_derivative,
        pieces=2,
    ),
    Activation(
        code="gelu",
        name=N_("GELU"),
        keras_name="gelu",
        formula_latex=r"f(x) = x\,\Phi(x) = \frac{x}{2}\Bigl(1 + \operatorname{erf}\frac{x}{\sqrt 2}\Bigr)",
        derivative_latex=r"f'(x) = \Phi(x) + \frac{x}{\sqrt{2\pi}}\,e^{-x^2/2}",
        value_range=r"[-0.17,\ \infty)",
        limits=N_("Flat on the far left, below about −3."),
        initializer="he",
        initializer_reason=N_(
            "Usual because it resembles ReLU, for which it was worked out (He et al. 2015). Here it "
            "is not enough: small sums come out halved, so that signals weaken from layer to layer."
        ),
        function=lambda x: x * ndtr(x),
        derivative=_gelu_derivative,
    ),
    Activation(
        code="selu",
        name=N_("SELU"),
        keras_name="selu",
        formula_latex=r"f(x) = \begin{cases} 1.0507\,x & x > 0 \\ 1.7581\,(e^{x} - 1) & x \le 0 \end{cases}",
        derivative_latex=r"f'(x) = \begin{cases} 1.0507 & x \ge 0 \\ 1.7581\,e^{x} & x < 0 \end{cases}",
        value_range=r"(-1.76,\ \infty)",
        limits=N_("Flat on the far left, below about −5."),
        initializer="lecun",
        initializer_reason=N_(
            "Its two constants are worked out for weights of mean 0 and variance 1/n; only then do the "
            "outputs settle (Klambauer et al. 2017)."
        ),
        function=lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0))),
        derivative=lambda x: np.where(
            x >= 0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * np.exp(np.minimum(x, 0))
        ).astype(x.dtype),
    ),
    Activation(
        code="swish",
        name=N_("Swish"),
        keras_name="silu",
        formula_latex=r"f(x) = x\,\sigma(x) = \frac{x}{1 + e^{-x}}",
        derivative_latex=r"f'(x) = \sigma(x)\,\bigl(1 + x\,(1 - \sigma(x))\bigr)",
        value_range=r"[-0.28,\ \infty)",
        limits=N_("Flat on the far left, below about −6."),
        initializer="he",
        initializer_reason=N_(
            "Usual because it resembles ReLU, for which it was worked out (He et al. 2015). Here it "
            "is not enough: small sums come out halved, so that signals weaken from layer to layer."
        ),
        function=lambda x: x * expit(x),
        derivative=lambda x: expit(x) * (1 + x * expit(-x)),
    ),
    Activation(
        code="softplus",
        name=N_("Softplus"),
        keras_name="softplus",
        formula_latex=r"f(x) = \ln(1 + e^{x})",
        derivative_latex=r"f'(x) = \sigma(x) = \frac{1}{1 + e^{-x}}",
        value_range=r"(0,\ \infty)",
        limits=N_("Flat on the far left, below about −5."),
        initializer="he",
        initializer_reason=N_(
            "Usual because it resembles ReLU, for which it was worked out (He et al. 2015). It does "
            "not fit softplus, which is never below 0 and 0.69 at 0: outputs grow, and what images "
            "have in common outweighs their differences."
        ),
        function=lambda x: np.logaddexp(x, np.zeros_like(x)),
        derivative=expit,
    ),
    Activation(
        code="linear",
        name=N_("Linear (none)"),
        keras_name="linear",
        formula_latex=r"f(x) = x",
        derivative_latex=r"f'(x) = 1",
        value_range=r"(-\infty,\ \infty)",
        limits=N_("Never flat, but any number of linear layers is worth only one."),
        initializer="glorot",
        initializer_reason=N_(
            "A linear unit changes nothing: between layers of equal width these weights keep the spread of a "
            "signal, forwards and backwards (Glorot and Bengio 2010)."
        ),
        function=lambda x: x,
        derivative=np.ones_like,
    ),
)

ACTIVATIONS: Mapping[str, Activation] = {row.code: row for row in _ROWS}
"""Code → row, in the order in which they are offered."""
