"""Looks at the sealed test set: each is kept, because a test set that was looked at is spent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from core.record import tables
from core.record.checks import check_text
from core.record.database import Database, now
from core.record.runs import check_allowed


@dataclass(frozen=True)
class Look:
    """One look at the sealed test set: when, after how many steps, and what was seen."""

    created: datetime
    step: int
    evaluation: dict[str, Any]


class Looks:
    """Every look at the test set, with which run and by whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run_id: str, evaluation: dict[str, Any], *, learner: str) -> int:
        """Keep that ``learner`` looked at the test set, and what was seen; returns the run's looks so far.

        Only with a run of one's own: a look is counted for whoever looks, and spends their seal, not that
        of the learner who sent them a link. Raises UnknownRun, NotYourRun, InvalidRecord.
        """
        text = json.dumps(evaluation)
        check_text("evaluation", text, 100_000)
        looks = tables.looks
        with self._database.writing() as connection:
            row = check_allowed(connection, "look", run_id, learner)
            connection.execute(
                sa.insert(looks).values(run_id=run_id, created=now(), step=row.shown, evaluation=text)
            )
            count = connection.execute(sa.select(sa.func.count()).where(looks.c.run_id == run_id))
            return int(count.scalar_one())

    def of_run(self, run_id: str, *, learner: str) -> list[Look]:
        """All looks with this run of ``learner``'s, first one first. Raises UnknownRun, NotYourRun."""
        wanted = sa.select(tables.looks).where(tables.looks.c.run_id == run_id)
        with self._database.reading() as connection:
            check_allowed(connection, "look", run_id, learner)
            return [_look(row) for row in connection.execute(wanted.order_by(tables.looks.c.id))]

    def of_learner(self, learner: str) -> dict[str, list[Look]]:
        """Id of each run of this learner that was looked at, hidden ones too → its looks, first one first."""
        looks, runs = tables.looks, tables.runs
        wanted = sa.select(looks).join(runs, runs.c.id == looks.c.run_id).where(runs.c.learner == learner)
        found: dict[str, list[Look]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(wanted.order_by(looks.c.id)):
                found.setdefault(row.run_id, []).append(_look(row))
        return found

    def count(self, learner: str) -> int:
        """How often this learner looked, with any run, hidden ones too."""
        looks, runs = tables.looks, tables.runs
        mine = sa.select(sa.func.count()).select_from(looks.join(runs, runs.c.id == looks.c.run_id))
        with self._database.reading() as connection:
            return int(connection.execute(mine.where(runs.c.learner == learner)).scalar_one())


def _look(row: Any) -> Look:
    return Look(datetime.fromtimestamp(row.created, UTC), row.step, json.loads(row.evaluation))
