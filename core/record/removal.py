"""Removing for good what must go: a rude or mislabelled drawing, a run, all that a learner left.

For whoever runs the lab (``python -m core.record``), until there is a teacher. No page imports this.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.drawing.our_handwriting import unpack
from core.errors import N_, LabError, shown
from core.record import tables, trajectories
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
        rows: table → rows that go; looks go with their runs, and curves and weights with the last run of
            their experiment.
        shared: of how many experiments curve and weights stay, because other runs are of the same.
        copies: in how many experiments a copy of a drawing that goes stays.
    """

    learner: str
    rows: dict[str, int]
    shared: int
    copies: int


@dataclass(frozen=True)
class Old:
    """Ids of what is older than a rule allows, and whose it is."""

    runs: tuple[str, ...]
    drawings: tuple[str, ...]
    learners: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.runs or self.drawings)


def find(database: Database, kind: Kind, subject: str) -> Found:
    """What ``remove`` would remove. Raises NothingToRemove."""
    with database.reading() as connection:
        return _find(connection, kind, subject)


def remove(database: Database, kind: Kind, subject: str) -> Found:
    """Remove a drawing, a run, or all of a learner; returns what is gone.

    What was trained goes with the last of the runs that share it. A run that trains just now goes, too: its
    worker finds its claim lost. A drawing that joined a training stays in the copy there, which names nobody.

    Args:
        subject: the drawing's number, the run's id as links name it, or the learner as ``Found`` names them.

    Raises NothingToRemove.
    """
    runs, table = tables.runs, tables.trajectories
    with database.writing() as connection:
        found = _find(connection, kind, subject)
        trained = _trained(connection, kind, subject)
        for trajectory in trained:  # nobody joins one meanwhile
            trajectories.locked(connection, trajectory)
        for each, those in _meant(kind, subject):
            connection.execute(sa.delete(each).where(those))
        is_left = sa.select(runs.c.id).where(runs.c.trajectory_id == table.c.id).exists()
        connection.execute(sa.delete(table).where(table.c.id.in_(trained), sa.not_(is_left)))
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
    return Found(learners.pop(), rows, _shared(connection, kind, subject), _copies(connection, kind, subject))


def _trained(connection: Connection, kind: Kind, subject: str) -> list[str]:
    """Ids of the trajectories of runs that go, in one order for all who lock them."""
    if kind == "drawing":
        return []
    runs = tables.runs
    wanted = sa.select(runs.c.trajectory_id).where(_of(runs, kind, subject)).distinct()
    return sorted(connection.execute(wanted).scalars())


def _shared(connection: Connection, kind: Kind, subject: str) -> int:
    """Of how many of these trajectories other runs stay."""
    runs = tables.runs
    others = sa.select(sa.func.count(runs.c.trajectory_id.distinct())).where(
        runs.c.trajectory_id.in_(_trained(connection, kind, subject)), sa.not_(_of(runs, kind, subject))
    )
    return int(connection.execute(others).scalar_one()) if kind != "drawing" else 0


def _copies(connection: Connection, kind: Kind, subject: str) -> int:
    """In how many trajectories one of these drawings is."""
    if kind == "run":
        return 0
    drawings, table = tables.drawings, tables.trajectories
    wanted = sa.select(drawings.c.image).where(_of(drawings, kind, subject))
    images = set(connection.execute(wanted).scalars())
    packed = sa.select(table.c.drawings).where(table.c.drawings.is_not(None))
    joined = (unpack(data)[0] for data in connection.execute(packed).scalars())
    return sum(any(image.tobytes() in images for image in each) for each in joined)


def _meant(kind: Kind, subject: str) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The tables from which rows go, and which rows."""
    names: dict[Kind, tuple[sa.Table, ...]] = {
        "drawing": (tables.drawings,),
        "run": (tables.runs,),
        "learner": (tables.runs, tables.drawings, tables.documents),
    }
    return [(table, _of(table, kind, subject)) for table in names[kind]]


def _of(table: sa.Table, kind: Kind, subject: str) -> sa.ColumnElement[bool]:
    """The rows of a table that are this drawing, this run, or this learner's."""
    if kind == "learner":
        return table.c.learner == subject
    if kind == "run":
        return table.c.id == subject
    return table.c.id == (int(subject) if subject.isdecimal() else -1)
