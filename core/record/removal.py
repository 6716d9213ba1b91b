"""Removing for good what must go: a rude or mislabelled drawing, a run, all that a learner left.

For whoever runs the lab (``python -m core.record``), until there is a teacher. No page imports this.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.errors import N_, LabError, shown
from core.record import tables
from core.record.database import Database, now

Kind = Literal["drawing", "run", "learner"]
DAY = 86_400.0
KINDS: tuple[Kind, ...] = get_args(Kind)


class NothingToRemove(LabError):
    """Nothing in the record has this id."""


@dataclass(frozen=True)
class Found:
    """What an id stands for.

    Attributes:
        learner: whose it is, as the record knows them.
        rows: table → rows that go; looks, curves and weights go with their runs.
    """

    learner: str
    rows: dict[str, int]

    def __str__(self) -> str:
        """As whoever runs the lab reads it: "runs: 2, drawings: 31, of learner 5f1c…"."""
        told = ", ".join(f"{table}: {count}" for table, count in self.rows.items() if count)
        return f"{told}, of learner {self.learner}"


@dataclass(frozen=True)
class Old:
    """Ids of what is older than a rule allows, and whose it is."""

    runs: tuple[str, ...]
    drawings: tuple[str, ...]
    learners: tuple[str, ...]

    def __str__(self) -> str:
        """As whoever runs the lab reads it."""
        return f"runs: {len(self.runs)}, drawings: {len(self.drawings)}, of learners: {len(self.learners)}"

    def __bool__(self) -> bool:
        return bool(self.runs or self.drawings)


def find(database: Database, kind: Kind, subject: str) -> Found:
    """What ``remove`` would remove. Raises NothingToRemove."""
    with database.reading() as connection:
        return _find(connection, kind, subject)


def remove(database: Database, kind: Kind, subject: str) -> Found:
    """Remove a drawing, a run, or all of a learner; returns what is gone.

    A run that trains just now goes, too: its worker finds its claim lost. A drawing that joined a run stays
    in that run's own copy, which names nobody.

    Args:
        subject: the drawing's number, the run's id as links name it, or the learner as ``Found`` names them.

    Raises NothingToRemove.
    """
    with database.writing() as connection:
        found = _find(connection, kind, subject)
        for table, those in _meant(kind, subject):
            connection.execute(sa.delete(table).where(those))
    return found


def find_old(database: Database, days: float) -> Old:
    """What ``remove_old`` would remove."""
    with database.reading() as connection:
        return _find_old(connection, days)


def remove_old(database: Database, days: float) -> Old:
    """Remove what is older than so many days, and return what that was.

    Runs that ended and were neither started nor gone on with since, unless their learner starred them, and
    drawings. What a learner keeps beside goes with the last of their runs and drawings.
    """
    old = find_old(database, days)
    kinds: list[tuple[Kind, tuple[str, ...]]] = [("run", old.runs), ("drawing", old.drawings)]
    for kind, subjects in kinds:
        for subject in subjects:
            with suppress(NothingToRemove):  # its learner was faster
                remove(database, kind, subject)
    with database.writing() as connection:
        documents = tables.documents
        stays = [
            sa.exists().where(table.c.learner == documents.c.learner)
            for table in (tables.runs, tables.drawings)
        ]
        those = (documents.c.learner.in_(old.learners), *(sa.not_(each) for each in stays))
        connection.execute(sa.delete(documents).where(*those))
    return old


def _find_old(connection: Connection, days: float) -> Old:
    runs, drawings = tables.runs, tables.drawings
    before = now() - days * DAY
    ended = (
        runs.c.outcome.is_not(None),
        runs.c.created < before,
        runs.c.queued < before,
        sa.not_(runs.c.starred),
    )
    old_runs = connection.execute(sa.select(runs.c.id, runs.c.learner).where(*ended)).all()
    old_drawings = connection.execute(
        sa.select(drawings.c.id, drawings.c.learner).where(drawings.c.created < before)
    ).all()
    return Old(
        runs=tuple(row.id for row in old_runs),
        drawings=tuple(str(row.id) for row in old_drawings),
        learners=tuple(sorted({row.learner for row in (*old_runs, *old_drawings)})),
    )


def _find(connection: Connection, kind: Kind, subject: str) -> Found:
    rows: dict[str, int] = {}
    learners: set[str] = set()
    for table, those in _meant(kind, subject):
        owners = connection.execute(sa.select(table.c.learner).where(those)).scalars().all()
        rows[table.name] = len(owners)
        learners.update(owners)
    if not learners:
        raise NothingToRemove(
            N_("There is no {kind} {subject}. Nothing was removed."), kind=kind, subject=shown(subject)
        )
    return Found(learners.pop(), rows)


def _meant(kind: Kind, subject: str) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The tables from which rows go, and which rows."""
    drawings, runs, documents = tables.drawings, tables.runs, tables.documents
    if kind == "drawing":
        return [(drawings, drawings.c.id == (int(subject) if subject.isdecimal() else -1))]
    if kind == "run":
        return [(runs, runs.c.id == subject)]
    return [(table, table.c.learner == subject) for table in (runs, drawings, documents)]
