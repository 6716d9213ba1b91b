"""What waits and what trains, and whose turn it is, as the record's own parts read it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import tables
from core.record.database import now
from core.record.shown import wanted_step
from core.runs import speed, turns
from core.runs.arithmetic import Arithmetic, read_history
from core.runs.run import CLOCK_STEP, LEASE, UNREADABLE, read_settings
from core.runs.turns import Unfinished


@dataclass(frozen=True)
class Line:
    """All trajectories that wait or train.

    Attributes:
        unfinished: by trajectory. last_start: learner → when something was last started for them.
        left: run → its trajectory, and the steps until it is done.
    """

    unfinished: list[Unfinished]
    last_start: Mapping[str, float]
    left: Mapping[str, tuple[str, int]]

    def order(self) -> list[Unfinished]:
        """What waits, the next one first."""
        return turns.fair_order(self.unfinished, self.last_start)


def read(connection: Connection) -> Line:
    """The line as it stands now."""
    together: dict[str, list[Any]] = {}
    for row in connection.execute(_unfinished_runs()):
        if is_readable(row):
            together.setdefault(row.id, []).append(row)
    unfinished = [_as_one(rows) for rows in together.values()]
    left = {row.run_id: (row.id, _left(row)) for rows in together.values() for row in rows}
    return Line([one for one in unfinished if one.queued or one.is_running], _last_starts(connection), left)


def places(connection: Connection) -> dict[str, int]:
    """Ids of the waiting trajectories → their places from 1, the next one first."""
    return {one.id: place for place, one in enumerate(read(connection).order(), start=1)}


def wanted() -> sa.ColumnElement[bool]:
    """Whether a run of the trajectory is to go on."""
    runs, table = tables.runs, tables.trajectories
    goes_on = (runs.c.outcome.is_(None), sa.not_(runs.c.stop_requested))
    mine = sa.select(runs.c.id).where(runs.c.trajectory_id == table.c.id, *goes_on)
    return mine.correlate(table).exists()


def is_held() -> sa.ColumnElement[bool]:
    """In SQL whether a worker holds a trajectory: it gave a sign of life within the last seconds.

    A lease that ends later than one that is given now was given by a clock that has been set back since; who
    had it may be dead as well as alive, and would have renewed it.
    """
    until = tables.trajectories.c.lease_until
    return sa.func.coalesce(sa.and_(until > now(), until <= now() + LEASE + CLOCK_STEP), sa.false())


def trained_with(connection: Connection) -> dict[str, Arithmetic]:
    """Ids of wanted trajectories that have done a step → the arithmetic they did the last one with."""
    table = tables.trajectories
    began = (wanted(), table.c.step > 0, table.c.arithmetic.is_not(None))
    rows = connection.execute(sa.select(table.c.id, table.c.arithmetic).where(*began))
    found = {}
    for row in rows:
        with suppress(*UNREADABLE):
            found[row.id] = read_history(row.arithmetic)[-1].arithmetic
    return found


def is_readable(row: Any) -> bool:
    """Whether it can be trained; what cannot be read waits for a lab that can."""
    try:
        read_settings(row.settings)
    except UNREADABLE:
        return False
    return True


@cache  # asked for at each look at a page, and building a statement costs more than running it
def _unfinished_runs() -> sa.Select[Any]:
    runs, table, checkpoints = tables.runs, tables.trajectories, tables.checkpoints
    last = runs.c.epochs * table.c.steps_per_epoch
    wanted = wanted_step(table.c.steps_per_epoch)
    target = sa.case((runs.c.step.is_(None), last), else_=wanted).label("target")
    nearest = sa.select(sa.func.max(checkpoints.c.step)).where(
        checkpoints.c.trajectory_id == table.c.id, checkpoints.c.step <= target
    )
    return (
        sa.select(
            *(runs.c.id.label("run_id"), runs.c.learner, runs.c.queued, runs.c.stop_requested),
            *(table.c.id, table.c.settings, table.c.step, table.c.seconds, table.c.charged),
            target,
            sa.case((runs.c.step.is_not(None), sa.func.coalesce(nearest.scalar_subquery(), 0))).label(
                "begin"
            ),
            is_held().label("trains"),
        )
        .join(table, table.c.id == runs.c.trajectory_id)
        .where(runs.c.outcome.is_(None))
        .order_by(runs.c.queued)
    )


def _as_one(rows: list[Any]) -> Unfinished:
    """What the unfinished runs of one trajectory are to the line."""
    first, settings = rows[0], read_settings(rows[0].settings)
    queued: dict[str, float] = {}
    for row in rows:
        if not row.stop_requested:
            queued.setdefault(row.learner, row.queued)
    again = [_left(row) for row in rows if row.begin is not None]
    on = [_left(row) for row in rows if row.begin is None]
    return Unfinished(
        id=first.id,
        queued=queued,
        charged=(first.charged or first.learner) if first.trains else None,
        steps_left=max(on, default=0) + max(again, default=0),
        kind=speed.kind(settings),
        work=speed.work(settings),
        seconds_per_step=first.seconds / first.step if first.step else None,
    )


def _left(row: Any) -> int:
    """Steps until a run is done: from its trajectory's last, or from the weights nearest before its end."""
    begin = row.begin
    return max(0, int(row.target) - int(row.step if begin is None else begin))


def _last_starts(connection: Connection) -> dict[str, float]:
    """Learners who have unfinished runs → when something was last started for them."""
    return {row[0]: row[1] for row in connection.execute(_starts())}


@cache
def _starts() -> sa.Select[Any]:
    runs, table = tables.runs, tables.trajectories
    waiting = sa.select(runs.c.learner).where(runs.c.outcome.is_(None))
    return (
        sa.select(table.c.charged, sa.func.max(table.c.claimed))
        .where(table.c.charged.in_(waiting), table.c.claimed.is_not(None))
        .group_by(table.c.charged)
    )
