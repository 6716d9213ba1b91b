"""A branch begins with what its parent recorded, so that nobody trains that again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import tables, trajectories
from core.runs.arithmetic import read_history, until, write_history
from core.runs.branch import begins_as, parting
from core.runs.run import read_settings
from core.settings import Settings


def parent(connection: Connection, run_id: str) -> Any:
    """The trajectory of the run that a branch goes on from, as a row; None if that run is gone."""
    table, runs = tables.trajectories, tables.runs
    found = sa.select(table).join(runs, runs.c.trajectory_id == table.c.id).where(runs.c.id == run_id)
    return connection.execute(found).one_or_none()


def take_over(connection: Connection, trajectory: Any, origin: Any, settings: Settings) -> Any:
    """Give a trajectory that was not begun yet what its parent recorded until they part; ``locked`` again.

    Where the parent has not kept its weights there, or takes another way, the branch trains from the
    beginning and comes to the same.

    Args:
        trajectory: from ``locked``. origin: from ``parent``.
    """
    step = parting(settings) * trajectory.steps_per_epoch
    kept = origin is not None and step in trajectories.weights_at(connection, origin.id)
    if not kept or trajectory.step or not begins_as(settings, read_settings(origin.settings)):
        return trajectory
    trajectories.copy_record(connection, origin.id, trajectory.id, step)
    history = until(read_history(origin.arithmetic), step)
    changes = trajectories.progress_at(connection, origin.id, step)
    changes |= {"normalization": origin.normalization, "arithmetic": write_history(history)}
    if len(history) > 1:  # its bits are its own
        changes["identity"] = None
    trajectories.change(connection, trajectory.id, **changes)
    return trajectories.locked(connection, trajectory.id)
