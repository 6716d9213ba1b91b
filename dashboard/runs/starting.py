"""A learner's runs, and starting several experiments at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core import limits
from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from dashboard.frame import page, resources, session


def my_runs() -> list[Run]:
    """All runs of this learner, the hidden ones too, newest first."""
    return resources.store().runs.of(session.learner(), hidden=True)


def room(runs: Sequence[Run]) -> int:
    """How many more runs a learner may have waiting or training, who has these; never below 0."""
    return max(0, limits.MOST_UNFINISHED_RUNS - sum(run.unfinished for run in runs))


def submit(experiments: Iterable[Settings], origin: Origin) -> list[str]:
    """Put experiments into the queue and return their ids; should one be refused, that is said."""
    started = []
    try:
        for settings in experiments:
            started.append(resources.engine().submit(session.learner(), settings, origin=origin))
    except LabError as error:
        page.problem(error)
    return started
