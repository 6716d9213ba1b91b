"""A backup of a running lab is whole, and what is put back is what was there, to the last bit."""

import errno
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import KEPT, SETTINGS, checkpoint, point, snapshot, take

from core.errors import LabError
from core.record import tables
from core.record.__main__ import main
from core.record.backup import BackupExists, CannotCopy, CannotKeep, NoBackup, NotEmpty, backup, restore
from core.record.claims import ClaimLost
from core.record.database import DamagedDatabase
from core.record.store import Store

GENERATOR = np.random.default_rng(0)
Everything = dict[str, list[tuple[Any, ...]]]


def everything(store: Store) -> Everything:
    """All rows of all tables but what says who trains just now."""
    moving = {"token", "lease_until"}
    with store.database.reading() as connection:
        return {
            table.name: sorted(
                map(tuple, connection.execute(sa.select(*(c for c in table.c if c.name not in moving)))),
                key=repr,
            )
            for table in tables.metadata.sorted_tables
        }


def fill(store: Store, runs: int = 6) -> None:
    """Runs with curves and weights, drawings, looks and notes of two learners."""
    for number in range(runs):
        learner = ("anna", "ben")[number % 2]
        run = store.runs.create(learner, SETTINGS.change(seed=number))
        claim = take(store, run, task="a")
        layers = GENERATOR.random((7, 3)).astype(np.float32)
        store.claims.record(claim, [point(10, end=True, layers=layers)], checkpoint(10, number), snapshot(10))
        if number:
            store.claims.end(claim, "finished")
        store.looks.add(run, {"wrong": number}, learner=learner)
        store.drawings.give(
            learner, GENERATOR.integers(0, 256, (28, 28)).astype(np.uint8), number, "[[1, 2]]"
        )
        store.documents.save(learner, f"kind {number}", "content é 数")


@pytest.fixture
def kept(lab: Store, tmp_path: Path) -> Path:
    """A backup of a filled lab."""
    fill(lab)
    backup(lab.database, tmp_path / "kept" / "backup")
    return tmp_path / "kept" / "backup"


@pytest.fixture
def fresh(tmp_path: Path) -> Any:
    """A lab on another machine."""
    store = Store(f"sqlite:///{(tmp_path / 'another' / 'digits.sqlite').as_posix()}")
    yield store
    store.close()


def test_everything_is_put_back_on_a_fresh_lab(lab: Store, kept: Path, fresh: Store) -> None:
    rows = restore(fresh.database, kept)
    assert everything(fresh) == everything(lab)
    assert rows["runs"] == 6
    for run in lab.runs.of("anna"):
        there = fresh.curves.weights(run.id)
        here = lab.curves.weights(run.id)
        assert here is not None
        assert there is not None
        assert {name: weight.tobytes() for name, weight in here.items()} == {
            name: weight.tobytes() for name, weight in there.items()
        }


def test_the_backup_is_one_private_file_and_a_database_of_its_own(kept: Path, lab: Store) -> None:
    assert [file.name for file in kept.parent.iterdir()] == ["backup"]
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    opened = Store(f"sqlite:///{kept.as_posix()}")
    assert everything(opened) == everything(lab)
    opened.close()


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.record import backup as module

    fill(lab)
    before = everything(lab)
    copy = module._copy

    def copy_then_write(*arguments: Any) -> int:
        rows = copy(*arguments)
        lab.runs.create("carl", SETTINGS)
        lab.drawings.give("carl", np.zeros((28, 28), np.uint8), 1)
        return rows

    monkeypatch.setattr(module, "_copy", copy_then_write)
    backup(lab.database, tmp_path / "backup")
    opened = Store(f"sqlite:///{(tmp_path / 'backup').as_posix()}")
    assert everything(opened) == before
    opened.close()


