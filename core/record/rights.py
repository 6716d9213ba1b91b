"""Who may do what with a run: one table, which the record's own methods heed, whatever a page asks for.

Whoever knows a run's id may see it: that is what a link is for. All else is its learner's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from core.errors import N_, shown
from core.runs.run import NotYourRun

Role = Literal["owner", "visitor"]
"""The learner whose run it is; everybody else who knows its id."""
Action = Literal["read", "export", "steer", "rename", "note", "look", "delete"]

NOBODY = ""
"""Who asks when no learner does: sees what a visitor sees."""

ALLOWED: Mapping[Action, frozenset[Role]] = {
    # curve, settings, state, what the microscope saw, the name
    "read": frozenset({"owner", "visitor"}),
    # code, curve, network and report as files, with no more in them than this role may see
    "export": frozenset({"owner", "visitor"}),
    # stop it, let it go on
    "steer": frozenset({"owner"}),
    # name it, star it, hide it
    "rename": frozenset({"owner"}),
    # read and write its note
    "note": frozenset({"owner"}),
    # open the test set with it, see what was seen then
    "look": frozenset({"owner"}),
    # take back a drawing; runs are removed by whoever runs the lab (``python -m core.record``)
    "delete": frozenset({"owner"}),
}


def role(owner: str, learner: str) -> Role:
    """What somebody is to a learner's run or drawing.

    Args:
        owner: whose it is. learner: who asks.
    """
    return "owner" if learner != NOBODY and learner == owner else "visitor"


def may(action: Action, owner: str, learner: str) -> bool:
    """Whether ``learner`` may do this with what is ``owner``'s."""
    return role(owner, learner) in ALLOWED[action]


def check(action: Action, run_id: str, owner: str, learner: str) -> None:
    """Raise NotYourRun unless ``learner`` may do this with ``owner``'s run."""
    if not may(action, owner, learner):
        raise NotYourRun(
            N_(
                "Run {run} belongs to another learner. You may watch it and use its settings; train a run of "
                "your own to change one, or to open the test set with it."
            ),
            run=shown(run_id),
        )
