"""Opening a database: its tables are made, or brought up to date, before anything else happens."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.errors import N_
from core.record import migrations, tables
from core.record.database import Database, DatabaseProblem


class ForeignDatabase(DatabaseProblem):
    """The database has tables of another program under the lab's names."""


class NewerDatabase(DatabaseProblem):
    """The database was made, or brought up to date, by a newer version of the lab."""


def open_tables(database: Database) -> None:
    """Make the tables of an empty database; bring those of an older lab up to date.

    All in one transaction: whoever opens the same database meanwhile waits, and whatever goes wrong leaves
    it as it was. A database that is up to date is only read.

    Raises NewerDatabase and ForeignDatabase, which are left alone, and other DatabaseProblems by name.
    """
    with database.reading() as connection:
        version = _version(connection)
    if version != tables.VERSION:
        with database.changing_tables() as connection:
            _bring_up_to_date(connection, database.shown)


def _bring_up_to_date(connection: Connection, shown: str) -> None:
    version = _version(connection)  # again: another process may have been faster
    if version > tables.VERSION:
        raise NewerDatabase(
            N_(
                "The database {name} belongs to a newer version of the lab ({version}; this one knows "
                "{expected}). Use the newer lab, or name another database in DIGITS_DATABASE_URL."
            ),
            name=shown,
            version=version,
            expected=tables.VERSION,
        )
    if version:
        migrations.upgrade(connection, version, tables.VERSION)
        connection.execute(sa.update(tables.versions).values(version=tables.VERSION))
    else:
        _check_names_are_free(connection, shown)
        tables.metadata.create_all(connection)
        connection.execute(sa.insert(tables.versions).values(version=tables.VERSION))


def _check_names_are_free(connection: Connection, shown: str) -> None:
    taken = sorted(tables.metadata.tables.keys() & set(sa.inspect(connection).get_table_names()))
    if taken:
        raise ForeignDatabase(
            N_(
                "The database {name} belongs to another program: its tables {tables} are not the lab's. "
                "It was left as it is. Name a database of the lab's own in DIGITS_DATABASE_URL."
            ),
            name=shown,
            tables=", ".join(taken),
        )


def _version(connection: Connection) -> int:
    """Version of the tables; 0 where there are none."""
    if not sa.inspect(connection).has_table(tables.versions.name):
        return 0
    return connection.execute(sa.select(tables.versions.c.version)).scalar_one_or_none() or 0
