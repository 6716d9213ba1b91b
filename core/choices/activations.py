"""The activations: formula, function, derivative, and the initial weights each one wants.

NumPy and SciPy only. Functions and derivatives keep the dtype of their input and do not overflow. Where a
function has a kink, the derivative is the one that TensorFlow's automatic differentiation uses there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, ndtr

from core.settings import MAXOUT_PIECES, NetworkSettings

Array = npt.NDArray[np.floating[Any]]

LEAKY_SLOPE = 0.2
"""Slope for negative inputs: what ``keras.activations.leaky_relu`` uses."""
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
"""The two constants of Klambauer et al., Self-Normalizing Neural Networks (2017)."""

INITIALIZER_LABELS: Mapping[str, str] = {
    "glorot": "Glorot uniform",
    "he": "He normal",
    "lecun": "LeCun normal",
}
INITIALIZER_VARIANCES: Mapping[str, str] = {
    "glorot": r"\operatorname{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}",
    "he": r"\operatorname{Var}(w) = \frac{2}{n_\text{in}}",
    "lecun": r"\operatorname{Var}(w) = \frac{1}{n_\text{in}}",
}


@dataclass(frozen=True)
class Activation:
    """One activation function and what is known about it.

    ``function`` and ``derivative`` map an array to an array of the same shape and dtype (float32 or
    float64). Maxout differs: its function maps (…, pieces) to (…), the largest of the pieces, and its
    derivative maps (…, pieces) to (…, pieces), the share of each piece in the largest.

    ``keras_name`` is what ``keras.layers.Dense(activation=...)`` calls it; None where Keras has none.
    ``shape``, ``limits`` and ``initializer_reason`` are plain sentences; ``value_range`` is LaTeX.
    """

    code: str
    label: str
    family: str
    keras_name: str | None
    formula_latex: str
    derivative_latex: str
    value_range: str
    shape: str
    limits: str
    initializer: str
    initializer_reason: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]

    def curve(self, x: Array) -> Array:
        """The function over (n,) inputs, for a picture; maxout as the larger of two example lines."""
        return self.function(_two_lines(x) if self.code == "maxout" else x)

    def slope(self, x: Array) -> Array:
        """The derivative of ``curve`` over (n,) inputs."""
        if self.code != "maxout":
            return self.derivative(x)
        return self.derivative(_two_lines(x)) @ np.asarray([line[0] for line in MAXOUT_LINES], x.dtype)


MAXOUT_LINES = ((-0.5, -0.5), (1.0, 0.0))
"""Slope and offset of the two lines in maxout's picture; in a network they are learnt."""


def _two_lines(x: Array) -> Array:
    return np.stack([(slope * x + offset).astype(x.dtype) for slope, offset in MAXOUT_LINES], axis=-1)


def _gelu_derivative(x: Array) -> Array:
    density = np.exp(-np.square(np.clip(x, -40, 40)) / 2) / math.sqrt(2 * math.pi)
    slope: Array = ndtr(x) + x * density
    return slope


def _maxout_derivative(pieces: Array) -> Array:
    largest = (pieces == pieces.max(axis=-1, keepdims=True)).astype(pieces.dtype)
    shares: Array = largest / largest.sum(axis=-1, keepdims=True)
    return shares


_GLOROT_REASON = (
    "Around 0 it is nearly a straight line, so the spread of a signal is kept when it is kept by the "
    "weights alone, forwards and backwards (Glorot and Bengio 2010)."
)
_HE_REASON = (
    "About half of every signal is cut away, so the weights must be twice as strong in variance to keep "
    "its spread (He et al. 2015)."
)

