"""Whoever runs the lab removes a drawing, a run or a learner, after a question, and nothing else."""

from collections.abc import Iterator

import numpy as np
import pytest
import sqlalchemy as sa
from record_lab import checkpoint, point, seeded, snapshot, take

from core.record import __main__ as record
from core.record import tables
from core.record.__main__ import main
from core.record.claims import ClaimLost
from core.record.database import Database, DiskFull
from core.record.store import Store

ANNA, BEN = "a" * 64, "b" * 64
PIXELS = np.zeros((28, 28), np.uint8)


@pytest.fixture
def shared(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store in which two learners left the same, and that the command finds."""
    monkeypatch.setenv("DIGITS_DATABASE_URL", url)
    store = Store(url)
    for seed, learner in enumerate((ANNA, BEN)):
        run = store.runs.create(learner, seeded(seed))
        claim = take(store, run)
        store.claims.record(claim, [point(10, end=True)], checkpoint(10), snapshot(10))
        store.claims.end(claim, "finished")
        store.looks.add(run, {"wrong": 1}, learner=learner)
        store.drawings.give(learner, PIXELS, 7)
        store.documents.save(learner, "kind", "content")
    yield store
    store.close()


def rows(store: Store) -> dict[str, int]:
    with store.database.reading() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }


def test_a_drawing_goes_alone(shared: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before, (mine,) = rows(shared), shared.drawings.of(BEN)
    assert main(["remove", "drawing", str(mine.id), "--yes"]) == 0
    assert rows(shared) == before | {"drawings": 1}
    assert shared.drawings.of(BEN) == []
    assert capsys.readouterr().out == f"Removed for good:\nOf learner {BEN}, in rows:\n  drawings: 1\n"


def test_a_run_goes_with_its_curve_weights_and_looks(shared: Store) -> None:
    before, (run,) = rows(shared), shared.runs.of(ANNA)
    assert main(["remove", "run", run.id, "--yes"]) == 0
    gone = ("runs", "trajectories", "points", "snapshots", "checkpoints", "looks")
    assert rows(shared) == before | dict.fromkeys(gone, 1)
    assert shared.runs.of(ANNA) == []


def test_a_learner_goes_with_everything_and_the_others_stay(
    shared: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", "learner", ANNA, "--yes"]) == 0
    assert set(rows(shared).values()) == {1}  # of each table the other learner's row, and the one version
    assert len(shared.runs.of(BEN)) == len(shared.drawings.of(BEN)) == 1
    told = f"Removed for good:\nOf learner {ANNA}, in rows:\n  runs: 1\n  drawings: 1\n  documents: 1\n"
    assert capsys.readouterr().out == told


def test_a_run_that_trains_goes_and_its_worker_is_told(shared: Store) -> None:
    run = shared.runs.create(ANNA, seeded(2))
    claim = take(shared, run)
    assert main(["remove", "run", run, "--yes"]) == 0
    with pytest.raises(ClaimLost):
        shared.claims.record(claim, [point(1)])


@pytest.mark.parametrize(
    ("answer", "gone"), [("y", True), (" YES ", True), ("", False), ("n", False), ("yo", False)]
)
def test_it_asks_first(
    shared: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    gone: bool,
) -> None:
    asked: list[str] = []

    def reply(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", reply)
    before = rows(shared)
    assert main(["remove", "learner", BEN]) == (0 if gone else 1)
    assert asked == ["Remove this for good? [y/N] "]
    assert (rows(shared) != before) is gone
    told = capsys.readouterr().out
    what = f"Of learner {BEN}, in rows:\n  runs: 1\n  drawings: 1\n  documents: 1\n"
    assert told == what + (f"Removed for good:\n{what}" if gone else "Nothing was removed.\n")


def test_what_is_gone_is_told_though_its_room_cannot_be_given_back(
    shared: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_room(_database: Database) -> None:
        raise DiskFull("There is no room left.")

    monkeypatch.setattr(record, "give_back", no_room)
    assert main(["remove", "learner", ANNA, "--yes"]) == 1
    assert main(["clean", "--older-than", "0", "--yes"]) == 1
    told = capsys.readouterr()
    assert told.out.count("Removed for good:\n") == 2
    assert told.out.count("  runs: 1\n") == 2
    assert told.err.count("It is gone, but its room was not given back to the disk.") == 2
    assert told.err.count("There is no room left.") == 2


def test_where_nobody_can_answer_nothing_goes(shared: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    before = rows(shared)
    assert main(["remove", "learner", BEN]) == 1
    assert rows(shared) == before


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        *(
            ("drawing", subject)
            for subject in ("99", "-1", "1.0", "one", "", "1; DROP TABLE drawings", "9" * 5_000)
        ),
        *(("drawing", str(2**power)) for power in (31, 63, 64)),
        *(("run", subject) for subject in ("nothing", "", "%", "_" * 12)),
        *(("learner", subject) for subject in ("nobody", "", "%", ANNA[:-1])),
    ],
)
def test_what_is_not_there_is_said_and_nothing_goes(
    shared: Store, capsys: pytest.CaptureFixture[str], kind: str, subject: str
) -> None:
    before = rows(shared)
    assert main(["remove", kind, f" {subject}" if subject.startswith("-") else subject, "--yes"]) == 1
    assert f"There is no {kind}" in capsys.readouterr().err
    assert rows(shared) == before


def test_a_database_that_is_none_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITS_DATABASE_URL", "mysql://somewhere")
    assert main(["remove", "run", "x"]) == 1
    assert "DIGITS_DATABASE_URL" in capsys.readouterr().err
