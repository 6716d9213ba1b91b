"""What the value of a setting may be: one of some codes, a number between bounds, on or off, layer widths.

A kind is a value: whoever checks, offers or invents values reads its bounds here. Each kind checks a value,
writes it into a link and reads it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

from core.errors import N_, LabError, shown


class InvalidSetting(LabError):
    """A setting is outside what the lab can do."""


class OutOfBounds(InvalidSetting):
    """A number is of the right kind, but smaller or larger than today's bounds."""


class Kind(Protocol):
    """What all kinds can do. ``name`` is the setting's, for the error: each raises InvalidSetting."""

    def check(self, name: str, value: object) -> None:
        """Refuse a value that is not of this kind."""

    def write(self, value: Any) -> str:
        """The value as it stands in a link."""

    def read(self, name: str, text: str) -> Any:
        """Undo ``write``; what it gives may still be refused by ``check``."""


@dataclass(frozen=True)
class Choice:
    """One of some codes."""

    codes: tuple[str, ...]

    def check(self, name: str, value: object) -> None:
        """Refuse whatever is not one of the codes, letter for letter."""
        if not isinstance(value, str) or value not in self.codes:
            raise InvalidSetting(
                N_("{name} is {value}. Expected one of: {choices}."),
                name=name,
                value=shown(value),
                choices=", ".join(self.codes),
            )

    def write(self, value: str) -> str:
        """The code itself."""
        return value

    def read(self, name: str, text: str) -> str:
        """The code itself."""
        return text


@dataclass(frozen=True)
class Whole:
    """A whole number from ``least`` to ``most``, both included."""

    least: int
    most: int

    def check(self, name: str, value: object) -> None:
        """Refuse other types (True is none of ours) and what lies outside."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._refusal(InvalidSetting, name, value)
        if not self.least <= value <= self.most:
            raise self._refusal(OutOfBounds if value > 0 else InvalidSetting, name, value)

    def write(self, value: int) -> str:
        """Decimal digits."""
        return str(value)

    def read(self, name: str, text: str) -> int:
        """Plain decimal digits only."""
        if not is_plain_integer(text):
            raise self._refusal(InvalidSetting, name, text)
        return int(text)

    def _refusal(self, kind: type[InvalidSetting], name: str, value: object) -> InvalidSetting:
        return kind(
            N_("{name} is {value}. Expected a whole number from {lowest} to {highest}."),
            name=name,
            value=shown(value),
            lowest=self.least,
            highest=self.most,
        )


@dataclass(frozen=True)
class Number:
    """A number from ``least`` to ``most``, both included."""

    least: float
    most: float

    def check(self, name: str, value: object) -> None:
        """Refuse other types (True is none of ours), NaN, and what lies outside."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._refusal(InvalidSetting, name, value)
        if not self.least <= value <= self.most:
            raise self._refusal(OutOfBounds if 0 < value < inf else InvalidSetting, name, value)

    def write(self, value: float) -> str:
        """As short as possible without losing a digit: 0.01, 1, 0.30000000000000004."""
        short = f"{value:.15g}"
        return short if float(short) == value else repr(value)

    def read(self, name: str, text: str) -> float:
        """Whatever Python takes for a number."""
        try:
            return float(text)
        except ValueError:
            raise self._refusal(InvalidSetting, name, text) from None

    def _refusal(self, kind: type[InvalidSetting], name: str, value: object) -> InvalidSetting:
        return kind(
            N_("{name} is {value}. Expected a number from {lowest:g} to {highest:g}."),
            name=name,
            value=shown(value),
            lowest=self.least,
            highest=self.most,
        )


@dataclass(frozen=True)
class Switch:
    """On or off: 1 or 0 in a link."""

    def check(self, name: str, value: object) -> None:
        """Refuse whatever is not True or False."""
        if not isinstance(value, bool):
            raise InvalidSetting(
                N_("{name} is {value}. Expected true or false."), name=name, value=shown(value)
            )

    def write(self, value: bool) -> str:
        """1 or 0."""
        return "1" if value else "0"

    def read(self, name: str, text: str) -> bool:
        """Only 1 and 0."""
        if text not in ("0", "1"):
            raise InvalidSetting(
                N_("{name} is {value}. Expected 0 (off) or 1 (on)."), name=name, value=shown(text)
            )
        return text == "1"


