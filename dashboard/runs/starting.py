"""A learner's runs, and starting several experiments at once."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import LabError
from core.record.runs import MOST_UNFINISHED_RUNS
from core.runs.run import Run
from core.settings import Settings
from dashboard.frame import page, resources, session


def my_runs() -> list[Run]:
    """All runs of this learner, the hidden ones too, newest first."""
    return resources.store().runs.of(session.learner(), hidden=True)


def room() -> int:
    """How many more runs this learner may have waiting or training."""
    mine = resources.store().runs.of(session.learner(), hidden=True)
    return MOST_UNFINISHED_RUNS - sum(run.unfinished for run in mine)


def submit(experiments: Iterable[Settings], group: str) -> list[str]:
    """Put experiments into the queue and return their ids; should one be refused, that is said."""
    started = []
    try:
        for settings in experiments:
            started.append(resources.engine().submit(session.learner(), settings, group=group))
    except LabError as error:
        page.problem(error)
    return started