def test_no_file_is_overwritten(lab: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a thesis", encoding="utf-8")
    with pytest.raises(BackupExists, match="left as it is"):
        backup(lab.database, tmp_path / "mine")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "a thesis"


def test_large_rows_are_copied_one_by_one(lab: Store, tmp_path: Path) -> None:
    fill(lab)
    together: dict[str, int] = {}

    def measured(*given: Any) -> None:
        if given[2].startswith("INSERT INTO "):
            name, rows = given[2].split()[2], len(given[3]) if given[5] else 1
            together[name] = max(rows, together.get(name, 0))

    sa.event.listen(sa.Engine, "before_cursor_execute", measured)
    try:
        backup(lab.database, tmp_path / "backup")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", measured)
    assert (together["checkpoints"], together["trajectories"], together["points"]) == (1, 1, 6)


@pytest.mark.parametrize("trouble", [OSError(28, "No space left"), LabError("Away."), KeyboardInterrupt()])
def test_of_a_backup_that_fails_nothing_stays(
    lab: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    from core.record import backup as module

    def fail(*_given: object) -> int:
        assert list((tmp_path / "kept").glob("backup.part*"))
        raise trouble

    monkeypatch.setattr(module, "_copy", fail)
    with pytest.raises(CannotKeep if isinstance(trouble, OSError) else type(trouble)):
        backup(lab.database, tmp_path / "kept" / "backup")
    assert list((tmp_path / "kept").iterdir()) == []


def test_where_a_backup_cannot_go_is_said_by_the_name_that_was_given(lab: Store, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a thesis", encoding="utf-8")
    with pytest.raises(LabError, match=r"text.lab\.sqlite (cannot|is)") as told:
        backup(lab.database, tmp_path / "text" / "lab.sqlite")
    assert ".part" not in str(told.value)


def test_a_lab_that_holds_something_is_replaced_on_request_only(kept: Path, fresh: Store, lab: Store) -> None:
    fresh.runs.create("dora", SETTINGS)
    before = everything(fresh)
    with pytest.raises(NotEmpty, match="--replace"):
        restore(fresh.database, kept)
    assert everything(fresh) == before
    restore(fresh.database, kept, replace=True)
    assert everything(fresh) == everything(lab)


def test_a_worker_that_trains_while_a_backup_is_put_back_writes_nothing_into_it(
    lab: Store, kept: Path
) -> None:
    waits = next(run.id for run in lab.runs.of("anna") if run.unfinished)
    claim = take(lab, waits, task="a")
    restore(lab.database, kept, replace=True)
    with pytest.raises(ClaimLost):
        lab.claims.record(claim, [point(15)])
    assert lab.runs.get(waits).status == "waiting"
    assert take(lab, waits)


def test_what_is_made_afterwards_gets_numbers_of_its_own(lab: Store, kept: Path) -> None:
    restore(lab.database, kept, replace=True)
    known = {drawing.id for drawing in lab.drawings.all()}
    assert lab.drawings.give("anna", np.zeros((28, 28), np.uint8), 1) not in known
    run = lab.runs.of("anna")[0]
    assert lab.looks.add(run.id, {}, learner="anna") == 2


def test_a_backup_of_an_older_lab_is_brought_up_to_date_and_itself_left_alone(fresh: Store) -> None:
    before = KEPT.read_bytes()
    restore(fresh.database, KEPT)
    assert everything(fresh)["runs"]
    assert KEPT.read_bytes() == before


def test_what_is_no_backup_is_refused_by_name(fresh: Store, tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="no file"):
        restore(fresh.database, tmp_path / "nothing")
    (tmp_path / "text").write_text("homework\n" * 1_000, encoding="utf-8")
    with pytest.raises(DamagedDatabase):
        restore(fresh.database, tmp_path / "text")
    (tmp_path / "empty").touch()
    with pytest.raises(NoBackup, match="no backup of a lab"):
        restore(fresh.database, tmp_path / "empty")


def test_what_cannot_be_put_back_is_told_by_the_name_that_was_given(fresh: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    damaged = bytearray(KEPT.read_bytes())
    damaged[4096:] = b"x" * (len(damaged) - 4096)
    (tmp_path / "damaged").write_bytes(damaged)
    for name in ("empty", "damaged", ".", "nothing"):
        with pytest.raises(LabError) as told:
            restore(fresh.database, tmp_path / name)
        assert str(tmp_path / name) in str(told.value)
        assert "digits-restore" not in str(told.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EIO])
def test_a_backup_that_cannot_be_copied_is_told_with_the_reason(
    fresh: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_given: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(shutil, "copy", refuse)
    with pytest.raises(CannotCopy, match=re.escape(os.strerror(number))) as told:
        restore(fresh.database, tmp_path / "mine")
    assert f"{tmp_path / 'mine'} cannot be copied" in str(told.value)


def test_the_commands_say_what_they_did(
    lab: Store, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", url)
    fill(lab)
    file = str(tmp_path / "backup")
    assert main(["backup", file]) == 0
    assert main(["restore", file]) == 1
    assert main(["restore", file, "--replace"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"Kept in {file}: ")
    assert "runs: 6" in told.out
    assert "is not empty" in told.err
    assert main(["size"]) == 0
    assert "runs " in capsys.readouterr().out
