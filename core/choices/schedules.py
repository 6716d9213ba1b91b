"""The schedules of the learning rate: how it changes while a run goes on, one row for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True)
class Schedule:
    """One schedule. ``core.runs.rates`` has its formula.

    ``needs_epochs``: whether a step depends on how many epochs a run was made for.
    """

    code: str
    name: str
    help: str
    needs_epochs: bool = False


_ROWS = (
    Schedule(
        code="constant",
        name=N_("Constant"),
        help=N_("The same rate from the first step to the last."),
    ),
    Schedule(
        code="step",
        name=N_("Staircase"),
        help=N_("The rate is multiplied by a share, again and again after so many epochs."),
    ),
    Schedule(
        code="cosine",
        name=N_("Cosine"),
        help=N_(
            "The rate falls along half a cosine wave, slowly at first and at last, to 0 at the end of the "
            "epochs that the run was made for (Loshchilov and Hutter 2017)."
        ),
        needs_epochs=True,
    ),
)

SCHEDULES: Mapping[str, Schedule] = {row.code: row for row in _ROWS}
"""Code → row, in the order in which they are offered."""
