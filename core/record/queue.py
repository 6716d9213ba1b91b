"""What waits, what trains, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import line, tables
from core.record.claims import Claim
from core.record.database import Database, now
from core.runs import speed, turns
from core.runs.arithmetic import Arithmetic
from core.runs.run import LEASE, read_settings
from core.runs.turns import Speed

MEASURED = 40
"""Trajectories, those started last, whose speed tells how long others will take: about a class's hour."""


@dataclass(frozen=True)
class Outlook:
    """What an unfinished run has before it.

    Attributes:
        position: 1 is next in the queue; None unless it waits.
        seconds_left: until it is done, waiting included; None when nothing was measured yet.
    """

    position: int | None
    seconds_left: float | None


class Queue:
    """What waits and trains for everybody, read only: it follows from the runs themselves.

    What is handed to workers are trajectories. A trajectory has the id of the run that began it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> list[str]:
        """Ids of the trajectories that wait, the next one first."""
        with self._database.reading() as connection:
            return list(line.places(connection))

    def running(self) -> dict[str, str]:
        """Ids of the trajectories that train just now → their workers."""
        with self._database.reading() as connection:
            return {row.id: row.worker for row in connection.execute(_select_running())}

    def last_workers(self) -> dict[str, str]:
        """Ids of wanted trajectories → the workers that had them last; none that nobody had yet."""
        table = tables.trajectories
        had = sa.select(table.c.id, table.c.worker).where(line.wanted(), table.c.worker.is_not(None))
        with self._database.reading() as connection:
            return {row.id: row.worker for row in connection.execute(had)}

    def trained_with(self) -> dict[str, Arithmetic]:
        """Ids of wanted trajectories that have done a step → the arithmetic they did the last one with."""
        with self._database.reading() as connection:
            return line.trained_with(connection)

    def silent(self, tasks: Collection[str]) -> dict[str, str]:
        """Ids of trajectories that these tasks claimed and left for two leases → their workers."""
        if not tasks:
            return {}
        table = tables.trajectories
        lost = (table.c.task.in_(tasks), table.c.lease_until < now() - LEASE)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c.worker).where(*lost))
            return {row.id: row.worker for row in rows}

    def should_give_way(self, claim: Claim) -> bool:
        """Whether a learner waits for whom less trains than for the one for whom this turn is.

        A run that wants weights from further back in the same curve waits for the same trajectory.
        """
        runs = tables.runs
        behind = sa.select(sa.func.count()).where(
            runs.c.trajectory_id == claim.trajectory_id, runs.c.outcome.is_(None), runs.c.step.is_not(None)
        )
        with self._database.reading() as connection:
            if not claim.again and connection.execute(behind).scalar_one():
                return True
            now_in_line = line.read(connection)
        return turns.should_give_way(claim.trajectory_id, now_in_line.unfinished, now_in_line.order())

    def seconds_left(self, run_id: str, workers: int) -> float | None:
        """Seconds until an unfinished run is done, waiting included; None when nothing was measured yet.

        Args:
            workers: how many can train at once.
        """
        known = self.outlook(workers).get(run_id)
        return None if known is None else known.seconds_left

    def outlook(self, workers: int) -> dict[str, Outlook]:
        """What all unfinished runs have before them, from one look for everybody.

        Args:
            workers: how many can train at once.
        """
        with self._database.reading() as connection:
            now_in_line = line.read(connection)
            speeds = _speeds(connection) if now_in_line.unfinished else []
        order = now_in_line.order()
        times = turns.part_times(now_in_line.left, now_in_line.unfinished, order, speeds, workers)
        places = {one.id: place for place, one in enumerate(order, start=1)}
        return {
            run_id: Outlook(places.get(trajectory), times.get(run_id))
            for run_id, (trajectory, _left) in now_in_line.left.items()
        }


@cache  # asked for several times a second
def _select_running() -> sa.Select[Any]:
    table = tables.trajectories
    return sa.select(table.c.id, table.c.worker).where(line.is_held())


def _speeds(connection: Connection) -> list[Speed]:
    """Of what was started last."""
    table = tables.trajectories
    measured = (
        sa.select(table.c.settings, table.c.seconds, table.c.step)
        .where(table.c.step > 0)
        .order_by(table.c.claimed.desc())
        .limit(MEASURED)
    )
    rows = [row for row in connection.execute(measured) if line.is_readable(row)]
    known = [(read_settings(row.settings), row.seconds / row.step) for row in rows]
    return [Speed(speed.kind(settings), speed.work(settings), seconds) for settings, seconds in known]
