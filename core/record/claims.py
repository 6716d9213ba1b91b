"""What a worker does with a trajectory: claim it, record, end it. Each claim is fenced by a token.

A claim is a lease that the worker renews. When it dies, the lease runs out and another worker may claim
the trajectory; the first one, should it only have slept, finds its token outdated and can write nothing more.
What is recorded ends the runs that wanted no more than this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.dataset.normalization import Normalization
from core.dataset.prepared import Extra
from core.drawing.our_handwriting import unpack
from core.errors import N_, LabError
from core.record import line, pieces, tables, trajectories
from core.record.curves import POINT_COLUMNS
from core.record.database import Database, now
from core.record.shown import wanted_step
from core.runs import turns
from core.runs.arithmetic import Arithmetic, go_on, read_history, write_history
from core.runs.packed import pack_measures
from core.runs.progress import Checkpoint, Point, Snapshot, pack_histogram
from core.runs.run import LEASE, OUTCOMES, read_settings, write_message
from core.settings import Settings

ATTEMPTS = 20
"""Claims in a row without a new checkpoint after which a run is given up."""
TELLING = 3
"""Deaths in a row without a new checkpoint after which it is told, if the last was before a step."""


class ClaimLost(LabError):
    """Somebody else goes on with this."""


class WorkerGone(LabError):
    """The workers of a run died again and again."""


@dataclass(frozen=True)
class Claim:
    """A worker's right to train a trajectory, and all it needs for it.

    Attributes:
        token: counts the claims of this trajectory; whoever has the highest may write.
        epochs: how many are wanted in all.
        extra: the class's drawings that join the training part, if the settings want them.
        again: whether the curve is known so far, and only weights on the way were not kept.
    """

    trajectory_id: str
    token: int
    settings: Settings
    epochs: int
    extra: Extra | None
    again: bool = False


class Claims:
    """The worker's side of the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        trajectory_id: str,
        worker: str,
        *,
        task: str | None = None,
        arithmetic: Arithmetic | None = None,
        only_same: bool = False,
    ) -> Claim | None:
        """Take what waits, and delete what was recorded behind its checkpoint.

        Args:
            worker: who asks, for people to read.
            task: the cluster's name for this piece of work. When the same task comes again, its first
                worker is known to be dead, and its lease need not run out.
            arithmetic: the worker's. The first one is the trajectory's; another that goes on is recorded as
                well, and whoever begins the same experiment later begins one of their own.
            only_same: leave alone what was trained with another arithmetic.

        Returns:
            The claim, or None when no run wants it, it does not exist, or is trained by somebody else.
        """
        with self._database.writing() as connection:
            if only_same and arithmetic != line.trained_with(connection).get(trajectory_id, arithmetic):
                return None
            if not _take(connection, trajectory_id, worker, task):
                return None
            table = tables.trajectories
            row = connection.execute(sa.select(table).where(table.c.id == trajectory_id)).one()
            if row.attempts > ATTEMPTS:
                self._give_up(connection, trajectory_id)
                return None
            piece = pieces.next_piece(connection, row, arithmetic)
            if piece is None:
                trajectories.change(connection, trajectory_id, lease_until=None, attempts=0)
                return None
            if not piece.again:
                step = pieces.rewind(connection, trajectory_id)
                if row.attempts > TELLING and row.step <= step:
                    told = write_message(_workers_die(row.attempts - 1))
                    trajectories.change(connection, trajectory_id, message=told)
                _go_on(connection, row, step, arithmetic)
        extra = unpack(row.drawings) if row.drawings else None
        return Claim(trajectory_id, row.token, read_settings(row.settings), piece.epochs, extra, piece.again)

    def checkpoint(self, claim: Claim) -> Checkpoint | None:
        """Where the claimed piece begins: the last weights before its end; None at the fresh network."""
        table = tables.checkpoints
        before = (
            table.c.trajectory_id == claim.trajectory_id,
            table.c.step <= claim.epochs * tables.trajectories.c.steps_per_epoch
            if claim.again
            else sa.true(),
        )
        nearest = (
            sa.select(table.c.data)
            .join(tables.trajectories)
            .where(*before)
            .order_by(table.c.step.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            data = connection.execute(nearest).scalar_one_or_none()
        return None if data is None else Checkpoint.from_bytes(data)

    def renew(self, claim: Claim) -> bool:
        """Give a sign of life. Returns False when there is nothing to go on for. Raises ClaimLost."""
        with self._database.writing() as connection:
            self._renew(connection, claim)
            return _goes_on(connection, claim)

    def record(
        self,
        claim: Claim,
        points: Sequence[Point],
        checkpoint: Checkpoint | None = None,
        snapshot: Snapshot | None = None,
    ) -> bool:
        """Keep what is new, all in one transaction; with nothing new only listen for a stop.

        Returns:
            True to go on, False when a stop was asked for or nobody wants more. Raises ClaimLost.
        """
        if claim.again:  # the same points are there, and the snapshots, but for some pictures
            points = ()
        if not points and checkpoint is None and snapshot is None:
            with self._database.reading() as connection:
                return _goes_on(connection, claim)
        with self._database.writing() as connection:
            figures = _progress(points, checkpoint, claim.again)
            trajectory = self._renew(connection, claim, figures)
            if points:
                rows = [_point_row(claim.trajectory_id, point) for point in points]
                connection.execute(_insert(tables.points), rows)
            if snapshot is not None:
                _keep_snapshot(connection, claim.trajectory_id, snapshot)
            if checkpoint is not None:
                trajectories.make_room(connection, trajectory, checkpoint.step)
                _keep_checkpoint(connection, claim.trajectory_id, checkpoint)
                pieces.finish_on_the_way(connection, trajectory, checkpoint.step, claim.epochs)
            return _goes_on(connection, claim)

    def keep_normalization(self, claim: Claim, normalization: Normalization) -> None:
        """Keep the normalisation that is trained with. Raises ClaimLost."""
        with self._database.writing() as connection:
            self._renew(connection, claim, normalization=normalization.to_json())

    def hold_up(self, claim: Claim, message: LabError) -> None:
        """Say what holds the run up, unless something else is said already. Raises ClaimLost."""
        said = sa.func.coalesce(tables.trajectories.c.message, write_message(message))
        with self._database.writing() as connection:
            self._renew(connection, claim, message=said)

    def hold_up_no_more(self, claim: Claim, message: LabError) -> None:
        """Take back what ``hold_up`` said. Raises ClaimLost."""
        left = sa.func.nullif(tables.trajectories.c.message, write_message(message))
        with self._database.writing() as connection:
            self._renew(connection, claim, message=left)

    def end(self, claim: Claim, outcome: str, message: LabError | None = None) -> None:
        """Say how the training ended: "stopped", "finished", "diverged" or "failed". Raises ClaimLost.

        So do the runs that it was for. A run that was given more epochs meanwhile is not finished, and one
        that was continued right after Stop is not stopped: it waits for its next turn.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome is {outcome!r}, expected one of {OUTCOMES}")
        written = write_message(message) if message else None
        changes: dict[str, Any] = {"token": claim.token + 1, "attempts": 0, "lease_until": None}
        if outcome == "diverged":
            changes["diverged"] = written
        with self._database.writing() as connection:
            self._renew(connection, claim, **changes)
            piece = pieces.Piece(claim.epochs, claim.again)
            pieces.end_runs(connection, claim.trajectory_id, piece, outcome, written)

    def release(self, claim: Claim, message: LabError | None = None) -> None:
        """Give it back to the queue, to be gone on with later; no attempt was lost. Raises ClaimLost."""
        attempts = tables.trajectories.c.attempts
        changes = {
            "lease_until": None,
            "attempts": sa.case((attempts > 0, attempts - 1), else_=0),  # a checkpoint has forgotten them
            "message": write_message(message) if message else None,
        }
        with self._database.writing() as connection:
            self._renew(connection, claim, **changes)

    def free(self, trajectory_id: str, task: str) -> None:
        """Free what is claimed by a worker that is known to be gone, before its lease runs out."""
        table = tables.trajectories
        lost = sa.and_(table.c.id == trajectory_id, table.c.task == task)
        with self._database.writing() as connection:
            connection.execute(sa.update(table).where(lost).values(lease_until=None))

    def _renew(
        self,
        connection: Connection,
        claim: Claim,
        figures: Mapping[str, Any] | None = None,
        /,
        **changes: Any,
    ) -> Any:
        """Write columns of the claimed trajectory, which nobody else changes then.

        Args:
            figures: plain values. changes: what may be SQL, and the lease where it ends.

        Returns:
            What ``trajectories.locked`` does. Raises ClaimLost.
        """
        renewal = _renewal().values(**changes) if changes else _renewal()
        given = {"claimed_id": claim.trajectory_id, "claim": claim.token, **(figures or {})}
        row = connection.execute(renewal, given).one_or_none()
        if row is None:
            raise _lost(claim)
        return row

    def _give_up(self, connection: Connection, trajectory_id: str) -> None:
        message = WorkerGone(
            N_(
                "The workers of this run died {attempts} times in a row before an epoch was done. "
                "Perhaps there is too little memory: try a smaller network or batch."
            ),
            attempts=ATTEMPTS,
        )
        trajectories.change(connection, trajectory_id, lease_until=None, attempts=0)
        pieces.give_up(connection, trajectory_id, write_message(message))


def _workers_die(deaths: int) -> WorkerGone:
    return WorkerGone(
        N_(
            "The workers of this run died {deaths} times in a row, the last time before a step was done. "
            "Perhaps there is too little memory: stop it and try a smaller network or batch. Until then the "
            "lab tries it again."
        ),
        deaths=deaths,
    )


def _take(connection: Connection, trajectory_id: str, worker: str, task: str | None) -> bool:
    """Put this worker's name on the trajectory, if it waits or was this task's before."""
    now_in_line = line.read(connection)
    charged = turns.payer(trajectory_id, now_in_line.unfinished, now_in_line.last_start)
    if charged is None:  # nobody wants it, or it cannot be read
        return False
    table = tables.trajectories
    same_task = table.c.task == task if task else sa.false()
    is_free = sa.or_(sa.not_(line.is_held()), same_task)
    waits = sa.and_(table.c.id == trajectory_id, line.wanted(), is_free)
    changes: dict[str, Any] = {"token": table.c.token + 1, "attempts": table.c.attempts + 1}
    changes |= {
        "charged": charged,
        "worker": worker,
        "task": task,
        "claimed": now(),
        "lease_until": now() + LEASE,
    }
    return connection.execute(sa.update(table).where(waits).values(**changes)).rowcount == 1


def _go_on(connection: Connection, row: Any, step: int, arithmetic: Arithmetic | None) -> None:
    """Note what is calculated with from this step on; with a second arithmetic the bits are its own."""
    if arithmetic is None:
        return
    history = go_on(read_history(row.arithmetic), step, arithmetic)
    identity = row.identity if len(history) == 1 else None
    trajectories.change(connection, row.id, arithmetic=write_history(history), identity=identity)


def _goes_on(connection: Connection, claim: Claim) -> bool:
    """Whether somebody wants more of this piece, and nobody waits for a stop. Raises ClaimLost."""
    given = {"trajectory": claim.trajectory_id, "epochs": claim.epochs}
    row = connection.execute(_select_wishes(claim.again), given).one_or_none()
    if row is None or row.token != claim.token:
        raise _lost(claim)
    return bool(row.wanted) and not row.stops


@cache  # these are asked at each point of a curve, and building a statement costs more than running it
def _renewal() -> sa.sql.dml.ReturningUpdate[Any]:
    table = tables.trajectories
    mine = (table.c.id == sa.bindparam("claimed_id"), table.c.token == sa.bindparam("claim"))
    return sa.update(table).where(*mine).values(lease_until=now() + LEASE).returning(*trajectories.LOCKED)


@cache
def _insert(table: sa.Table) -> sa.Insert:
    return sa.insert(table)


@cache
def _select_wishes(again: bool) -> sa.Select[Any]:
    runs, table = tables.runs, tables.trajectories
    on = sa.select(runs.c.id).where(runs.c.trajectory_id == table.c.id, runs.c.outcome.is_(None))
    target = sa.bindparam("epochs", type_=sa.Integer) * table.c.steps_per_epoch
    behind = sa.and_(runs.c.step.is_not(None), wanted_step(table.c.steps_per_epoch) == target)
    wants = on.where(sa.not_(runs.c.stop_requested), behind if again else runs.c.step.is_(None))
    stops = on.where(runs.c.stop_requested)
    asked = sa.select(table.c.token, wants.exists().label("wanted"), stops.exists().label("stops"))
    return asked.where(table.c.id == sa.bindparam("trajectory"))


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(N_("Run {run} is trained by another worker now."), run=claim.trajectory_id)


def _progress(points: Sequence[Point], checkpoint: Checkpoint | None, again: bool) -> dict[str, Any]:
    """What new points change in the trajectory's own row."""
    changes: dict[str, Any] = {"attempts": 0, "message": None} if checkpoint is not None else {}
    if points:
        changes |= {"step": points[-1].step, "seconds": points[-1].seconds}
    if points and points[-1].step > 0:
        changes |= {"message": None}
    if checkpoint is not None and not again:
        changes |= {"step": checkpoint.step, "seconds": checkpoint.seconds}
    measured = [point for point in points if point.step > 0 and point.val_accuracy is not None]
    if measured:
        changes |= {"val_loss": measured[-1].val_loss, "val_accuracy": measured[-1].val_accuracy}
    return changes


def _point_row(trajectory_id: str, point: Point) -> dict[str, Any]:
    row = {name: _plain(getattr(point, name)) for name in POINT_COLUMNS}
    layers = None if point.layers is None else pack_measures(point.layers)
    return {"trajectory_id": trajectory_id, "layers": layers, "answers": point.answers} | row


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _keep_checkpoint(connection: Connection, trajectory_id: str, checkpoint: Checkpoint) -> None:
    """Write the checkpoint of one step, for which there is room."""
    row = {"trajectory_id": trajectory_id, "step": checkpoint.step, "seconds": checkpoint.seconds}
    connection.execute(_insert(tables.checkpoints), row | {"data": checkpoint.to_bytes()})


def _keep_snapshot(connection: Connection, trajectory_id: str, snapshot: Snapshot) -> None:
    """Write the snapshot of one step; the same step may come again after a stop."""
    place = {"trajectory_id": trajectory_id, "step": snapshot.step}
    row = {"histogram": pack_histogram(snapshot.histogram), "pictures": snapshot.pictures.to_bytes()}
    trajectories.delete_at(connection, tables.snapshots, trajectory_id, {snapshot.step})
    connection.execute(_insert(tables.snapshots), place | row)
