"""What can go wrong with a database has a name, says how to mend it, and loses nothing."""

import errno
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, snapshot, take

from core.errors import LabError
from core.record import database, tables
from core.record.database import (
    DamagedDatabase,
    DatabaseGone,
    DatabaseLocked,
    DatabaseProblem,
    DatabaseUnreachable,
    DiskFull,
    InvalidDatabaseUrl,
    ReadOnlyDatabase,
    TakenBack,
    TooManyAtOnce,
    UnknownTrouble,
    read_url,
)
from core.record.opening import ForeignDatabase
from core.record.store import Store
from core.runs.progress import Checkpoint


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "digits.sqlite"


@pytest.fixture
def lab(file: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{file}")
    yield opened
    opened.close()


def limit(lab: Store, pragma: str) -> None:
    """Let every connection of this store begin with a PRAGMA."""
    lab.close()
    sa.event.listen(lab.database._engine, "connect", lambda connection, _: connection.execute(pragma).close())


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(file: Path) -> None:
    file.write_bytes(b"my homework, not a database\n" * 100)
    with pytest.raises(DamagedDatabase, match="move it away") as caught:
        Store(f"sqlite:///{file}")
    assert str(file) in str(caught.value)
    assert file.read_bytes() == b"my homework, not a database\n" * 100


def test_a_damaged_database_is_named_and_left_as_it_is(file: Path) -> None:
    store = Store(f"sqlite:///{file}")
    run_id = store.runs.create("anna", SETTINGS)
    claim = take(store, run_id)
    weights = {"dense_1/kernel": np.ones((784, 100), np.float32)}
    store.claims.record(claim, [], Checkpoint(10, 1.0, np.zeros((2, 3)), weights, []))
    store.close()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)  # the first page stands, the others do not
    file.write_bytes(content)
    with pytest.raises(DamagedDatabase):
        Store(f"sqlite:///{file}").runs.get(run_id)
    assert file.read_bytes()[4096:] == content[4096:]


def test_a_cut_off_database_is_named(file: Path) -> None:
    store = Store(f"sqlite:///{file}")
    run_id = store.runs.create("anna", SETTINGS)
    store.close()
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(DamagedDatabase):
        Store(f"sqlite:///{file}").runs.get(run_id)


