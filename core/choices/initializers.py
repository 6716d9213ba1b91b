"""The initialisers: how widely a layer's first weights are drawn, one row for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True)
class Initializer:
    """One initialiser, for a dense layer with ``n_in`` inputs and ``n_out`` outputs.

    ``deviation`` maps (n_in, n_out) to the standard deviation of the weights. ``is_uniform``: they are drawn
    evenly between −√3 and √3 deviations; otherwise from a bell curve cut at two of its own deviations, as
    Keras cuts it. ``variance_latex`` is the deviation's square as a formula; ``arithmetic`` writes the spread
    out, with ``{n_in}``, ``{n_out}`` and ``{spread}``.
    ``keras_class`` is its name in ``keras.initializers``, ``keras_name`` the text that a layer takes for it.
    """

    code: str
    name: str
    help: str
    keras_class: str
    keras_name: str
    variance_latex: str
    deviation: Callable[[int, int], float]
    arithmetic: str
    is_uniform: bool = False

    def limit(self, n_in: int, n_out: int) -> float | None:
        """The largest weight that may be drawn evenly; None for a bell curve."""
        return math.sqrt(3) * self.deviation(n_in, n_out) if self.is_uniform else None


_ROWS = (
    Initializer(
        code="glorot",
        name=N_("Glorot uniform"),
        help=N_(
            "Keras' default: variance 2 / (inputs + outputs), between what keeps a signal on its way "
            "forwards and what keeps a gradient on its way back (Glorot and Bengio 2010)."
        ),
        keras_class="GlorotUniform",
        keras_name="glorot_uniform",
        variance_latex=r"\operatorname{Var}(w) = \frac{2}{n_\text{in} + n_\text{out}}",
        deviation=lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
        arithmetic="± √(6 / ({n_in} + {n_out})) = ± {spread:.4f}",
        is_uniform=True,
    ),
    Initializer(
        code="he",
        name=N_("He normal"),
        help=N_(
            "Variance 2 / inputs: twice LeCun's, because ReLU lets half of the mean square through "
            "(He et al. 2015)."
        ),
        keras_class="HeNormal",
        keras_name="he_normal",
        variance_latex=r"\operatorname{Var}(w) = \frac{2}{n_\text{in}}",
        deviation=lambda n_in, n_out: math.sqrt(2 / n_in),
        arithmetic="√(2 / {n_in}) = {spread:.4f}",
    ),
    Initializer(
        code="lecun",
        name=N_("LeCun normal"),
        help=N_("Variance 1 / inputs: sums are as strong as what comes in (LeCun et al. 1998)."),
        keras_class="LecunNormal",
        keras_name="lecun_normal",
        variance_latex=r"\operatorname{Var}(w) = \frac{1}{n_\text{in}}",
        deviation=lambda n_in, n_out: math.sqrt(1 / n_in),
        arithmetic="√(1 / {n_in}) = {spread:.4f}",
    ),
)

INITIALIZERS: Mapping[str, Initializer] = {row.code: row for row in _ROWS}
"""Code → row, in the order in which they are offered."""

KERAS_DEFAULT = "glorot"
"""What a Dense layer of Keras takes by itself; the lab's output layer always does."""
FITTING = "activation"
"""Not an initialiser of its own: the code for the one that the network's activation wants."""
FITTING_NAME = N_("The one the activation wants")
FITTING_HELP = N_("The initialiser that is usual for the chosen activation.")
