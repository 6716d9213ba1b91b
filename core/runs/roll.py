"""The roll of a learner's runs: what tells each of them from the others, without how far it came."""

from __future__ import annotations

from dataclasses import dataclass

from core.runs.origin import Origin
from core.settings import Settings


@dataclass(frozen=True)
class Entry:
    """One run of the roll, as in ``Run``.

    Attributes:
        id: of the run. name: what the learner called it, if anything.
        settings: the experiment. epochs: how many are wanted.
        origin: what it was started by; None for a run that was started on its own.
    """

    id: str
    name: str | None
    settings: Settings
    epochs: int
    origin: Origin | None
