"""A learner's runs, and starting several experiments at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core import limits
from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run, UnreadableRun
from core.settings import Settings
from dashboard.frame import once, page, resources, session
from dashboard.language import _


@once.once
def found() -> Sequence[Run | UnreadableRun]:
    """All runs of this learner, newest first: the hidden ones too, and for each unreadable one a sentence."""
    return resources.store().runs.all_of(session.learner())


def my_runs() -> list[Run]:
    """All runs of this learner, the hidden ones too, newest first."""
    return [run for run in found() if isinstance(run, Run)]


def runs_in_sight() -> list[Run]:
    """All runs of this learner but the hidden ones, newest first."""
    return [run for run in my_runs() if not run.hidden]


def room(runs: Sequence[Run]) -> int:
    """How many more runs a learner may have waiting or training, who has these; never below 0."""
    return max(0, limits.MOST_UNFINISHED_RUNS - sum(run.unfinished for run in runs))


def crowded(room: int) -> str:
    """Why no more runs than these can be started just now."""
    return _("You may have {room} more runs waiting. Wait until some are done.").format(room=room)


def submit(experiments: Iterable[Settings], origin: Origin) -> list[str]:
    """Put experiments into the queue and return their ids; should one be refused, that is said."""
    started = []
    try:
        for settings in experiments:
            started.append(resources.engine().submit(session.learner(), settings, origin=origin))
    except LabError as error:
        page.problem(error)
    once.forget()
    return started