@dataclass(frozen=True)
class Widths:
    """The width of each hidden layer: at most ``layers`` of them, each a whole number within ``width``."""

    layers: int
    width: Whole

    def check(self, name: str, value: object) -> None:
        """Refuse what is no tuple, too long, or holds a width out of bounds."""
        if not isinstance(value, tuple):
            raise self._refusal(InvalidSetting, name, value)
        beyond = None
        for width in value:
            try:
                self.width.check(name, width)
            except OutOfBounds as error:  # the next one may be no width at all
                beyond = error
        if len(value) > self.layers:
            raise self._refusal(OutOfBounds, name, value)
        if beyond:
            raise beyond

    def _refusal(self, kind: type[InvalidSetting], name: str, value: object) -> InvalidSetting:
        return kind(
            N_("{name} is {value}. Expected 0 to {limit} layer widths, such as 300-100 or 20x100."),
            name=name,
            value=shown(value),
            limit=self.layers,
        )

    def write(self, value: tuple[int, ...]) -> str:
        """(300, 100) → "300-100"; twenty times 100 → "20x100"; no layer → "none"."""
        if not value:
            return "none"
        if len(value) > 2 and len(set(value)) == 1:
            return f"{len(value)}x{value[0]}"
        return "-".join(str(width) for width in value)

    def read(self, name: str, text: str) -> tuple[int, ...]:
        """Undo ``write``; blanks and commas are forgiven."""
        compact = text.lower().replace(" ", "").replace(",", "-").replace("×", "x")
        if compact in ("", "none"):
            return ()
        count, is_repeated, width = compact.partition("x")
        widths = [width] if is_repeated else compact.split("-")
        times = count if is_repeated else "1"
        # So many layers at most even before ``check``: a link must not fill the memory.
        if not all(map(is_plain_integer, [times, *widths])) or int(times) > self.layers:
            raise InvalidSetting(
                N_("{name} is {value}. Expected layer widths such as 300-100, 20x100 or none."),
                name=name,
                value=shown(text),
            )
        return tuple(int(item) for item in widths) * int(times)


@dataclass(frozen=True)
class RateChanges:
    """Other numbers from later epochs on: at most ``most`` pairs of epoch and number, epochs rising."""

    most: int
    epoch: Whole
    rate: Number

    def check(self, name: str, value: object) -> None:
        """Refuse what is no tuple of pairs, too long, not rising, or out of bounds."""
        if not isinstance(value, tuple) or not all(isinstance(p, tuple) and len(p) == 2 for p in value):
            raise self._refusal(name, value)
        for epoch, rate in value:
            self.epoch.check(name, epoch)
            self.rate.check(name, rate)
        epochs = [epoch for epoch, _rate in value]
        if len(value) > self.most or epochs != sorted(set(epochs)):
            raise self._refusal(name, value)

    def write(self, value: tuple[tuple[int, float], ...]) -> str:
        """((5, 0.01), (8, 0.001)) → "5:0.01,8:0.001"; () → "none"."""
        return ",".join(f"{epoch}:{self.rate.write(rate)}" for epoch, rate in value) or "none"

    def read(self, name: str, text: str) -> tuple[tuple[int, float], ...]:
        """Undo ``write``; blanks are forgiven."""
        compact = text.lower().replace(" ", "")
        if compact in ("", "none"):
            return ()
        pairs = [pair.split(":") for pair in compact.split(",", self.most)]
        if not all(len(pair) == 2 and is_plain_integer(pair[0]) for pair in pairs):
            raise self._refusal(name, text)
        return tuple((int(epoch), self.rate.read(name, rate)) for epoch, rate in pairs)

    def _refusal(self, name: str, value: object) -> InvalidSetting:
        return InvalidSetting(
            N_(
                "{name} is {value}. Expected at most {limit} epochs, each later than the one before, with a "
                "rate: 5:0.01,8:0.001 means 0.01 after 5 epochs and 0.001 after 8."
            ),
            name=name,
            value=shown(value),
            limit=self.most,
        )


def is_plain_integer(text: str) -> bool:
    """Whether a text is nothing but at most ten digits 0 to 9."""
    return text.isascii() and text.isdigit() and len(text) <= 10
