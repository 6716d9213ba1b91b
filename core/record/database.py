"""One database, SQLite or PostgreSQL: connections, transactions, its clock, and its errors by name."""

from __future__ import annotations

import errno
import math
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.functions import FunctionElement

from core.errors import LONG, N_, LabError, shown

DEFAULT_FILE = Path(__file__).resolve().parents[2] / ".lab" / "digits.sqlite"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
"""Permissions of what the lab makes: of its own user only. Windows heeds none of them: docs/settings.md."""
PATIENCE = 10.0
"""Seconds to wait for another writer, for a connection, or for a database server to answer."""

SHORT_LOG = 16 * 2**20
"""Bytes to which SQLite cuts its write-ahead log whenever all of it was written back."""
LEAST_ROOM = 100_000
"""Bytes; a disk with less has no room for another page of the write-ahead log and its index."""


class DatabaseProblem(LabError):
    """The database cannot be used just now. Nothing that was saved is lost."""


class DatabaseLocked(DatabaseProblem):
    """Another program holds the database for too long."""


class TooManyAtOnce(DatabaseProblem):
    """All of this process's connections are in use for too long."""


class TakenBack(DatabaseProblem):
    """Two changes waited for each other, and the server took one of them back."""


class DatabaseUnreachable(DatabaseProblem):
    """The database server, or the file's folder, does not answer."""


class DiskFull(DatabaseProblem):
    """There is no room left for new records."""


class DamagedDatabase(DatabaseProblem):
    """The file is not a database, or is one that was damaged."""


class ReadOnlyDatabase(DatabaseProblem):
    """The database may be read but not written."""


class DatabaseGone(DatabaseProblem):
    """The file of the database was moved or deleted while it was open, or another one put in its place."""


class UnknownTrouble(DatabaseProblem):
    """The database refused for a reason that has no name here."""


class InvalidDatabaseUrl(LabError):
    """DIGITS_DATABASE_URL is not an address the lab can use."""


class now(FunctionElement[float]):  # noqa: N801  (written like the SQL function it is)
    """The database's own clock, in seconds since 1970: workers' clocks may differ, this one is shared."""

    type = sa.Double()
    inherit_cache = True


@compiles(now)
def _now(_element: now, _compiler: Any, **_options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)"


