"""A run as everybody sees it: what was asked for, where it stands, how far it came."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.dataset.normalization import Normalization
from core.errors import LONG, N_, LabError, shown
from core.runs.arithmetic import Stretch, read_history, until
from core.runs.origin import Origin
from core.settings import Settings

LEASE = 5.0
"""Seconds without a sign of life after which another worker may go on with a run."""
CLOCK_STEP = 1.0
"""Seconds by which a clock that is being set right may jump back without a lease losing its worth."""

UNFINISHED = ("waiting", "running", "stopping")
UNREADABLE = (LabError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, IndexError)
"""What reading a row may raise that another version of the lab, or damage, left."""
OUTCOMES = ("stopped", "finished", "diverged", "failed")


class UnknownRun(LabError):
    """There is no such run."""


class UnreadableRun(UnknownRun):
    """There is such a run, but this version of the lab cannot read what is kept of it."""


class NotYourRun(LabError):
    """Somebody asked for what only the learner whose run it is may do."""


class TooManyRuns(LabError):
    """This learner, or all together, have as many unfinished runs as may be."""


class Compiling(LabError):
    """What holds a run up is that its network is being compiled."""


COMPILING = Compiling(
    N_(
        "The network is being compiled for this processor, which takes some seconds the first time. Stop "
        "works meanwhile."
    )
)


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        id: short, safe in a URL, not to be guessed.
        learner: whose it is. trajectory: what all runs of the same experiment share, by its id.
        name: what the learner called it; None as long as nobody did: pages derive one from the settings.
        created: when, in UTC.
        settings: the experiment.
        epochs: how many are wanted; grows when a run is continued.
        status: "waiting", "running", "stopping", "stopped", "finished", "diverged" or "failed". Derived:
            running means that a worker gave a sign of life within the last seconds.
        message: why it diverged or failed, or what holds it up.
        step: optimiser steps recorded. steps_per_epoch: for each epoch.
        epochs_done: whole epochs recorded.
        seconds: training time so far.
        val_loss, val_accuracy: after the last whole epoch, or the best where that is kept. None before.
        normalization: as fitted by the worker on the training part; None until the run was started.
        note, starred, hidden: how the learner keeps it.
        arithmetic: with which it was trained, from which step on; more than one where workers differed.
        origin: what it was started by; None for a run that was started on its own.
        position: 1 is next in the queue; None unless waiting.
        again: whether its curve is known to its end, and only the weights there are still to come.
        shown_step: the step of the weights that are examined, exported and drawn with, where the run keeps
            the best; None where they are its last ones, or none are there yet.
        together: for how many learners this experiment is trained; once it has ended, was trained.
    """

    id: str
    learner: str
    trajectory: str
    name: str | None
    created: datetime
    settings: Settings
    epochs: int
    status: str
    message: LabError | None
    step: int
    steps_per_epoch: int
    epochs_done: int
    seconds: float
    val_loss: float | None
    val_accuracy: float | None
    normalization: Normalization | None
    note: str
    starred: bool
    hidden: bool
    origin: Origin | None
    position: int | None
    arithmetic: tuple[Stretch, ...] = ()
    again: bool = False
    together: int = 1
    shown_step: int | None = None

    @property
    def unfinished(self) -> bool:
        """Whether it waits or trains."""
        return self.status in UNFINISHED

    @property
    def moves(self) -> bool:
        """Whether its curve goes on as its training does; of one that has ended it is known to its end."""
        return self.unfinished and not self.again

    @property
    def is_compiling(self) -> bool:
        """Whether a worker has been compiling the network for longer than a moment."""
        return self.message is not None and self.message.template == COMPILING.template

    @property
    def weights_step(self) -> int:
        """The step whose weights are examined, exported and drawn with; the newest, where they move."""
        return self.step if self.shown_step is None else self.shown_step

    @property
    def weights_epoch(self) -> int:
        """After how many whole epochs those weights were saved."""
        return self.weights_step // self.steps_per_epoch

    @property
    def has_weights(self) -> bool:
        """Whether trained weights are saved: they are at each epoch's end, and at Stop."""
        ended_between = self.status == "stopped" and self.step > 0
        return (self.epochs_done > 0 or ended_between) and not self.again

    def for_visitors(self) -> Run:
        """The same run without how its learner keeps it: no note, no star, not hidden."""
        return replace(self, note="", starred=False, hidden=False)


def from_row(row: Any, position: int | None = None) -> Run:
    """A run from its row, which must also hold what it shares, and ``trains``: whether a worker is at it.

    Raises UnreadableRun.
    """
    try:
        return _from_row(row, position)
    except UNREADABLE as error:
        raise unreadable(row.id, error) from error


def unreadable(run_id: str, reason: BaseException) -> UnreadableRun:
    """Why a run cannot be shown or trained."""
    return UnreadableRun(
        N_(
            "Run {run} cannot be read by this version of the lab ({reason}). It is left as it is: the "
            "version that made it, or a backup, may still tell of it."
        ),
        run=shown(run_id),
        reason=shown(reason, LONG),
    )


def _from_row(row: Any, position: int | None) -> Run:
    status = derive_status(row)
    history = read_history(row.arithmetic)
    return Run(
        id=row.id,
        learner=row.learner,
        trajectory=row.trajectory_id,
        name=row.name,
        created=datetime.fromtimestamp(row.created, UTC),
        settings=read_settings(row.settings),
        epochs=row.epochs,
        status=status,
        message=_message(row, status),
        step=row.step,
        steps_per_epoch=row.steps_per_epoch,
        epochs_done=row.step // row.steps_per_epoch,
        seconds=row.seconds,
        val_loss=row.val_loss,
        val_accuracy=row.val_accuracy,
        normalization=read_normalization(row.normalization) if row.normalization else None,
        note=row.note,
        starred=row.starred,
        hidden=row.hidden,
        origin=Origin.read(row.group) if row.group else None,
        position=position if status == "waiting" else None,
        arithmetic=until(history, row.step) if row.outcome else history,
        again=bool(row.again),
        together=row.together,
        shown_step=row.shown_step,
    )


def _message(row: Any, status: str) -> LabError | None:
    """Why it ended, or what holds it up: compiling does no more once its worker is gone."""
    message = read_message(row.message)
    is_over = message is not None and message.template == COMPILING.template and status != "running"
    return None if is_over else message


def derive_status(row: Any) -> str:
    """What a run is doing, from facts only: its outcome, its worker, and whether a stop was asked for."""
    if row.outcome is not None:
        return str(row.outcome)
    if row.trains:
        return "stopping" if row.stop_requested else "running"
    return "stopped" if row.stop_requested else "waiting"


@lru_cache(maxsize=4096)
def read_settings(text: str) -> Settings:
    """``Settings.from_record``, remembered: settings never change and pages read them often."""
    return Settings.from_record(text)


@lru_cache(maxsize=256)
def read_normalization(text: str) -> Normalization:
    """``Normalization.from_json``, remembered: runs with the same training part have the same one."""
    return Normalization.from_json(text)


def write_message(error: LabError) -> str:
    """An error as JSON: template and values, so that a page can translate it."""
    values = {
        key: value if isinstance(value, int | float) else str(value) for key, value in error.values.items()
    }
    return json.dumps({"template": error.template, "values": values})


def read_message(text: str | None) -> LabError | None:
    """Undo ``write_message``."""
    if text is None:
        return None
    message = json.loads(text)
    return LabError(message["template"], **message["values"])