_TABLE = (
    Activation(
        code="sigmoid",
        label="Sigmoid",
        family="saturating",
        keras_name="sigmoid",
        formula_latex=r"f(x) = \frac{1}{1 + e^{-x}}",
        derivative_latex=r"f'(x) = f(x)\,\bigl(1 - f(x)\bigr)",
        value_range=r"(0,\ 1)",
        shape="An S from 0 to 1, with 0.5 in the middle.",
        limits="Saturates on both sides: beyond about ±5 it is flat. Its slope is never more than 1/4.",
        initializer="glorot",
        initializer_reason=_GLOROT_REASON,
        function=expit,
        derivative=lambda x: expit(x) * expit(-x),
    ),
    Activation(
        code="tanh",
        label="Tanh",
        family="saturating",
        keras_name="tanh",
        formula_latex=r"f(x) = \tanh x = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
        derivative_latex=r"f'(x) = 1 - f(x)^2",
        value_range=r"(-1,\ 1)",
        shape="An S from −1 to 1 through the origin, with slope 1 there.",
        limits="Saturates on both sides: beyond about ±3 it is flat.",
        initializer="glorot",
        initializer_reason=_GLOROT_REASON,
        function=np.tanh,
        derivative=lambda x: 4 * expit(2 * x) * expit(-2 * x),
    ),
    Activation(
        code="relu",
        label="ReLU",
        family="rectifier",
        keras_name="relu",
        formula_latex=r"f(x) = \max(0,\ x)",
        derivative_latex=r"f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        value_range=r"[0,\ \infty)",
        shape="Zero on the left, the input itself on the right.",
        limits="Dead on the left: a unit that gets only negative inputs gives 0 and learns nothing.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: np.maximum(x, 0),
        derivative=lambda x: (x > 0).astype(x.dtype),
    ),
    Activation(
        code="leaky-relu",
        label="Leaky ReLU",
        family="rectifier",
        keras_name="leaky_relu",
        formula_latex=rf"f(x) = \begin{{cases}} x & x > 0 \\ {LEAKY_SLOPE}\,x & x \le 0 \end{{cases}}",
        derivative_latex=rf"f'(x) = \begin{{cases}} 1 & x > 0 \\ {LEAKY_SLOPE} & x \le 0 \end{{cases}}",
        value_range=r"(-\infty,\ \infty)",
        shape="The input itself on the right, a fifth of it on the left.",
        limits="Never flat, so no unit dies.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: np.where(x > 0, x, LEAKY_SLOPE * x),
        derivative=lambda x: np.where(x > 0, 1, LEAKY_SLOPE).astype(x.dtype),
    ),
    Activation(
        code="elu",
        label="ELU",
        family="smooth",
        keras_name="elu",
        formula_latex=r"f(x) = \begin{cases} x & x > 0 \\ e^{x} - 1 & x \le 0 \end{cases}",
        derivative_latex=r"f'(x) = \begin{cases} 1 & x > 0 \\ e^{x} & x \le 0 \end{cases}",
        value_range=r"(-1,\ \infty)",
        shape="The input itself on the right, bending softly to −1 on the left.",
        limits="Flat on the far left, below about −5. Its outputs lie around 0, unlike ReLU's.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        derivative=lambda x: np.exp(np.minimum(x, 0)),
    ),
    Activation(
        code="maxout",
        label="Maxout",
        family="maxout",
        keras_name=None,
        formula_latex=r"f(x) = \max(w_1 x + b_1,\ w_2 x + b_2)",
        derivative_latex=r"\frac{\partial f}{\partial z_i} = \begin{cases} 1 & z_i = \max(z_1, z_2)"
        r" \\ 0 & \text{otherwise} \end{cases}",
        value_range=r"(-\infty,\ \infty)",
        shape="The larger of two straight lines. The network learns both, so it has twice the weights.",
        limits="Never flat, so no unit dies.",
        initializer="lecun",
        initializer_reason=(
            "The larger of two independent, equally spread inputs has the same mean square as either, so "
            "variance 1/n keeps a signal's strength (Tseran and Montúfar 2023)."
        ),
        function=lambda x: x.max(axis=-1),
        derivative=_maxout_derivative,
    ),
    Activation(
        code="gelu",
        label="GELU",
        family="smooth",
        keras_name="gelu",
        formula_latex=r"f(x) = x\,\Phi(x) = \frac{x}{2}\Bigl(1 + \operatorname{erf}\frac{x}{\sqrt 2}\Bigr)",
        derivative_latex=r"f'(x) = \Phi(x) + \frac{x}{\sqrt{2\pi}}\,e^{-x^2/2}",
        value_range=r"[-0.17,\ \infty)",
        shape="A rounded ReLU that dips a little below 0 just left of the middle.",
        limits="Flat on the far left, below about −3.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: x * ndtr(x),
        derivative=_gelu_derivative,
    ),
    Activation(
        code="selu",
        label="SELU",
        family="smooth",
        keras_name="selu",
        formula_latex=r"f(x) = \begin{cases} 1.0507\,x & x > 0 \\ 1.7581\,(e^{x} - 1) & x \le 0 \end{cases}",
        derivative_latex=r"f'(x) = \begin{cases} 1.0507 & x > 0 \\ 1.7581\,e^{x} & x \le 0 \end{cases}",
        value_range=r"(-1.76,\ \infty)",
        shape="An ELU stretched so that outputs settle at mean 0 and variance 1 by themselves.",
        limits="Flat on the far left, below about −5.",
        initializer="lecun",
        initializer_reason=(
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
        label="Swish",
        family="smooth",
        keras_name="silu",
        formula_latex=r"f(x) = x\,\sigma(x) = \frac{x}{1 + e^{-x}}",
        derivative_latex=r"f'(x) = \sigma(x)\,\bigl(1 + x\,(1 - \sigma(x))\bigr)",
        value_range=r"[-0.28,\ \infty)",
        shape="A rounded ReLU with a wider dip below 0; Keras calls it SiLU.",
        limits="Flat on the far left, below about −8.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: x * expit(x),
        derivative=lambda x: expit(x) * (1 + x * expit(-x)),
    ),
    Activation(
        code="softplus",
        label="Softplus",
        family="smooth",
        keras_name="softplus",
        formula_latex=r"f(x) = \ln(1 + e^{x})",
        derivative_latex=r"f'(x) = \sigma(x) = \frac{1}{1 + e^{-x}}",
        value_range=r"(0,\ \infty)",
        shape="A ReLU with its corner rounded off; always above 0.",
        limits="Flat on the far left, below about −5.",
        initializer="he",
        initializer_reason=_HE_REASON,
        function=lambda x: np.logaddexp(x, np.zeros_like(x)),
        derivative=expit,
    ),
    Activation(
        code="linear",
        label="Linear",
        family="linear",
        keras_name="linear",
        formula_latex=r"f(x) = x",
        derivative_latex=r"f'(x) = 1",
        value_range=r"(-\infty,\ \infty)",
        shape="The input itself: no activation at all.",
        limits="Never flat, but any number of linear layers is worth only one.",
        initializer="glorot",
        initializer_reason=(
            "A linear unit changes nothing, so the weights alone keep the spread of a signal, forwards and "
            "backwards (Glorot and Bengio 2010)."
        ),
        function=lambda x: x,
        derivative=np.ones_like,
    ),
)

ACTIVATIONS_TABLE: Mapping[str, Activation] = {activation.code: activation for activation in _TABLE}


def initializer_for(network: NetworkSettings) -> str:
    """The initialiser of the hidden layers: "glorot", "he" or "lecun"; "activation" is looked up."""
    if network.initializer == "activation":
        return ACTIVATIONS_TABLE[network.activation].initializer
    return network.initializer


def pieces(network: NetworkSettings) -> int:
    """Weighted sums per hidden unit: 1, and ``MAXOUT_PIECES`` for maxout."""
    return MAXOUT_PIECES if network.activation == "maxout" else 1