@compiles(now, "sqlite")
def _now_sqlite(_element: now, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


def read_url(text: str | None = None) -> URL:
    """The database's address: ``text``, else DIGITS_DATABASE_URL, else a SQLite file in ``.lab/``.

    PostgreSQL is reached through psycopg 3, whatever driver the address names or leaves out; a SQLite
    path becomes absolute, so that it means the same file in every process.
    Raises InvalidDatabaseUrl.
    """
    text = text or os.environ.get("DIGITS_DATABASE_URL") or f"sqlite:///{DEFAULT_FILE.as_posix()}"
    try:
        url = make_url(text.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        url = make_url("unreadable://")
    kind = url.get_backend_name() if url.drivername != "unreadable" else ""
    if kind == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite", database=Path(str(url.database)).absolute().as_posix())
    raise InvalidDatabaseUrl(
        N_(
            "DIGITS_DATABASE_URL names no database the lab can use. Expected "
            "postgresql://user:password@host:5432/name or sqlite:///folder/file.sqlite."
        )
    )


class Database:
    """Opens connections and runs transactions. Every error of the database leaves as a DatabaseProblem.

    SQLite: write-ahead log, so that pages read while workers write; each commit survives the death of any
    process. Losing the machine's power may lose the last moments, but never damages the file; runs go on
    from what it holds. Writers take turns from their first statement on (BEGIN IMMEDIATE), so that
    none is refused half-way.

    PostgreSQL: writers see what others have committed statement by statement (READ COMMITTED); what must
    stay as it was read is locked first.

    Args:
        shown: how errors name it; None is its address.
    """

    def __init__(self, url: URL, *, shown: str | None = None) -> None:
        self.url = url
        self._shown = shown
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._identity: tuple[int, int] | None = None
        if self.is_sqlite:
            self._make_file()
            self._identity = self._identify()
            self._engine = sa.create_engine(
                url, poolclass=QueuePool, pool_timeout=PATIENCE, connect_args={"timeout": PATIENCE}
            )
            self._reading = self._engine
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        else:
            self._engine = sa.create_engine(
                url,
                pool_pre_ping=True,
                pool_timeout=PATIENCE,
                connect_args={"connect_timeout": math.ceil(PATIENCE)},
            )
            self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ")
            event.listen(self._engine, "connect", _prepare_postgresql)
        self._writing = self._engine.execution_options(writing=True)

    @property
    def address(self) -> str:
        """The full address, password included: for workers, never for the screen."""
        return self.url.render_as_string(hide_password=False)

    @property
    def file(self) -> Path:
        """Where a SQLite database lies."""
        return Path(str(self.url.database))

    @property
    def shown(self) -> str:
        """The address as it may be shown, or the name that stands for it."""
        if self._shown is not None:
            return self._shown
        return str(self.url.database) if self.is_sqlite else self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout."""
        self._check_file()
        with self._named_errors(), self._reading.connect() as connection, connection.begin():
            yield connection

    def command(self, statement: str) -> None:
        """Do something that may stand in no transaction, such as VACUUM."""
        self._check_file()
        engine = (
            self._engine if self.is_sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        )
        with self._named_errors(), engine.connect() as connection:
            if self.is_sqlite:  # past SQLAlchemy, which would begin a transaction
                connection.connection.cursor().execute(statement).fetchall()
            else:
                connection.exec_driver_sql(statement)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all."""
        self._check_file()
        with self._named_errors(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """A writing transaction that makes or changes tables, kept whole or not at all.

        One process at a time. No foreign key acts meanwhile, so that SQLite may copy a table and drop the
        old one without deleting what points to it; whether all still points to something is checked in
        the end.
        """
        self._check_file()
        with self._named_errors(), self._writing.connect() as connection:
            if self.is_sqlite:
                _let_foreign_keys_act(connection, False)
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(0x646967697473)))
                    yield connection
                    if self.is_sqlite:
                        _check_foreign_keys(connection)
            finally:
                if self.is_sqlite:
                    _let_foreign_keys_act(connection, True)

    def close(self) -> None:
        """Close all idle connections."""
        self._engine.dispose()

    def _make_file(self) -> None:
        try:
            make_private(self.file)
        except OSError as error:
            no_right = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
            raise (self._read_only() if no_right else self._unreachable(error)) from error

    def _identify(self) -> tuple[int, int] | None:
        """Which file lies at the address; None where there is none."""
        try:
            found = self.file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """Raise DatabaseGone unless the file that was opened still lies where it was.

        An open file that has no name any more takes all that is written, and everything is lost in the end.
        One that is put back is gone on with.
        """
        if self.is_sqlite and self._identify() != self._identity:
            raise DatabaseGone(
                N_(
                    "The database {name} was moved, deleted or replaced while the lab runs. Nothing more is "
                    "kept. Put it back, or stop the lab and start it again with what is there now."
                ),
                name=self.shown,
            )

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise self._too_many() from error
        except IntegrityError:  # a rule of the tables was broken: the lab's own fault
            raise
        except UnicodeDecodeError as error:  # bytes that SQLite takes for a text are none
            raise self._damaged() from error
        except DBAPIError as error:
            raise self._name(error) from error

    def _name(self, error: DBAPIError) -> DatabaseProblem:
        """What a person can do about it."""
        if isinstance(error.orig, sqlite3.Error):
            return self._name_sqlite(error.orig)
        state = getattr(error.orig, "sqlstate", None)
        if state == "53100":
            return self._full()
        if state in ("55P03", "57014"):
            return self._locked()
        if state in ("40001", "40P01"):
            return self._taken_back()
        if state == "25006":
            return self._read_only()
        if isinstance(error, sa.exc.OperationalError):
            return self._unreachable(error.orig)
        return self._unknown(error.orig)

    def _name_sqlite(self, error: sqlite3.Error) -> DatabaseProblem:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return self._locked()
        if code == sqlite3.SQLITE_FULL:
            return self._full()
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return self._damaged()
        if code == sqlite3.SQLITE_READONLY:
            return self._read_only()
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            if self._has_no_room():
                return self._full()
            return self._unreachable(error) if self._may_be_written() else self._read_only()
        return self._unknown(error)

    def _may_be_written(self) -> bool:
        """Whether file and folder may be: SQLite says only that it cannot open the log beside the file."""
        return all(os.access(path, os.W_OK) for path in (self.file, self.file.parent) if path.exists())

    def _has_no_room(self) -> bool:
        """Whether the disk is full: SQLite then speaks of an input/output error as often as not."""
        try:
            return shutil.disk_usage(self.file.parent).free < LEAST_ROOM
        except OSError:
            return False

    def _locked(self) -> DatabaseLocked:
        return DatabaseLocked(
            N_(
                "Another program has been holding the database {name} for {seconds:.0f} seconds. "
                "Close programs that have it open, then try again."
            ),
            name=self.shown,
            seconds=PATIENCE,
        )

    def _too_many(self) -> TooManyAtOnce:
        return TooManyAtOnce(
            N_(
                "All connections of this process to the database {name} have been in use for {seconds:.0f} "
                "seconds. Try again in a moment."
            ),
            name=self.shown,
            seconds=PATIENCE,
        )

    def _taken_back(self) -> TakenBack:
        return TakenBack(
            N_(
                "Two changes to the database {name} waited for each other, and this one was taken back. "
                "Try again."
            ),
            name=self.shown,
        )

    def _damaged(self) -> DamagedDatabase:
        return DamagedDatabase(
            N_(
                "{file} is not a database, or was damaged. It was left as it is. Put a backup in "
                "its place, or move it away to begin with an empty one."
            ),
            file=self.shown,
        )

    def _full(self) -> DiskFull:
        return DiskFull(
            N_("There is no room left on the disk of {name}. Make room; training goes on by itself."),
            name=self.shown,
        )

    def _read_only(self) -> ReadOnlyDatabase:
        return ReadOnlyDatabase(
            N_("{name} cannot be written. Give the lab the right to write it and its folder."),
            name=self.shown,
        )

    def _unknown(self, reason: object) -> UnknownTrouble:
        return UnknownTrouble(
            N_(
                "The database {name} cannot be used as it is ({reason}). It may be damaged, or changed by "
                "another program: put a backup in its place, or name another database in DIGITS_DATABASE_URL."
            ),
            name=self.shown,
            reason=shown(reason, LONG),
        )

    def _unreachable(self, reason: object) -> DatabaseUnreachable:
        return DatabaseUnreachable(
            N_(
                "The database {name} cannot be reached ({reason}). Check that it is there; the lab goes on "
                "by itself then."
            ),
            name=self.shown,
            reason=shown(reason, LONG),
        )


def make_private(file: Path) -> None:
    """Make the file and its folder, where they are not there yet, for the lab's own user only.

    SQLite gives the permissions of a database to the files it puts beside it. What somebody put elsewhere
    with permissions of their own keeps them; ``.lab`` is the lab's, so that what an older lab left there
    open for all to read is closed. Raises OSError.
    """
    file.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
    if file.parent == DEFAULT_FILE.parent:
        file.parent.chmod(PRIVATE_FOLDER)
        for kept in file.parent.glob(f"{file.name}*"):
            with suppress(FileNotFoundError):  # a log that its last reader has just taken away
                kept.chmod(PRIVATE_FILE)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says when a transaction begins
    _write_ahead(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", f"journal_size_limit = {SHORT_LOG}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Let no statement wait longer than that for somebody else's lock."""
    connection.execute(f"SET lock_timeout = {round(PATIENCE * 1000)}")
    connection.commit()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; only here SQLite itself does not wait for others that open a new file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _let_foreign_keys_act(connection: Connection, act: bool) -> None:
    """SQLite switches this between transactions only, so it goes past SQLAlchemy, which would begin one."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if act else 'OFF'}")
    cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise sa.exc.IntegrityError(
            "PRAGMA foreign_key_check", None, ValueError(f"{len(lost)} rows point to nothing")
        )
