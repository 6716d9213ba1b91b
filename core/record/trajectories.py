"""What runs of the same experiment share, and where each of them stands in it.

A run without a step of its own moves with its trajectory. One that ended has one, and so has one whose curve
was there before it: that waits for the weights at its end, which nobody had kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.drawing.our_handwriting import unpack
from core.record import tables
from core.record.ids import new_id
from core.record.shown import KEEPS_BEST, best_of, best_step, last_epoch, wanted_step
from core.runs.identity import identity
from core.runs.progress import pictures_stay, steps_per_epoch
from core.settings import Settings

Values = dict[str, Any]
"""Columns of a run → what stands in them."""
MOVES: Values = dict.fromkeys(("outcome", "message", "step", "seconds", "val_loss", "val_accuracy"))
"""A run that moves with its trajectory."""
LOCKED = tuple(tables.trajectories.c[name] for name in ("id", "step", "steps_per_epoch", "diverged"))
"""What is known of a trajectory that nobody else changes meanwhile."""


def join(connection: Connection, run_id: str, settings: Settings, packed: bytes | None) -> Any:
    """The trajectory of this experiment, locked for this transaction; a new one if there is none yet.

    Should two begin it at once, one of them finds that of the other.

    Args:
        run_id: of the run that wants it, which gives a new one its id.
        packed: the class's own drawings that join the training part, if any do.

    Returns:
        ``locked``.
    """
    table = tables.trajectories
    extra = unpack(packed) if packed else None
    images = settings.data.train + (len(extra[1]) if extra else 0)
    begun = {
        "id": run_id,
        "identity": identity(settings, extra),
        "settings": settings.to_json(),
        "steps_per_epoch": steps_per_epoch(images, settings.training.batch_size),
        "drawings": packed,
    }
    while True:
        found = sa.select(table.c.id).where(table.c.identity == begun["identity"])
        trajectory = connection.execute(found).scalar_one_or_none()
        if trajectory is None:
            with suppress(sa.exc.IntegrityError), connection.begin_nested():
                connection.execute(sa.insert(table).values(**begun))
                trajectory = run_id
        if trajectory is not None:
            row = locked(connection, trajectory)
            if row is not None:  # else it went with its last run just now
                return row


def locked(connection: Connection, trajectory: str) -> Any:
    """Its id, step, steps_per_epoch and how it diverged; None if it is not there. Nobody else changes it."""
    wanted = sa.select(*LOCKED).where(tables.trajectories.c.id == trajectory)
    return connection.execute(wanted.with_for_update()).one_or_none()


def standing(
    connection: Connection, trajectory: Any, settings: Settings, epochs: int, after: int = 0
) -> Values:
    """Where a run stands that wants so many epochs of a trajectory, from ``locked``; fewer if it stops early.

    Args:
        settings: the run's own. after: how many epochs it had when it was asked to go on.
    """
    epochs = last_epoch(connection, trajectory.id, settings, epochs, after)
    target, asked = epochs * trajectory.steps_per_epoch, {"epochs": epochs}
    if target > trajectory.step:
        if trajectory.diverged is None:
            return MOVES | asked
        return asked | ended(connection, trajectory.id, "diverged", trajectory.step, trajectory.diverged)
    wanted = best_of(connection, trajectory.id, target) if settings.training.keep_best else target
    if wanted in weights_at(connection, trajectory.id):
        return asked | ended(connection, trajectory.id, "finished", target)
    return behind(connection, trajectory.id, target) | asked


def behind(connection: Connection, trajectory: str, step: int) -> Values:
    """A run whose curve is known to its end at this step, and that waits for weights."""
    return MOVES | progress_at(connection, trajectory, step)


def ended(
    connection: Connection, trajectory: str, outcome: str, step: int, message: str | None = None
) -> Values:
    """A run that ended at this step of its trajectory, and why."""
    return {"outcome": outcome, "message": message} | progress_at(connection, trajectory, step)


def weights_at(connection: Connection, trajectory: str) -> set[int]:
    """Steps of which checkpoints are kept."""
    return set(connection.execute(_select_weights(), {"trajectory": trajectory}).scalars())


def unfinished_runs(connection: Connection, trajectory: str) -> list[Any]:
    """Runs that have not ended: id, settings, epochs, step, stop_requested, and at which step they end.

    ``end`` is the last step of a run that moves; of one whose curve is known, that of the weights it waits
    for.
    """
    return list(connection.execute(_select_unfinished(), {"trajectory": trajectory}))


def change_run(connection: Connection, run_id: str, values: Values) -> None:
    """Write columns of a run."""
    connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(**values))


def change(connection: Connection, trajectory: str, **values: Any) -> None:
    """Write columns of a trajectory."""
    table = tables.trajectories
    connection.execute(sa.update(table).where(table.c.id == trajectory).values(**values))


def make_room(connection: Connection, trajectory: Any, step: int) -> None:
    """Delete the checkpoint of this step, of which another comes now, and those that nobody wants then.

    There stay those that are some run's, the last whole epoch's up to this step, and what follows it. A run's
    are the last ones up to where it ended, or wants to, and the best where it keeps them. With weights go the
    pictures of the first of them, except at epochs where those stay.

    Args:
        trajectory: from ``locked``.
    """
    per_epoch = trajectory.steps_per_epoch
    wishes = connection.execute(_select_wanted(), {"trajectory": trajectory.id}).all()
    kept = weights_at(connection, trajectory.id)
    needed = {max((each for each in kept | {step} if each <= run.end), default=0) for run in wishes}
    needed.update(run.best for run in wishes)
    unneeded = {each for each in kept - needed if each < step // per_epoch * per_epoch}
    delete_at(connection, tables.checkpoints, trajectory.id, unneeded | (kept & {step}))
    faded = [each for each in unneeded if not pictures_stay(each // per_epoch)]
    if faded:
        connection.execute(_fade(), {"trajectory": trajectory.id, "steps": faded})


def delete_at(connection: Connection, table: sa.Table, trajectory: str, steps: set[int]) -> None:
    """Delete what a table holds of a trajectory at these steps."""
    if steps:
        connection.execute(_delete_at(table), {"trajectory": trajectory, "steps": list(steps)})


@cache  # these are asked at each epoch's end, and building a statement costs more than running it
def _select_weights() -> sa.Select[Any]:
    table = tables.checkpoints
    return sa.select(table.c.step).where(table.c.trajectory_id == sa.bindparam("trajectory"))


@cache
def _select_unfinished() -> sa.Select[Any]:
    runs, table = tables.runs, tables.trajectories
    columns = (runs.c.id, runs.c.settings, runs.c.epochs, runs.c.step, runs.c.stop_requested)
    last = runs.c.epochs * table.c.steps_per_epoch
    end = sa.case((runs.c.step.is_(None), last), else_=wanted_step(table.c.steps_per_epoch)).label("end")
    mine = (runs.c.trajectory_id == sa.bindparam("trajectory"), runs.c.outcome.is_(None))
    return sa.select(*columns, end).join(table, table.c.id == runs.c.trajectory_id).where(*mine)


@cache
def _select_wanted() -> sa.Select[Any]:
    """Of all runs: where each ends, and its best epoch's step if it keeps that."""
    runs, table = tables.runs, tables.trajectories
    end = sa.func.coalesce(runs.c.step, runs.c.epochs * table.c.steps_per_epoch).label("end")
    best = sa.case((KEEPS_BEST, best_step(kept=False))).label("best")
    mine = runs.c.trajectory_id == sa.bindparam("trajectory")
    return sa.select(end, best).join(table, table.c.id == runs.c.trajectory_id).where(mine)