def test_a_full_disk_is_named_and_loses_nothing(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    limit(lab, "PRAGMA max_page_count = 40")
    weights = {"dense_1/kernel": np.ones((784, 300), np.float32)}
    with pytest.raises(DiskFull, match="Make room"):
        lab.claims.record(claim, [], Checkpoint(10, 1.0, np.zeros((2, 3)), weights, []))
    assert lab.curves.checkpoint(run_id) is None
    assert lab.runs.get(run_id).status == "running"


def test_an_input_error_on_a_full_disk_is_called_a_full_disk(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LEAST_ROOM", 1 << 60)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    met = sa.exc.OperationalError("COMMIT", None, error)
    with pytest.raises(DiskFull), lab.database.writing():
        raise met
    monkeypatch.setattr(database, "LEAST_ROOM", 0)
    with pytest.raises(DatabaseUnreachable), lab.database.writing():
        raise met


def test_a_database_that_another_program_holds_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    lab = Store(f"sqlite:///{file}")
    run_id = lab.runs.create("anna", SETTINGS)
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        other = sqlite3.connect(file)
        other.execute("BEGIN EXCLUSIVE")
        held.set()
        may_end.wait(10)
        other.rollback()
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    with pytest.raises(DatabaseLocked, match="Another program"):
        lab.runs.change(run_id, learner="anna", note="hello")
    assert lab.runs.get(run_id, learner="anna").note == ""  # reading still works
    may_end.set()
    holder.join()
    lab.runs.change(run_id, learner="anna", note="hello")
    assert lab.runs.get(run_id, learner="anna").note == "hello"
    lab.close()


def test_where_all_connections_are_in_use_that_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    lab = Store(f"sqlite:///{file.as_posix()}")
    with ExitStack() as held:
        for _ in range(15):  # as many as SQLAlchemy opens
            held.enter_context(lab.database.reading())
        with pytest.raises(TooManyAtOnce, match=r"in use for 0 seconds\. Try again"):
            held.enter_context(lab.database.reading())
    lab.close()


@pytest.mark.parametrize(
    ("state", "named"),
    [("40P01", TakenBack), ("40001", TakenBack), ("55P03", DatabaseLocked), ("53100", DiskFull)],
)
def test_what_a_server_refuses_is_named(lab: Store, state: str, named: type[DatabaseProblem]) -> None:
    refusal = Exception("refused")
    refusal.sqlstate = state  # type: ignore[attr-defined]
    with pytest.raises(named), lab.database.reading():
        raise sa.exc.OperationalError("SELECT", {}, refusal)


def test_a_database_that_must_not_be_written_is_named(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    limit(lab, "PRAGMA query_only = ON")
    with pytest.raises(ReadOnlyDatabase, match="right to write"):
        lab.runs.change(run_id, learner="anna", note="hello")
    assert lab.runs.get(run_id, learner="anna").note == ""


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_file_system_that_must_not_be_written_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_file: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(database, "make_private", refuse)
    with pytest.raises(ReadOnlyDatabase, match="right to write"):
        Store(f"sqlite:///{file}")


def test_a_log_that_cannot_be_opened_beside_a_file_that_may_only_be_read_is_named(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    met = sa.exc.OperationalError("PRAGMA journal_mode = WAL", None, error)
    monkeypatch.setattr("core.record.database.os.access", lambda *_: False)
    with pytest.raises(ReadOnlyDatabase), lab.database.writing():
        raise met


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file go")
@pytest.mark.parametrize("moved", [True, False], ids=["moved", "deleted"])
def test_a_file_that_is_gone_is_noticed_at_once_and_nothing_more_is_accepted(
    lab: Store, file: Path, moved: bool
) -> None:
    """An open file without a name takes all that is written, and loses it in the end."""
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    aside = file.with_name("aside")
    if moved:
        file.rename(aside)
    else:
        file.unlink()
    for refused in (
        lambda: lab.runs.create("ben", SETTINGS),
        lambda: lab.runs.of("anna"),
        lambda: lab.claims.renew(claim),
    ):
        with pytest.raises(DatabaseGone, match="Nothing more is kept"):
            refused()
    assert not file.exists()  # no empty one was made in its place
    if moved:
        aside.rename(file)
        assert [run.id for run in lab.runs.of("anna")] == [run_id]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file go")
def test_another_file_in_its_place_is_not_written(lab: Store, file: Path) -> None:
    lab.runs.create("anna", SETTINGS)
    lab.close()
    content = file.read_bytes()
    file.rename(file.with_name("aside"))
    file.write_bytes(content)
    with pytest.raises(DatabaseGone):
        lab.runs.create("anna", SETTINGS)
    assert file.read_bytes() == content


def test_another_programs_tables_are_named_and_left_as_they_are(file: Path) -> None:
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE runs (kilometres REAL)")
    other.execute("INSERT INTO runs VALUES (10.5)")
    other.commit()
    with pytest.raises(ForeignDatabase, match="tables runs are not the lab's"):
        Store(f"sqlite:///{file}")
    assert other.execute("SELECT kilometres FROM runs").fetchall() == [(10.5,)]
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("runs",)]
    other.close()


def test_tables_that_somebody_changed_are_named(lab: Store) -> None:
    with lab.database.writing() as connection:
        connection.execute(sa.text("ALTER TABLE runs RENAME COLUMN epochs TO rounds"))
    with pytest.raises(UnknownTrouble, match="no such column"):
        lab.runs.of("anna")


def test_whatever_byte_is_flipped_every_trouble_has_its_name(file: Path) -> None:
    store = Store(f"sqlite:///{file}")
    run_ids = [store.runs.create("anna", seeded(seed)) for seed in range(3)]
    for run_id in run_ids:
        claim = take(store, run_id)
        store.claims.record(claim, [point(10, end=True)], checkpoint(10), snapshot(10))
        store.claims.end(claim, "finished")
    with store.database.writing() as connection:  # all in one file
        connection.execute(sa.update(tables.runs).values(group="duel:1"))
    store.close()
    content = file.read_bytes()
    chances = np.random.default_rng(0)
    named = 0
    for _ in range(25):
        flipped = bytearray(content)
        for place in chances.integers(100, len(content), size=40):
            flipped[place] ^= int(chances.integers(1, 256))
        file.write_bytes(flipped)
        try:
            read_everything(file, run_ids)
        except LabError:
            named += 1
        for beside in file.parent.glob("digits.sqlite-*"):
            beside.unlink()
    assert named > 3


def read_everything(file: Path, run_ids: list[str]) -> None:
    """Ask for all that pages and workers ask for."""
    lab = Store(f"sqlite:///{file}")
    try:
        lab.runs.of("anna")
        lab.queue.waiting()
        lab.queue.seconds_left(run_ids[0], 1)
        for run_id in run_ids:
            lab.curves.points(run_id)
            lab.curves.layers(run_id)
            lab.curves.histogram(run_id, 10)
            lab.curves.pictures(run_id, 10)
            lab.curves.weights(run_id)
            lab.looks.of_learner("anna")
            lab.runs.get(run_id)
    finally:
        lab.close()


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(DatabaseUnreachable):
        Store(f"sqlite:///{tmp_path}/file/digits.sqlite")


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable):
        Store(f"sqlite:///{tmp_path}")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        Store("postgresql://anna:secret@127.0.0.1:9/digits")
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:", "http://host", "://", "sqlite"],
)
def test_an_address_the_lab_cannot_use_says_what_is_expected(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", url)
    with pytest.raises(InvalidDatabaseUrl, match="postgresql://user"):
        read_url()


def test_postgresql_is_reached_through_psycopg_3_however_it_is_written() -> None:
    for kind in ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"):
        url = read_url(f"{kind}://anna:secret@host:5433/digits")
        assert (
            url.render_as_string(hide_password=False) == "postgresql+psycopg://anna:secret@host:5433/digits"
        )


def test_without_an_address_the_file_lies_in_the_projects_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIGITS_DATABASE_URL", raising=False)
    url = read_url()
    assert str(url.database).endswith("/.lab/digits.sqlite")
    assert str(read_url("sqlite:///some/file.sqlite").database).endswith("/some/file.sqlite")


def test_a_file_in_another_alphabet_is_a_file(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/数字 und Übung/digits.sqlite")
    run_id = store.runs.create("anna", SETTINGS)
    store.close()
    assert Store(store.url).runs.get(run_id).status == "waiting"


@pytest.mark.skipif(
    os.name == "nt", reason="Windows has no such permissions; docs/settings.md says what to do"
)
def test_a_new_database_is_private_to_its_user(tmp_path: Path) -> None:
    file = tmp_path / "lab" / "digits.sqlite"
    lab = Store(f"sqlite:///{file}")
    lab.runs.create("anna", SETTINGS)
    assert permissions(file.parent) == 0o700
    beside = list(file.parent.iterdir())
    assert {kept.name for kept in beside} >= {"digits.sqlite", "digits.sqlite-wal", "digits.sqlite-shm"}
    assert {permissions(kept) for kept in beside} == {0o600}
    lab.close()


@pytest.mark.skipif(
    os.name == "nt", reason="Windows has no such permissions; docs/settings.md says what to do"
)
def test_what_an_older_lab_left_open_is_closed_and_what_lies_elsewhere_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("own", "elsewhere"):
        file = tmp_path / folder / "digits.sqlite"
        Store(f"sqlite:///{file}").close()
        file.parent.chmod(0o755)
        file.chmod(0o644)
    monkeypatch.setattr(database, "DEFAULT_FILE", tmp_path / "own" / "digits.sqlite")
    for folder in ("own", "elsewhere"):
        Store(f"sqlite:///{tmp_path / folder / 'digits.sqlite'}").close()
    assert [permissions(tmp_path / folder) for folder in ("own", "elsewhere")] == [0o700, 0o755]
    files = [tmp_path / folder / "digits.sqlite" for folder in ("own", "elsewhere")]
    assert [permissions(file) for file in files] == [0o600, 0o644]


def permissions(path: Path) -> int:
    """Who may do what with a file: 0o600 is its owner alone."""
    return stat.S_IMODE(path.stat().st_mode)
