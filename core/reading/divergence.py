"""A run whose numbers have left the range of numbers. Why, and what to change, ``core.hints`` says."""

from __future__ import annotations

from core.errors import N_, LabError


class Diverged(LabError):
    """The loss or a weight is no longer a finite number."""


def diverged(epoch: float) -> Diverged:
    """The error to raise after so many epochs, in parts."""
    return Diverged(
        N_(
            "In epoch {epoch} the loss stopped being a number: something grew without end. On Train, a hint "
            "on the run says why, and what to change."
        ),
        epoch=int(epoch) + 1,
    )
