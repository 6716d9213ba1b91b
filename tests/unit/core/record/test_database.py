"""What can go wrong with a database has a name, says how to mend it, and loses nothing."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, take

from core.record import database
from core.record.database import (
    DamagedDatabase,
    DatabaseLocked,
    DatabaseUnreachable,
    DiskFull,
    InvalidDatabaseUrl,
    ReadOnlyDatabase,
    read_url,
)
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


def test_a_database_that_must_not_be_written_is_named(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    limit(lab, "PRAGMA query_only = ON")
    with pytest.raises(ReadOnlyDatabase, match="right to write"):
        lab.runs.change(run_id, learner="anna", note="hello")
    assert lab.runs.get(run_id, learner="anna").note == ""


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
