"""Removing for good what must go: a rude or mislabelled drawing, a run, all that a learner left.

For whoever runs the lab (``python -m core.record``), until there is a teacher. No page imports this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.drawing.our_handwriting import unpack
from core.errors import N_, LabError, shown
from core.record import tables
from core.record.database import Database, now

Kind = Literal["drawing", "run", "learner"]
DAY = 86_400.0
AT_ONCE = 1_000
"""Values in one statement: SQLite takes 32,766, PostgreSQL 65,535."""
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
    """How much is older than a rule allows, and whose it is."""

    runs: int
    drawings: int
    learners: frozenset[str]

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
    with database.writing() as connection:
        found = _find(connection, kind, subject)
        meant = _meant(kind, subject)
        trained = _hold(connection, meant.get(tables.runs, sa.false()))
        for table, those in meant.items():
            connection.execute(sa.delete(table).where(those))
        _delete_what_nobody_shares(connection, trained)
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
    with database.writing() as connection:
        old = _old(connection, days)
        trained = _hold(connection, old[tables.runs])
        owners = [
            connection.execute(sa.delete(table).where(those).returning(table.c.learner)).scalars().all()
            for table, those in old.items()
        ]
        gone = _counted(*owners)
        _delete_what_nobody_shares(connection, trained)
        _delete_what_is_left(connection, gone.learners)
    return gone


def _delete_what_nobody_shares(connection: Connection, trained: Sequence[str]) -> None:
    """Delete those of these trajectories that no run is of any more, with curves and weights."""
    table, runs = tables.trajectories, tables.runs
    is_left = sa.exists().where(runs.c.trajectory_id == table.c.id)
    for some in _some(trained):
        connection.execute(sa.delete(table).where(table.c.id.in_(some), sa.not_(is_left)))


def _delete_what_is_left(connection: Connection, learners: Iterable[str]) -> None:
    """Delete the documents of those of these learners who have neither runs nor drawings any more."""
    documents, runs, drawings = tables.documents, tables.runs, tables.drawings
    has_some = [sa.exists().where(table.c.learner == documents.c.learner) for table in (runs, drawings)]
    for some in _some(sorted(learners)):
        those = (documents.c.learner.in_(some), *(sa.not_(each) for each in has_some))
        connection.execute(sa.delete(documents).where(*those))


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """All of them, as many at once as may stand in one statement."""
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _hold(connection: Connection, those: sa.ColumnElement[bool]) -> list[str]:
    """Ids of the trajectories of these runs: nobody joins or goes on with one until all is done.

    All who hold several take them in this order.
    """
    table, runs = tables.trajectories, tables.runs
    trained = table.c.id.in_(sa.select(runs.c.trajectory_id).where(those))
    held = sa.select(table.c.id).where(trained).order_by(table.c.id).with_for_update()
    return list(connection.execute(held).scalars())


def _find_old(connection: Connection, days: float) -> Old:
    owners = [
        connection.execute(sa.select(table.c.learner).where(those)).scalars().all()
        for table, those in _old(connection, days).items()
    ]
    return _counted(*owners)


def _counted(of_runs: Sequence[str], of_drawings: Sequence[str]) -> Old:
    """By the learner of each run and each drawing."""
    return Old(len(of_runs), len(of_drawings), frozenset([*of_runs, *of_drawings]))


def _old(connection: Connection, days: float) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """The tables from which old rows go, and which rows: as old as that at this moment."""
    runs, drawings = tables.runs, tables.drawings
    before = connection.execute(sa.select(now())).scalar_one() - days * DAY
    ended = (runs.c.outcome.is_not(None), runs.c.created < before, runs.c.queued < before)
    return {runs: sa.and_(*ended, sa.not_(runs.c.starred)), drawings: drawings.c.created < before}


def _find(connection: Connection, kind: Kind, subject: str) -> Found:
    rows: dict[str, int] = {}
    learners: set[str] = set()
    for table, those in _meant(kind, subject).items():
        owners = connection.execute(sa.select(table.c.learner).where(those)).scalars().all()
        rows[table.name] = len(owners)
        learners.update(owners)
    if not learners:
        raise NothingToRemove(
            N_("There is no {kind} {subject}. Nothing was removed."), kind=kind, subject=shown(subject)
        )
    return Found(learners.pop(), rows, _shared(connection, kind, subject), _copies(connection, kind, subject))


def _shared(connection: Connection, kind: Kind, subject: str) -> int:
    """Of how many of the trajectories of runs that go other runs stay."""
    if kind == "drawing":
        return 0
    runs, mine = tables.runs, _of(tables.runs, kind, subject)
    trained = runs.c.trajectory_id.in_(sa.select(runs.c.trajectory_id).where(mine))
    others = sa.select(sa.func.count(runs.c.trajectory_id.distinct())).where(trained, sa.not_(mine))
    return int(connection.execute(others).scalar_one())


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


def _meant(kind: Kind, subject: str) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """The tables from which rows go, and which rows."""
    names: dict[Kind, tuple[sa.Table, ...]] = {
        "drawing": (tables.drawings,),
        "run": (tables.runs,),
        "learner": (tables.runs, tables.drawings, tables.documents),
    }
    return {table: _of(table, kind, subject) for table in names[kind]}


def _of(table: sa.Table, kind: Kind, subject: str) -> sa.ColumnElement[bool]:
    """The rows of a table that are this drawing, this run, or this learner's."""
    if kind == "learner":
        return table.c.learner == subject
    if kind == "run":
        return table.c.id == subject
    return table.c.id == _number(subject)


def _number(subject: str) -> int:
    """A drawing's number; -1, which none has, for what a database cannot keep as one."""
    number = int(subject) if subject.isdecimal() and len(subject) < 20 else -1
    return number if number < 2**31 else -1  # PostgreSQL's integers end there