@cache
def _delete_at(table: sa.Table) -> sa.Delete:
    return sa.delete(table).where(*_at(table))


@cache
def _fade() -> sa.Update:
    return sa.update(tables.snapshots).where(*_at(tables.snapshots)).values(pictures=None)


def _at(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    at = table.c.step.in_(sa.bindparam("steps", expanding=True))
    return table.c.trajectory_id == sa.bindparam("trajectory"), at


def split_off(connection: Connection, trajectory: str, run_ids: Sequence[str]) -> None:
    """Give these runs a trajectory of their own, from the beginning: nobody calculates as theirs did."""
    table = tables.trajectories
    columns = (table.c.settings, table.c.steps_per_epoch, table.c.drawings)
    row = connection.execute(sa.select(*columns).where(table.c.id == trajectory)).one()
    own = new_id()
    connection.execute(sa.insert(table).values(id=own, **row._mapping))
    for run_id in run_ids:
        change_run(connection, run_id, MOVES | {"trajectory_id": own})


def set_apart(connection: Connection, trajectory: str, run_ids: Sequence[str]) -> None:
    """Give ended runs a copy of all that was recorded, before who goes on writes over what they show."""
    table = tables.trajectories
    row = connection.execute(sa.select(table).where(table.c.id == trajectory)).one()
    own = new_id()
    is_its_own = {"id": own, "identity": None, "lease_until": None, "task": None}
    connection.execute(sa.insert(table).values({**row._mapping, **is_its_own}))
    copy_record(connection, trajectory, own)
    for run_id in run_ids:
        change_run(connection, run_id, {"trajectory_id": own})


def copy_record(connection: Connection, trajectory: str, own: str, last: int | None = None) -> None:
    """Copy points, snapshots and weights, up to this step; of weights before it only those at it."""
    for each in (tables.points, tables.snapshots, tables.checkpoints):
        names = [column.name for column in each.columns if column.name != "trajectory_id"]
        rows = sa.select(sa.literal(own), *(each.c[name] for name in names))
        copied = rows.where(each.c.trajectory_id == trajectory)
        if last is not None:
            copied = copied.where(each.c.step == last if each is tables.checkpoints else each.c.step <= last)
        connection.execute(sa.insert(each).from_select(["trajectory_id", *names], copied))


def progress_at(connection: Connection, trajectory: str, step: int) -> Values:
    """How far a run is that came to this step: step, seconds, and val_loss and val_accuracy of its last whole
    epoch.
    """
    table, checkpoints = tables.points, tables.checkpoints
    until = (table.c.trajectory_id == trajectory, table.c.step <= step)
    last = sa.select(table.c.step, table.c.seconds).where(*until).order_by(table.c.step.desc()).limit(1)
    point = connection.execute(last).one_or_none()
    seconds = point.seconds if point else 0.0
    if point is None or point.step < step:  # it stopped between two points
        saved = sa.select(checkpoints.c.seconds).where(
            checkpoints.c.trajectory_id == trajectory, checkpoints.c.step == step
        )
        seconds = connection.execute(saved).scalar_one_or_none() or seconds
    measured = (
        sa.select(table.c.val_loss, table.c.val_accuracy)
        .where(*until, table.c.step > 0, table.c.val_accuracy.is_not(None))
        .order_by(table.c.step.desc())
        .limit(1)
    )
    whole = connection.execute(measured).one_or_none()
    values = {"val_loss": whole.val_loss, "val_accuracy": whole.val_accuracy} if whole else {}
    return {"step": step, "seconds": seconds, "val_loss": None, "val_accuracy": None} | values
