"""The formulas of the normalisations, with a split's own numbers."""

from __future__ import annotations

from core.dataset.normalization import Normalization

SYMBOLS = {
    "min-max": r"x' = \frac{x - \min}{\max - \min} =",
    "z-score": r"x' = \frac{x - \mu}{\sigma} =",
}
NUMBERS = {
    "none": "x",
    "min-max": r"\frac{{x - {minimum:g}}}{{{maximum:g} - {minimum:g}}}",
    "z-score": r"\frac{{x - {mean:.4f}}}{{{standard_deviation:.4f}}}",
}
STRUT = r"\rule[-1em]{0pt}{2.6em}"
"""One height for all formulas, and room above a fraction."""


def with_numbers(normalization: Normalization) -> str:
    """The right side of the method's formula with this split's numbers, as LaTeX."""
    return NUMBERS[normalization.method].format(**vars(normalization.fitted))
