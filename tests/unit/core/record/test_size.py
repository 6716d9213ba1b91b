"""What the record takes is known, what was removed is given back, and the disk does not fill in silence."""

import re
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, share_no_more, snapshot, take

from core.record import removal, size, tables, trajectories
from core.record.__main__ import main
from core.record.database import now
from core.record.store import Store

PIXELS = np.zeros((28, 28), np.uint8)


def train(lab: Store, learner: str, *, starred: bool = False) -> str:
    share_no_more(lab)
    run = lab.runs.create(learner, SETTINGS)
    claim = take(lab, run)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10), snapshot(10))
    lab.claims.end(claim, "finished")
    lab.runs.change(run, learner=learner, starred=starred)
    share_no_more(lab)
    return run


def age(lab: Store, days: float) -> None:
    """Make all that is there older."""
    seconds = days * removal.DAY
    with lab.database.writing() as connection:
        runs, drawings = tables.runs, tables.drawings
        connection.execute(
            sa.update(runs).values(created=runs.c.created - seconds, queued=runs.c.queued - seconds)
        )
        connection.execute(sa.update(drawings).values(created=now() - seconds))


def test_every_table_is_counted(lab: Store) -> None:
    train(lab, "anna")
    found = size.size(lab.database)
    assert set(found.tables) == set(tables.metadata.tables)
    rows, taken = found.tables["checkpoints"]
    assert rows == 1
    assert taken is None or taken > 9_000
    assert found.total > 9_000


def test_what_is_removed_is_given_back_to_the_disk(lab: Store) -> None:
    for number in range(20):
        train(lab, f"learner {number}")
    before = size.size(lab.database).total
    for number in range(20):
        removal.remove(lab.database, "learner", f"learner {number}")
    size.give_back(lab.database)
    if lab.database.is_sqlite:
        assert size.log_bytes(lab.database) == 0
        assert size.size(lab.database).total < before / 3
    else:
        _, taken = size.size(lab.database).tables["checkpoints"]
        assert taken is not None
        assert taken < 50_000


def test_a_rule_removes_what_is_old_and_nothing_else(
    lab: Store, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", url)
    old, loved = train(lab, "anna"), train(lab, "ben", starred=True)
    waits = lab.runs.create("anna", SETTINGS)
    went_on = train(lab, "carl")
    lab.drawings.give("dora", PIXELS, 1)
    for learner in ("anna", "ben", "dora", "emil"):
        lab.documents.save(learner, "kind", "content")
    age(lab, 200)
    lab.runs.extend(went_on, 9, learner="carl")
    lab.claims.end(take(lab, went_on), "finished")
    young = train(lab, "fay")
    given = lab.drawings.give("fay", PIXELS, 2)
    assert main(["clean", "--older-than", "180", "--yes"]) == 0
    told = "Removed for good:\nOf 2 learners, in rows:\n  runs: 1\n  drawings: 1\n"
    assert capsys.readouterr().out == told
    left = {run.id for learner in ("anna", "ben", "carl", "fay") for run in lab.runs.of(learner)}
    assert left == {loved, waits, went_on, young}
    assert old not in left
    assert [drawing.id for drawing in lab.drawings.all()] == [given]
    kept = [lab.documents.get(learner, "kind") for learner in ("anna", "ben", "dora", "emil")]
    assert kept == ["content", "content", None, "content"]  # nothing else is left of dora
    assert main(["clean", "--older-than", "180", "--yes"]) == 0
    assert "Nothing is older" in capsys.readouterr().out


def test_what_is_loved_or_gone_on_with_in_the_last_moment_stays(
    lab: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    loved, goes_on, old = (train(lab, learner) for learner in ("anna", "ben", "carl"))
    age(lab, 200)
    hold = removal._hold

    def held(connection: sa.Connection, those: sa.ColumnElement[bool]) -> list[str]:
        """As another page process does something while a server waits for its locks."""
        found = hold(connection, those)
        trajectories.change_run(connection, loved, {"starred": True})
        trajectories.change_run(connection, goes_on, {"outcome": None})
        return found

    monkeypatch.setattr(removal, "_hold", held)
    assert removal.remove_old(lab.database, 180) == removal.Old(1, 0, frozenset({"carl"}))
    assert set(lab.runs.some([loved, goes_on, old])) == {loved, goes_on}
    assert lab.curves.checkpoint(loved) is not None


def test_cleaning_unpacks_no_drawings(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.drawings.give("anna", PIXELS, 1)
    lab.runs.create("anna", SETTINGS.change(handwriting=True))
    age(lab, 200)
    monkeypatch.setattr(removal, "unpack", None)
    assert removal.find_old(lab.database, 180).drawings == 1
    assert removal.remove_old(lab.database, 180) == removal.Old(0, 1, frozenset({"anna"}))


def test_nothing_is_removed_without_a_yes(lab: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", url)
    train(lab, "anna")
    age(lab, 200)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    assert main(["clean", "--older-than", "180"]) == 1
    assert len(lab.runs.of("anna")) == 1


def test_the_write_ahead_log_is_bounded(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that reads for long keeps SQLite from writing it back by itself."""
    if not lab.database.is_sqlite:
        return
    monkeypatch.setattr(size, "LONGEST_LOG", 50_000)
    with lab.database.reading() as reader:
        reader.execute(sa.select(tables.runs)).all()
        for _ in range(20):
            train(lab, "anna")
    assert size.log_bytes(lab.database) > 50_000
    size.look_after(lab.database)
    assert size.log_bytes(lab.database) == 0
    with lab.database.reading() as connection:
        bound = connection.exec_driver_sql("PRAGMA journal_size_limit").scalar_one()
    assert bound == 16 * 2**20


def test_a_disk_that_is_nearly_full_is_told_before_it_is(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        size.look_after(lab.database) is None
        or not lab.database.is_sqlite
        or size.free(lab.database) is not None
    )
    monkeypatch.setattr(size, "free", lambda _database: 250_000_000)
    told = str(size.look_after(lab.database))
    assert re.match(r"Only 250 MB are left on the disk of ", told)
    monkeypatch.setattr(size, "free", lambda _database: None)
    assert size.look_after(lab.database) is None


def test_a_database_elsewhere_has_no_disk_of_ours(lab: Store, tmp_path: Path) -> None:
    assert (size.free(lab.database) is None) != lab.database.is_sqlite
