"""Numbers, times and dates as a person reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from math import floor, isfinite, log10

from core.translation import _

NOTHING = "–"
"""Stands where a number will be."""
LEAST_POWER = -4
"""Of ten: what is smaller is written as a product."""
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(share: float | None, digits: int = 2) -> str:
    """0.9735 → "97.35%"; None → "–"."""
    return NOTHING if share is None else f"{share:.{digits}%}"


def probability(share: float) -> str:
    """A probability for people. A softmax is never quite certain, so 99.97 % is not shown as 100 %."""
    return f"≥ {of_100('99.9')}" if share >= 0.9995 else of_100(f"{100 * share:.1f}")


def short_probability(share: float) -> str:
    """Beside a bar: 0.512 → "51 %"; "" below half a percent; never 100 %, for which see ``probability``."""
    if share < 0.005:
        return ""
    return of_100(f"{100 * share:.0f}") if share < 0.995 else probability(share)


def of_100(number: str) -> str:
    """A number of hundredths: "51" → "51 %"."""
    # Translators: a percentage within a sentence; some languages have no blank in it.
    return _("{number} %").format(number=number)


def rounded(value: float, digits: int = 3) -> str:
    """To so many digits, never in a programmer's powers: "2.3", "55,000", "0.00012", "1.2 × 10⁻⁷".

    What is no number, or not finite, is "–".
    """
    if not isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    power = floor(log10(abs(value)))
    if power < LEAST_POWER:
        number, exponent = f"{value:.{digits - 2}e}".split("e")
        return f"{number} × 10{str(int(exponent)).translate(_RAISED)}"
    text = f"{value:,.{max(0, digits - 1 - power)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def epochs_text(step: int, steps_per_epoch: int) -> str:
    """Epochs after so many steps, to three digits and never in powers of ten: "0.5", "12.3", "1,000"."""
    epochs = step / steps_per_epoch
    if step % steps_per_epoch == 0:
        return f"{epochs:,.0f}"
    decimals = max(1, 2 - floor(log10(epochs)))
    return f"{epochs:,.{decimals}f}".rstrip("0").rstrip(".")


def out_of(done: int, wanted: int) -> str:
    """3 of 1000 → "3 / 1,000"."""
    return f"{done:,} / {wanted:,}"


def duration(seconds: float) -> str:
    """12.3 → "12 s"; 100 → "2 min"."""
    if seconds < 90:
        return _("{count} s").format(count=max(1, round(seconds)))
    return _("{count} min").format(count=round(seconds / 60))


def moment(time: datetime) -> str:
    """A time that knows its zone → "2026-11-26 20:40 UTC"."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
