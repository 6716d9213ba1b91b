"""What a worker does with a run: claim it, record, end it. Each claim is fenced by a token.

A claim is a lease that the worker renews. When it dies, the lease runs out and another worker may claim
the run; the first one, should it only have slept, finds its token outdated and can write nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.dataset.normalization import Normalization
from core.dataset.prepared import Extra
from core.drawing.our_handwriting import unpack
from core.errors import N_, LabError
from core.record import tables
from core.record.curves import POINT_COLUMNS
from core.record.database import Database, now
from core.runs.arithmetic import Arithmetic, go_on, read_history, write_history
from core.runs.progress import Checkpoint, Point, Snapshot
from core.runs.run import CLOCK_STEP, LEASE, OUTCOMES, UNREADABLE, read_settings, write_message
from core.settings import Settings

ATTEMPTS = 20
"""Claims in a row without a new checkpoint after which a run is given up."""
TELLING = 3
"""Deaths in a row without a new checkpoint after which it is told, if the last was before a step."""


class ClaimLost(LabError):
    """Somebody else goes on with this run."""


class WorkerGone(LabError):
    """The workers of a run died again and again."""


@dataclass(frozen=True)
class Claim:
    """A worker's right to train a run, and all it needs for it.

    Attributes:
        token: counts the claims of this run; whoever has the highest may write.
        epochs: how many are wanted in all.
        extra: the class's drawings that join the training part, if the settings want them.
    """

    run_id: str
    token: int
    settings: Settings
    epochs: int
    extra: Extra | None


class Claims:
    """The worker's side of the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        run_id: str,
        worker: str,
        *,
        task: str | None = None,
        arithmetic: Arithmetic | None = None,
        only_same: bool = False,
    ) -> Claim | None:
        """Take a waiting run, and delete what was recorded behind its checkpoint.

        Args:
            worker: who asks, for people to read.
            task: the cluster's name for this piece of work. When the same task comes again, its first
                worker is known to be dead, and its lease need not run out.
            arithmetic: the worker's. The first one is the run's; another that goes on is recorded as well.
            only_same: leave a run alone that was trained with another arithmetic.

        Returns:
            The claim, or None when the run ended, does not exist, or is trained by somebody else.
        """
        with self._database.writing() as connection:
            if only_same and arithmetic != trained_with(connection).get(run_id, arithmetic):
                return None
            if not _take(connection, run_id, worker, task):
                return None
            row = connection.execute(sa.select(tables.runs).where(tables.runs.c.id == run_id)).one()
            if row.attempts > ATTEMPTS:
                self._give_up(connection, run_id)
                return None
            step = _rewind(connection, run_id)
            if row.attempts > TELLING and row.step <= step:
                _change(connection, run_id, message=write_message(_workers_die(row.attempts - 1)))
            if arithmetic is not None:
                history = go_on(read_history(row.arithmetic), step, arithmetic)
                _change(connection, run_id, arithmetic=write_history(history))
        return Claim(
            run_id,
            row.token,
            read_settings(row.settings),
            row.epochs,
            unpack(row.drawings) if row.drawings else None,
        )

    def renew(self, claim: Claim) -> bool:
        """Give a sign of life. Returns False when a stop was asked for. Raises ClaimLost."""
        with self._database.writing() as connection:
            return self._renew(connection, claim)

    def record(
        self,
        claim: Claim,
        points: Sequence[Point],
        checkpoint: Checkpoint | None = None,
        snapshot: Snapshot | None = None,
    ) -> bool:
        """Keep what is new, all in one transaction; with nothing new only listen for a stop.

        Returns:
            True to go on, False when a stop was asked for. Raises ClaimLost.
        """
        if not points and checkpoint is None and snapshot is None:
            with self._database.reading() as connection:
                return not _row_of(connection, claim).stop_requested
        with self._database.writing() as connection:
            go_on = self._renew(connection, claim, **_progress(points, checkpoint))
            if points:
                connection.execute(
                    sa.insert(tables.points), [_point_row(claim.run_id, point) for point in points]
                )
            if checkpoint is not None:
                _keep_checkpoint(connection, claim.run_id, checkpoint)
            if snapshot is not None:
                _keep_snapshot(connection, claim.run_id, snapshot)
        return go_on

    def keep_normalization(self, claim: Claim, normalization: Normalization) -> None:
        """Keep the normalisation that this run trains with. Raises ClaimLost."""
        with self._database.writing() as connection:
            self._renew(connection, claim, normalization=normalization.to_json())

    def hold_up(self, claim: Claim, message: LabError) -> None:
        """Say what holds the run up, unless something else is said already. Raises ClaimLost."""
        said = sa.func.coalesce(tables.runs.c.message, write_message(message))
        with self._database.writing() as connection:
            self._renew(connection, claim, message=said)

    def hold_up_no_more(self, claim: Claim, message: LabError) -> None:
        """Take back what ``hold_up`` said. Raises ClaimLost."""
        left = sa.func.nullif(tables.runs.c.message, write_message(message))
        with self._database.writing() as connection:
            self._renew(connection, claim, message=left)

    def end(self, claim: Claim, outcome: str, message: LabError | None = None) -> None:
        """Say how the run ended: "stopped", "finished", "diverged" or "failed". Raises ClaimLost.

        A run that was given more epochs meanwhile is not finished, and one that was continued right after
        Stop is not stopped: it waits for its next turn.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome is {outcome!r}, expected one of {OUTCOMES}")
        with self._database.writing() as connection:
            row = _row_of(connection, claim)
            goes_on = (outcome == "finished" and row.epochs > claim.epochs) or (
                outcome == "stopped" and not row.stop_requested
            )
            self._renew(
                connection,
                claim,
                outcome=None if goes_on else outcome,
                message=write_message(message) if message else None,
                stop_requested=False,
                attempts=0,
                lease_until=None,
            )

    def release(self, claim: Claim, message: LabError | None = None) -> None:
        """Give the run back to the queue, to be gone on with later; no attempt was lost. Raises ClaimLost."""
        changes = {
            "lease_until": None,
            "attempts": tables.runs.c.attempts - 1,
            "message": write_message(message) if message else None,
        }
        with self._database.writing() as connection:
            self._renew(connection, claim, **changes)

    def free(self, run_id: str, task: str) -> None:
        """Free a run whose worker is known to be gone, before its lease runs out."""
        runs = tables.runs
        lost = sa.and_(runs.c.id == run_id, runs.c.task == task, runs.c.outcome.is_(None))
        with self._database.writing() as connection:
            connection.execute(sa.update(runs).where(lost).values(lease_until=None))

    def _renew(self, connection: Connection, claim: Claim, **changes: Any) -> bool:
        runs = tables.runs
        mine = sa.and_(runs.c.id == claim.run_id, runs.c.token == claim.token, runs.c.outcome.is_(None))
        stop_requested = connection.execute(
            sa.update(runs)
            .where(mine)
            .values({"lease_until": now() + LEASE} | changes)
            .returning(runs.c.stop_requested)
        ).scalar_one_or_none()
        if stop_requested is None:
            raise _lost(claim)
        return not stop_requested

    def _give_up(self, connection: Connection, run_id: str) -> None:
        message = WorkerGone(
            N_(
                "The workers of this run died {attempts} times in a row before an epoch was done. "
                "Perhaps there is too little memory: try a smaller network or batch."
            ),
            attempts=ATTEMPTS,
        )
        _change(
            connection,
            run_id,
            outcome="failed",
            message=write_message(message),
            lease_until=None,
            attempts=0,
        )


def _workers_die(deaths: int) -> WorkerGone:
    return WorkerGone(
        N_(
            "The workers of this run died {deaths} times in a row, the last time before a step was done. "
            "Perhaps there is too little memory: stop it and try a smaller network or batch. Until then the "
            "lab tries it again."
        ),
        deaths=deaths,
    )


def is_held() -> sa.ColumnElement[bool]:
    """In SQL whether a worker holds a run, as ``core.runs.run.derive_status`` knows it of a row."""
    until = tables.runs.c.lease_until
    return sa.and_(until > now(), until <= now() + LEASE + CLOCK_STEP)


def trained_with(connection: Connection) -> dict[str, Arithmetic]:
    """Ids of unfinished runs that have done a step → the arithmetic they did the last one with."""
    runs = tables.runs
    began = (runs.c.outcome.is_(None), runs.c.step > 0, runs.c.arithmetic.is_not(None))
    rows = connection.execute(sa.select(runs.c.id, runs.c.arithmetic).where(*began))
    found = {}
    for row in rows:
        with suppress(*UNREADABLE):
            found[row.id] = read_history(row.arithmetic)[-1].arithmetic
    return found


def _change(connection: Connection, run_id: str, **changes: Any) -> None:
    connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(**changes))


def _take(connection: Connection, run_id: str, worker: str, task: str | None) -> bool:
    """Put this worker's name on the run, if it waits or was this task's before."""
    runs = tables.runs
    same_task = runs.c.task == task if task else sa.false()
    is_free = sa.or_(runs.c.lease_until.is_(None), sa.not_(is_held()), same_task)
    waits = sa.and_(runs.c.id == run_id, runs.c.outcome.is_(None), sa.not_(runs.c.stop_requested), is_free)
    changes: dict[str, Any] = {"token": runs.c.token + 1, "attempts": runs.c.attempts + 1}
    changes |= {"worker": worker, "task": task, "claimed": now(), "lease_until": now() + LEASE}
    return connection.execute(sa.update(runs).where(waits).values(**changes)).rowcount == 1


def _row_of(connection: Connection, claim: Claim) -> Any:
    runs = tables.runs
    wanted = sa.select(runs.c.token, runs.c.stop_requested, runs.c.epochs).where(runs.c.id == claim.run_id)
    row = connection.execute(wanted).one_or_none()
    if row is None or row.token != claim.token:
        raise _lost(claim)
    return row


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(N_("Run {run} is trained by another worker now."), run=claim.run_id)


def _rewind(connection: Connection, run_id: str) -> int:
    """Go back to the checkpoint and return its step: whoever goes on writes everything behind it again."""
    checkpoints = tables.checkpoints
    kept = connection.execute(
        sa.select(checkpoints.c.step, checkpoints.c.seconds).where(checkpoints.c.run_id == run_id)
    ).one_or_none()
    step, seconds = (kept.step, kept.seconds) if kept else (-1, 0.0)
    for table in (tables.points, tables.snapshots):
        connection.execute(sa.delete(table).where(table.c.run_id == run_id, table.c.step > step))
    _change(connection, run_id, step=max(step, 0), seconds=seconds)
    return max(step, 0)


def _progress(points: Sequence[Point], checkpoint: Checkpoint | None) -> dict[str, Any]:
    """What new points change in the run's own row."""
    changes: dict[str, Any] = {}
    if points:
        changes |= {"step": points[-1].step, "seconds": points[-1].seconds}
    if points and points[-1].step > 0:
        changes |= {"message": None}
    if checkpoint is not None:
        changes |= {"step": checkpoint.step, "seconds": checkpoint.seconds, "attempts": 0, "message": None}
    measured = [point for point in points if point.step > 0 and point.val_accuracy is not None]
    if measured:
        changes |= {"val_loss": measured[-1].val_loss, "val_accuracy": measured[-1].val_accuracy}
    return changes


def _point_row(run_id: str, point: Point) -> dict[str, Any]:
    row = {name: _plain(getattr(point, name)) for name in POINT_COLUMNS}
    layers = None if point.layers is None else point.layers.astype("<f4").tobytes()
    return {"run_id": run_id, "layers": layers} | row


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _keep_checkpoint(connection: Connection, run_id: str, checkpoint: Checkpoint) -> None:
    """Write the run's only checkpoint in place of the former one."""
    table = tables.checkpoints
    row = {"step": checkpoint.step, "seconds": checkpoint.seconds, "data": checkpoint.to_bytes()}
    connection.execute(sa.delete(table).where(table.c.run_id == run_id))
    connection.execute(sa.insert(table).values(run_id=run_id, **row))


def _keep_snapshot(connection: Connection, run_id: str, snapshot: Snapshot) -> None:
    """Write the snapshot of one step; the same step may come again after a stop."""
    table = tables.snapshots
    connection.execute(sa.delete(table).where(table.c.run_id == run_id, table.c.step == snapshot.step))
    connection.execute(sa.insert(table).values(run_id=run_id, step=snapshot.step, data=snapshot.to_bytes()))
