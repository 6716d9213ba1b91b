"""How much room the record takes, and how what is free inside it is given back."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.errors import N_
from core.record import tables
from core.record.database import Database, DatabaseProblem

LITTLE_ROOM = 1e9
"""Bytes free on the disk below which it is told: an afternoon of a class fills as much."""
LONGEST_LOG = 64 * 2**20
"""Bytes of SQLite's write-ahead log above which it is written back: it grows while pages always read."""


class LittleRoom(DatabaseProblem):
    """The disk is nearly full."""


@dataclass(frozen=True)
class Size:
    """What the record takes, in bytes.

    Attributes:
        total: the database, its log included. log: SQLite's write-ahead log; 0 elsewhere.
        free: on the disk it lies on; None where that is another machine's.
        tables: name → rows and bytes with indexes; bytes are None where the database does not tell.
    """

    total: int
    log: int
    free: int | None
    tables: dict[str, tuple[int, int | None]]


def size(database: Database) -> Size:
    """How much room everything takes. Raises DatabaseProblem."""
    bytes_of = _bytes_of_tables(database)
    with database.reading() as connection:
        counts = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }
        told = {name: (count, bytes_of.get(name)) for name, count in counts.items()}
        if not database.is_sqlite:
            total = connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()
            return Size(int(total), 0, None, told)
    log = log_bytes(database)
    return Size(database.file.stat().st_size + log, log, free(database), told)


def free(database: Database) -> int | None:
    """Bytes free on the disk of the database; None where that is another machine's."""
    return shutil.disk_usage(database.file.parent).free if database.is_sqlite else None


def log_bytes(database: Database) -> int:
    """Bytes of the write-ahead log."""
    log = database.file.with_name(f"{database.file.name}-wal")
    return log.stat().st_size if database.is_sqlite and log.exists() else 0


def look_after(database: Database) -> LittleRoom | None:
    """Keep the write-ahead log short, and say when the disk is nearly full. Raises DatabaseProblem."""
    if log_bytes(database) > LONGEST_LOG:
        database.command("PRAGMA wal_checkpoint(TRUNCATE)")
    left = free(database)
    if left is None or left >= LITTLE_ROOM:
        return None
    return LittleRoom(
        N_(
            "Only {megabytes:,.0f} MB are left on the disk of {name}. Make room, or remove what is no longer "
            "needed: python -m core.record clean --older-than DAYS."
        ),
        megabytes=left / 1e6,
        name=database.shown,
    )


def give_back(database: Database) -> None:
    """Give the room of what was removed back to the disk; writers wait meanwhile.

    The database holds it no more, but nothing is overwritten: in what is then free on the disk, and in a
    server's own log, it may be found until something else is written there.

    Raises DatabaseProblem.
    """
    if database.is_sqlite:
        database.command("VACUUM")
        database.command("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        for table in tables.metadata.sorted_tables:
            database.command(f"VACUUM (FULL) {table.name}")


def _bytes_of_tables(database: Database) -> dict[str, int]:
    try:
        with database.reading() as connection:
            return _ask(connection, sqlite=database.is_sqlite)
    except DatabaseProblem:  # a SQLite without its table of statistics
        return {}


def _ask(connection: Connection, *, sqlite: bool) -> dict[str, int]:
    if sqlite:
        wanted = (
            "SELECT kept.tbl_name, SUM(pages.pgsize) FROM dbstat AS pages "
            "JOIN sqlite_master AS kept ON kept.name = pages.name GROUP BY kept.tbl_name"
        )
    else:
        wanted = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
    return {name: int(count) for name, count in connection.execute(sa.text(wanted))}
