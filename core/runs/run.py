"""A run as everybody sees it: what was asked for, where it stands, how far it came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.choices.activations import ACTIVATIONS
from core.choices.optimizers import OPTIMIZERS
from core.dataset.normalization import Normalization
from core.errors import LabError
from core.settings import DEFAULT, Settings, write_hidden

UNFINISHED = ("waiting", "running", "stopping")
OUTCOMES = ("stopped", "finished", "diverged", "failed")


class UnknownRun(LabError):
    """There is no such run."""


class TooManyRuns(LabError):
    """This learner has as many unfinished runs as one learner may have."""


@dataclass(frozen=True)
class Run:
    """One training run.

    Attributes:
        id: short, safe in a URL, not to be guessed.
        learner: whose it is.
        name: what it is called; made from the settings unless the learner chose one.
        created: when, in UTC.
        settings: the experiment.
        epochs: how many are wanted; grows when a run is continued.
        status: "waiting", "running", "stopping", "stopped", "finished", "diverged" or "failed". Derived:
            running means that a worker gave a sign of life within the last seconds.
        message: why it diverged or failed, or what holds it up.
        step: optimiser steps recorded. steps_per_epoch: for each epoch.
        epochs_done: whole epochs recorded.
        seconds: training time so far.
        val_loss, val_accuracy: after the last whole epoch; best_val_accuracy: after any. None before.
        normalization: as fitted by the worker on the training part; None until the run was started.
        note, starred, hidden, group: how the learner keeps it.
        position: 1 is next in the queue; None unless waiting.
    """

    id: str
    learner: str
    name: str
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
    best_val_accuracy: float | None
    normalization: Normalization | None
    note: str
    starred: bool
    hidden: bool
    group: str | None
    position: int | None

    @property
    def unfinished(self) -> bool:
        """Whether it waits or trains."""
        return self.status in UNFINISHED

    @property
    def has_weights(self) -> bool:
        """Whether trained weights are saved: they are at each epoch's end, and at Stop."""
        return self.epochs_done > 0 or (self.status == "stopped" and self.step > 0)


def from_row(row: Any, position: int | None = None) -> Run:
    """A run from its row in the table, which must also hold ``now``, the database's time."""
    normalization = Normalization.from_json(row.normalization) if row.normalization else None
    status = derive_status(row)
    return Run(
        id=row.id,
        learner=row.learner,
        name=row.name,
        created=datetime.fromtimestamp(row.created, UTC),
        settings=read_settings(row.settings),
        epochs=row.epochs,
        status=status,
        message=read_message(row.message),
        step=row.step,
        steps_per_epoch=row.steps_per_epoch,
        epochs_done=row.step // row.steps_per_epoch,
        seconds=row.seconds,
        val_loss=row.val_loss,
        val_accuracy=row.val_accuracy,
        best_val_accuracy=row.best_val_accuracy,
        normalization=normalization,
        note=row.note,
        starred=row.starred,
        hidden=row.hidden,
        group=row.group,
        position=position if status == "waiting" else None,
    )


def derive_status(row: Any) -> str:
    """What a run is doing, from facts only: its outcome, its lease, and whether a stop was asked for."""
    if row.outcome is not None:
        return str(row.outcome)
    if row.lease_until is not None and row.lease_until > row.now:
        return "stopping" if row.stop_requested else "running"
    return "stopped" if row.stop_requested else "waiting"


@lru_cache(maxsize=4096)
def read_settings(text: str) -> Settings:
    """``Settings.from_json``, remembered: settings never change and pages read them often."""
    return Settings.from_json(text)


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


def automatic_name(settings: Settings) -> str:
    """A run's name from what people change most: "300-100 ReLU, z-score, SGD 0.01"."""
    network, training = settings.network, settings.training
    shape = write_hidden(network.hidden).replace("x", " × ") if network.hidden else "softmax"
    activation = ACTIVATIONS[network.activation].name
    parts = [f"{shape} {activation}" if network.hidden else shape]
    if network.initializer != DEFAULT.network.initializer and network.hidden:
        parts.append(f"{network.initializer} init")
    parts += ["batch norm"] * network.batch_normalization + ["skip"] * network.residual
    parts.append("no normalisation" if settings.data.normalization == "none" else settings.data.normalization)
    parts.append(f"{OPTIMIZERS[training.optimizer].name} {training.learning_rate:g}")
    parts += ["squared error"] * (training.loss == "squared-error")
    parts += [f"batch {training.batch_size}"] * (training.batch_size != DEFAULT.training.batch_size)
    parts += [f"clipping {training.gradient_clipping:g}"] * bool(training.gradient_clipping)
    parts += [f"{settings.data.train:,} images"] * (settings.data.train != DEFAULT.data.train)
    parts += [f"seed {training.seed}"] * (training.seed != 0)
    return ", ".join(parts)
