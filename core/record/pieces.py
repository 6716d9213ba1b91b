"""The next piece of a trajectory that some run wants, and the runs that end with a piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import tables, trajectories
from core.record.shown import best_of, last_epoch
from core.runs.arithmetic import Arithmetic, read_history, within
from core.runs.run import OUTCOMES, read_settings


@dataclass(frozen=True)
class Piece:
    """What a claim is for: train until so many epochs are done in all.

    ``again``: the curve goes that far already, and only the weights at this piece's end are wanted.
    """

    epochs: int
    again: bool


def next_piece(connection: Connection, trajectory: Any, arithmetic: Arithmetic | None) -> Piece | None:
    """The piece that comes next, or None when no run wants one any more.

    Runs whose weights are there already, or whose Stop their worker did not live to hear, end here. Weights
    on the way come first: they are nearer. Runs that want them from an arithmetic that this worker does not
    have get a trajectory of their own.

    Args:
        trajectory: its row. arithmetic: of who asks; None is anybody's.
    """
    _end_what_is_done(connection, trajectory)
    runs = [run for run in trajectories.unfinished_runs(connection, trajectory.id) if not run.stop_requested]
    behind = [run for run in runs if run.step is not None]
    if behind:
        epochs = min(run.end for run in behind) // trajectory.steps_per_epoch
        if _calculates_alike(connection, trajectory, epochs, arithmetic):
            return Piece(epochs, True)
        trajectories.split_off(connection, trajectory.id, [run.id for run in behind])
    ahead = [run.epochs for run in runs if run.step is None]
    return Piece(max(ahead), False) if ahead else None


def rewind(connection: Connection, trajectory: str) -> int:
    """Go back to the last checkpoint and return its step: whoever goes on writes what follows it again.

    Runs that ended behind it, diverged or failed, keep what they show: nobody else's Continue takes it away.
    """
    checkpoints, runs = tables.checkpoints, tables.runs
    kept = connection.execute(
        sa.select(checkpoints.c.step, checkpoints.c.seconds)
        .where(checkpoints.c.trajectory_id == trajectory)
        .order_by(checkpoints.c.step.desc())
        .limit(1)
    ).one_or_none()
    step, seconds = (kept.step, kept.seconds) if kept else (-1, 0.0)
    behind = (runs.c.trajectory_id == trajectory, runs.c.outcome.is_not(None), runs.c.step > max(step, 0))
    ended = connection.execute(sa.select(runs.c.id).where(*behind)).scalars().all()
    if ended:
        trajectories.set_apart(connection, trajectory, ended)
    for table in (tables.points, tables.snapshots):
        connection.execute(sa.delete(table).where(table.c.trajectory_id == trajectory, table.c.step > step))
    trajectories.change(connection, trajectory, step=max(step, 0), seconds=seconds)
    return max(step, 0)


def finish_on_the_way(connection: Connection, trajectory: Any, step: int, epochs: int) -> None:
    """End the runs whose weights are those of this new checkpoint, or that stop early here.

    Args:
        trajectory: from ``locked``.
        epochs: where the piece ends; who says that it ended ends the runs that wanted it.
    """
    per_epoch = trajectory.steps_per_epoch
    runs = trajectories.unfinished_runs(connection, trajectory.id)
    if step == trajectory.step and _stop_early(connection, trajectory.id, runs, step, per_epoch):
        runs = trajectories.unfinished_runs(connection, trajectory.id)
    for run in runs:
        if run.end == step != epochs * per_epoch and not run.stop_requested:
            _finish(connection, run, trajectory.id, run.epochs * per_epoch)


def end_runs(
    connection: Connection, trajectory: str, piece: Piece, outcome: str, message: str | None
) -> None:
    """End the runs that a piece was for, which ended so, and those that asked for a stop."""
    assert outcome in OUTCOMES
    row = trajectories.locked(connection, trajectory)
    runs = trajectories.unfinished_runs(connection, trajectory)
    target = piece.epochs * row.steps_per_epoch
    last = min(row.step, target) if piece.again else row.step
    if outcome in ("diverged", "failed"):
        served = [run for run in runs if (run.step is not None) == piece.again]
        _end(connection, served, trajectory, outcome, last, message)
        return
    if outcome == "finished":
        served = [run for run in runs if run.end == target]
        for run in served:
            last = run.epochs * row.steps_per_epoch
            _finish(connection, run, trajectory, min(row.step, last), message)
        runs = [run for run in runs if run not in served]
    _stop(connection, trajectory, [run for run in runs if run.stop_requested], row.steps_per_epoch)


def _stop_early(
    connection: Connection, trajectory: str, runs: Sequence[Any], step: int, per_epoch: int
) -> bool:
    """Let runs whose patience is at its end with this epoch want no more than that; whether there are any."""
    epoch, rest = divmod(step, per_epoch)
    found = False
    for run in runs:
        settings = read_settings(run.settings)
        if run.step is None and not rest and run.epochs > epoch and settings.training.patience:
            last = last_epoch(connection, trajectory, settings, run.epochs, after=epoch - 1)
            if last != run.epochs:
                trajectories.change_run(connection, run.id, {"epochs": last})
                found = True
    return found


def _finish(connection: Connection, run: Any, trajectory: str, last: int, message: str | None = None) -> None:
    """End a run that is done; it waits where its best weights were not kept, as others trained then."""
    if read_settings(run.settings).training.keep_best:
        best = best_of(connection, trajectory, last)
        if best not in trajectories.weights_at(connection, trajectory):
            values = trajectories.behind(connection, trajectory, last)
            trajectories.change_run(connection, run.id, values)
            return
    _end(connection, [run], trajectory, "finished", last, message)


def give_up(connection: Connection, trajectory: str, message: str) -> None:
    """End all that wait for a trajectory as failed."""
    row = trajectories.locked(connection, trajectory)
    runs = trajectories.unfinished_runs(connection, trajectory)
    _end(connection, runs, trajectory, "failed", row.step, message)


def _end_what_is_done(connection: Connection, trajectory: Any) -> None:
    kept = trajectories.weights_at(connection, trajectory.id)
    per_epoch = trajectory.steps_per_epoch
    for run in trajectories.unfinished_runs(connection, trajectory.id):
        if run.end in kept:
            _finish(connection, run, trajectory.id, run.epochs * per_epoch)
        elif run.stop_requested:
            _stop(connection, trajectory.id, [run], per_epoch)


def stop(connection: Connection, trajectory: Any, run: Any, *, trains: bool) -> bool:
    """End a run as stopped, if that can be done at once; False when its worker must hear of it first.

    While others want more, it ends at its last whole epoch, whose weights are kept. Where there is none yet,
    and where nobody else wants more, the worker saves what was learnt.

    Args:
        trajectory: from ``locked``. run: its id, epochs and step. trains: whether a worker is at it.
    """
    per_epoch = trajectory.steps_per_epoch
    others = [
        other
        for other in trajectories.unfinished_runs(connection, trajectory.id)
        if other.id != run.id and not other.stop_requested
    ]
    end = min(trajectory.step, run.epochs * per_epoch)
    kept = trajectories.weights_at(connection, trajectory.id)
    whole = max((step for step in kept if step <= end and step % per_epoch == 0), default=0)
    if whole and others:
        _end(connection, [run], trajectory.id, "stopped", whole)
    elif trains:
        return False
    else:
        _stop(connection, trajectory.id, [run], per_epoch)
    return True


def _stop(connection: Connection, trajectory: str, runs: Sequence[Any], per_epoch: int) -> None:
    """End runs as stopped where their last weights are."""
    kept = trajectories.weights_at(connection, trajectory)
    for run in runs:
        last = max((step for step in kept if step <= run.epochs * per_epoch), default=0)
        _end(connection, [run], trajectory, "stopped", last)


def _end(
    connection: Connection,
    runs: Sequence[Any],
    trajectory: str,
    outcome: str,
    step: int,
    message: str | None = None,
) -> None:
    values = trajectories.ended(connection, trajectory, outcome, step, message)
    for run in runs:
        trajectories.change_run(connection, run.id, values | {"stop_requested": False})


def _calculates_alike(
    connection: Connection, trajectory: Any, epochs: int, arithmetic: Arithmetic | None
) -> bool:
    """Whether a worker with this arithmetic comes to the weights that are not there any more."""
    if arithmetic is None:
        return True
    target = epochs * trajectory.steps_per_epoch
    kept = trajectories.weights_at(connection, trajectory.id)
    begin = max((step for step in kept if step <= target), default=0)
    return within(read_history(trajectory.arithmetic), begin, target) == {arithmetic}
