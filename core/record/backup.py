"""All that the lab keeps in one file, taken while it runs, and put back; from and to both kinds of database.

A backup is a SQLite database with the lab's own tables: rows are copied table by table, as the tables are
described, so that it does not matter which kind of database they come from or go to. One of an older lab is
brought up to date before it is put back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from core.errors import N_, LabError
from core.record import tables
from core.record.database import Database
from core.record.opening import open_tables

LARGE = (tables.checkpoints, tables.trajectories)
"""Tables whose rows are copied one by one: the largest network's weights and optimiser are 47 MB, a class's
drawings as many as 8."""
TOGETHER = 100
"""Rows of the others copied at once."""
FENCE = 1_000_000
"""Added to what counts claims: no worker that trained a run before goes on with what was put back."""


class BackupExists(LabError):
    """There is a file already where a backup should go."""


class CannotKeep(LabError):
    """A backup cannot be written where it should go."""


class NoBackup(LabError):
    """The file is no backup of a lab."""


class CannotCopy(LabError):
    """A backup cannot be read, or there is no room for the copy of it that is brought up to date."""


class NotEmpty(LabError):
    """The database that a backup should go into holds something."""


def backup(database: Database, file: Path) -> int:
    """Copy everything into a new file, as it is at one moment; nobody who writes meanwhile is held up.

    The file appears when it is whole, readable by its own user only; of one that fails nothing stays.

    Returns:
        Its bytes. Raises BackupExists, CannotKeep, DatabaseProblem.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        if file.exists():
            raise BackupExists(
                N_("{file} is there already and was left as it is. Name a file that is not there yet."),
                file=file,
            )
        with _no_rest_of(part):
            _write(database, part, file)
            part.rename(file)
        return file.stat().st_size
    except OSError as error:
        raise CannotKeep(
            N_("{file} cannot be written ({reason}). Name a file in a folder that you may write to."),
            file=file,
            reason=os.strerror(error.errno or 0),
        ) from error


@contextmanager
def _no_rest_of(part: Path) -> Iterator[None]:
    """Delete this file, and what SQLite puts beside it, before and after, whatever happens within."""
    rest = [part.with_name(part.name + end) for end in ("", "-wal", "-shm", "-journal")]
    for each in rest:
        each.unlink(missing_ok=True)
    try:
        yield
    finally:
        for each in rest:
            each.unlink(missing_ok=True)


def _write(database: Database, part: Path, file: Path) -> None:
    with _opened(part, file) as copy, database.reading() as source:
        with copy.writing() as connection:
            tables.metadata.create_all(connection)
        for table in tables.metadata.sorted_tables:
            with copy.writing() as connection:
                _copy(table, source, connection)


def restore(database: Database, file: Path, *, replace: bool = False) -> dict[str, int]:
    """Put a backup back into a database, all of it or nothing.

    Args:
        replace: take the place of what the database holds; else it must be empty.

    Returns:
        Table → rows. Raises NoBackup, CannotCopy, NotEmpty, DatabaseProblem.
    """
    with tempfile.TemporaryDirectory(prefix="digits-restore-") as folder:
        copied = _copied(file, folder)
        with _opened(copied, file) as kept:
            _check_backup(kept, file)
            open_tables(kept)
            with kept.reading() as source, database.writing() as connection:
                _make_empty(connection, database, replace=replace)
                return _fill(source, connection, counts=not database.is_sqlite)


def _copied(file: Path, folder: str) -> Path:
    """A copy that may be brought up to date; what was named stays as it is. Raises NoBackup, CannotCopy."""
    try:
        return Path(shutil.copy(file, folder))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise NoBackup(N_("There is no file {file}."), file=file) from error
    except OSError as error:
        raise CannotCopy(
            N_(
                "{file} cannot be copied to {folder} ({reason}). Nothing was put back. Check that you may "
                "read it and that there is room, or name a folder with room in TMPDIR."
            ),
            file=file,
            folder=Path(folder).parent,
            reason=os.strerror(error.errno or 0),
        ) from error


@contextmanager
def _opened(file: Path, known_as: Path) -> Iterator[Database]:
    """A database in a file, which errors tell of by the name that whoever runs the lab gave."""
    url = URL.create("sqlite", database=file.absolute().as_posix())
    database = Database(url, shown=str(known_as))
    try:
        yield database
    finally:
        database.close()


def _check_backup(kept: Database, file: Path) -> None:
    with kept.reading() as connection:
        if not sa.inspect(connection).has_table(tables.versions.name):
            raise NoBackup(
                N_("{file} is a database, but no backup of a lab. Nothing was put back."), file=file
            )


def _data() -> list[sa.Table]:
    """All tables but the one that says which version they have, those that others point to first."""
    return [table for table in tables.metadata.sorted_tables if table is not tables.versions]


def _make_empty(connection: Connection, database: Database, *, replace: bool) -> None:
    filled = [
        table.name
        for table in _data()
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
    ]
    if filled and not replace:
        raise NotEmpty(
            N_(
                "The database {name} is not empty ({tables}). Nothing was put back. Name an empty one in "
                "DIGITS_DATABASE_URL, or say --replace to lose what it holds."
            ),
            name=database.shown,
            tables=", ".join(filled),
        )
    for table in reversed(_data()):
        connection.execute(sa.delete(table))


def _fill(source: Connection, connection: Connection, *, counts: bool) -> dict[str, int]:
    rows = {table.name: _copy(table, source, connection) for table in _data()}
    for table in _data():
        if {"token", "lease_until"} <= set(table.c.keys()):
            fenced = {"token": table.c.token + FENCE, "lease_until": None}
            connection.execute(sa.update(table).values(fenced))
        column = table.autoincrement_column
        if counts and column is not None:  # PostgreSQL's counters know nothing of the rows that were copied
            last = sa.select(sa.func.max(column)).scalar_subquery()
            counter = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(counter, sa.func.coalesce(last, 1))))
    return rows


def _copy(table: sa.Table, source: Connection, into: Connection) -> int:
    """Copy all rows of a table, few in memory at a time; returns how many."""
    count, together = 0, 1 if table in LARGE else TOGETHER
    found = source.execution_options(yield_per=together).execute(sa.select(table))
    for rows in found.partitions():
        into.execute(sa.insert(table), [dict(row._mapping) for row in rows])
        count += len(rows)
    return count
