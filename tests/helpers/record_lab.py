"""What tests of the record write into it: points, checkpoints, snapshots, and the claims that may write."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.record import tables
from core.record.claims import Claim
from core.record.store import Store
from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import Settings

SETTINGS = Settings().change(train=320, epochs=4)
"""10 steps an epoch."""


def take(lab: Store, run_id: str, worker: str = "worker", *, task: str | None = None) -> Claim:
    """A claim that must succeed."""
    claim = lab.claims.take(run_id, worker, task=task)
    assert claim is not None
    return claim


def point(step: int, *, end: bool = False, layers: NDArray[np.float32] | None = None) -> Point:
    """A point as a worker records it; at an epoch's end with the validation's figures."""
    loss, accuracy = (0.3, 0.9) if end else (None, None)
    return Point(step, step / 10, step / 100, 1.5, 0.5, 1.4, 0.6, loss, accuracy, layers)


def checkpoint(step: int, value: float = 1.0) -> Checkpoint:
    """A checkpoint whose weights are all ``value``."""
    weights = {"dense_1/kernel": np.full((784, 3), value, np.float32)}
    return Checkpoint(step, step / 100, np.zeros((2, 3)), weights, [np.array(step)])


def snapshot(step: int) -> Snapshot:
    """A snapshot that tells its step."""
    return Snapshot(step, np.full((2, 42), step, np.int32), np.zeros((3, 28, 28), np.int8), 0.01)


def let_the_lease_run_out(lab: Store, run_id: str) -> None:
    """As if the run's worker had been silent for long."""
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(lease_until=0.0))
