"""The seal on the test set: it is this learner's own, and only a look with a run of theirs breaks it."""

from __future__ import annotations

from core.record import rights
from core.record.looks import Look
from core.runs.run import Run
from dashboard.frame import resources, session


def is_broken() -> bool:
    """Whether this learner has looked at the test set, with any run of their own."""
    return resources.store().looks.count(session.learner()) > 0


def is_own(run: Run) -> bool:
    """Whether a run may open the test set: it is this learner's, not one that a link of another leads to."""
    return rights.may("look", run.learner, session.learner())


def looks(run: Run) -> list[Look]:
    """What this learner saw of the test set with a run, first look first; nothing of another's run."""
    return resources.store().looks.of_run(run.id, learner=session.learner()) if is_own(run) else []
