"""Which runs wait, which train, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import tables
from core.record.claims import Claim, is_held, trained_with
from core.record.database import Database, now
from core.runs import turns
from core.runs.arithmetic import Arithmetic
from core.runs.run import LEASE, UNREADABLE, derive_status, read_settings
from core.runs.turns import Unfinished

MEASURED = 40
"""Runs, those started last, whose speed tells how long others will take: about a class's hour."""


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
    """The waiting and the training runs of everybody, read only: it follows from the runs themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> list[str]:
        """Ids of the waiting runs, the next one first."""
        with self._database.reading() as connection:
            return list(positions(connection))

    def running(self) -> dict[str, str]:
        """Ids of the runs that train just now → their workers."""
        runs = tables.runs
        trains = (runs.c.outcome.is_(None), is_held())
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(runs.c.id, runs.c.worker).where(*trains))
            return {row.id: row.worker for row in rows}

    def last_workers(self) -> dict[str, str]:
        """Ids of unfinished runs → the workers that had them last; no run that nobody had yet."""
        runs = tables.runs
        had = (runs.c.outcome.is_(None), runs.c.worker.is_not(None))
        with self._database.reading() as connection:
            return {
                row.id: row.worker
                for row in connection.execute(sa.select(runs.c.id, runs.c.worker).where(*had))
            }

    def trained_with(self) -> dict[str, Arithmetic]:
        """Ids of unfinished runs that have done a step → the arithmetic they did the last one with."""
        with self._database.reading() as connection:
            return trained_with(connection)

    def silent(self, tasks: Collection[str]) -> dict[str, str]:
        """Ids of runs that these tasks claimed and have not renewed for two leases → their workers."""
        runs = tables.runs
        lost = (runs.c.task.in_(tasks), runs.c.outcome.is_(None), runs.c.lease_until < now() - LEASE)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(runs.c.id, runs.c.worker).where(*lost))
            return {row.id: row.worker for row in rows}

    def should_give_way(self, claim: Claim) -> bool:
        """Whether another learner waits for whom fewer runs train than for this run's learner."""
        with self._database.reading() as connection:
            runs = _unfinished(connection)
            order = turns.fair_order(runs, _last_starts(connection))
        return turns.should_give_way(claim.run_id, runs, order)

    def seconds_left(self, run_id: str, workers: int) -> float | None:
        """Seconds until an unfinished run is done, waiting included; None when nothing was measured yet.

        Args:
            workers: how many runs can train at once.
        """
        known = self.outlook(workers).get(run_id)
        return None if known is None else known.seconds_left

    def outlook(self, workers: int) -> dict[str, Outlook]:
        """What all unfinished runs have before them, from one look for everybody.

        Args:
            workers: how many runs can train at once.
        """
        with self._database.reading() as connection:
            runs = _unfinished(connection)
            order = turns.fair_order(runs, _last_starts(connection)) if runs else []
            left = turns.finish_times(runs, order, _speeds(connection), workers) if runs else {}
        places = {run.id: place for place, run in enumerate(order, start=1)}
        return {run.id: Outlook(places.get(run.id), left.get(run.id)) for run in runs}


def _unfinished(connection: Connection) -> list[Unfinished]:
    """All runs that wait or train."""
    runs = tables.runs
    columns = (
        runs.c.id,
        runs.c.learner,
        runs.c.queued,
        runs.c.settings,
        runs.c.epochs,
        runs.c.steps_per_epoch,
        runs.c.step,
        runs.c.seconds,
        runs.c.outcome,
        runs.c.stop_requested,
        runs.c.lease_until,
    )
    rows = connection.execute(sa.select(*columns, now().label("now")).where(runs.c.outcome.is_(None)))
    return [_as_unfinished(row) for row in rows if derive_status(row) != "stopped" and _is_readable(row)]


def _is_readable(row: Any) -> bool:
    """Whether a run can be trained; one that cannot be read waits for a lab that can."""
    try:
        read_settings(row.settings)
    except UNREADABLE:
        return False
    return True


def _as_unfinished(row: Any) -> Unfinished:
    return Unfinished(
        id=row.id,
        learner=row.learner,
        queued=row.queued,
        is_running=derive_status(row) != "waiting",
        steps_left=max(0, row.epochs * row.steps_per_epoch - row.step),
        kind=_kind(row.settings),
        seconds_per_step=row.seconds / row.step if row.step else None,
    )


def _kind(settings: str) -> object:
    read = read_settings(settings)
    return read.network, read.training.batch_size


def positions(connection: Connection) -> dict[str, int]:
    """Ids of the waiting runs → their places in the queue from 1, the next one first."""
    order = turns.fair_order(_unfinished(connection), _last_starts(connection))
    return {run.id: place for place, run in enumerate(order, start=1)}


def _last_starts(connection: Connection) -> dict[str, float]:
    """Learners who have unfinished runs → when a run of theirs was last started."""
    runs = tables.runs
    waiting = sa.select(runs.c.learner).where(runs.c.outcome.is_(None))
    wanted = (
        sa.select(runs.c.learner, sa.func.max(runs.c.claimed))
        .where(runs.c.learner.in_(waiting), runs.c.claimed.is_not(None))
        .group_by(runs.c.learner)
    )
    return {row[0]: row[1] for row in connection.execute(wanted)}


def _speeds(connection: Connection) -> list[tuple[object, float]]:
    """Kind and seconds per step of the runs that were started last."""
    runs = tables.runs
    wanted = (
        sa.select(runs.c.settings, runs.c.seconds, runs.c.step)
        .where(runs.c.step > 0)
        .order_by(runs.c.claimed.desc())
        .limit(MEASURED)
    )
    rows = connection.execute(wanted)
    return [(_kind(row.settings), row.seconds / row.step) for row in rows if _is_readable(row)]
