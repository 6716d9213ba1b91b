"""A database of commit 9489849 opens with everything that was in it, on SQLite and on PostgreSQL."""

import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from numpy.typing import NDArray
from record_lab import kept

from core.errors import LabError
from core.record import migrations, tables
from core.record.database import Database, read_url
from core.record.opening import NewerDatabase
from core.record.store import Store
from core.runs.origin import Origin
from core.runs.progress import LAYER_MEASURES, DamagedRecord
from core.study.duel import Prediction, sides
from core.study.sweep import Sweep

ANNAS_COOKIE, BENS_COOKIE = "anna-of-the-kept-database", "ben-of-the-kept-database"
ANNA, BEN = (sha256(cookie.encode()).hexdigest() for cookie in (ANNAS_COOKIE, BENS_COOKIE))
"""The learners of these cookies, of which that commit kept the cookies themselves."""
NO_MEASURES = np.empty((0, len(LAYER_MEASURES)), np.float32)
CHOSEN = "My first network, 是 <b>"
"""The only name that a learner chose."""


def npz(data: bytes) -> dict[str, Any]:
    """What that commit packed."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def measures(data: bytes) -> NDArray[np.float32]:
    """What that commit's microscope measured: (layers, measures)."""
    return np.frombuffer(data, "<f4").reshape(len(LAYER_MEASURES), -1).T


def test_the_kept_database_has_something_of_everything() -> None:
    outcomes = {row["outcome"] for row in kept("runs")}
    assert outcomes == {None, "finished", "diverged"}
    origins = {(row["group"] or "").replace("-", ":").partition(":")[0] for row in kept("runs")}
    assert origins == {"", "duel", "sweep", "rate", "seeds", "fair"}
    for table in set(tables.metadata.tables) - {"trajectories"}:
        assert len(kept(table)) >= 1, table
    assert {row["version"] for row in kept("digit_lab")} == {1}


def test_every_run_is_there_as_it_was(old_lab: Store) -> None:
    found = {run.id: run for learner in (ANNA, BEN) for run in old_lab.runs.of(learner, hidden=True)}
    rows = kept("runs")
    assert len(found) == len(rows) == 14
    for row in rows:
        run = found[row["id"]]
        assert json.loads(run.settings.to_json()) == json.loads(row["settings"])
        assert run.learner == sha256(row["learner"].encode()).hexdigest()
        for name in ("epochs", "steps_per_epoch", "note", "step", "seconds"):
            assert getattr(run, name) == row[name], name
        for name in ("val_loss", "val_accuracy"):
            assert getattr(run, name) == row[name], name
        assert (run.starred, run.hidden) == (bool(row["starred"]), bool(row["hidden"]))
        assert run.created.timestamp() == pytest.approx(row["created"], abs=1e-5)
        assert run.status == (row["outcome"] or ("stopped" if row["stop_requested"] else "waiting"))
        assert (run.message is None) == (row["message"] is None)
        assert (run.normalization is None) == (row["normalization"] is None)


def test_only_the_name_that_a_learner_chose_is_still_a_name(old_lab: Store) -> None:
    names = {row["id"]: row["name"] for row in kept("runs")}
    assert list(names.values()).count(CHOSEN) == 1
    for run_id, name in names.items():
        assert old_lab.runs.get(run_id).name == (CHOSEN if name == CHOSEN else None), name


def test_every_point_and_checkpoint_is_there_as_it_was(old_lab: Store) -> None:
    for row in kept("runs"):
        run_id = row["id"]
        points = [point for point in kept("points") if point["run_id"] == run_id]
        frame = old_lab.curves.points(run_id)
        columns = list(map(str, frame.columns))
        expected = np.array([tuple(point[name] for name in columns) for point in points], np.float64)
        np.testing.assert_array_equal(frame.to_numpy(float), expected.reshape(-1, len(columns)))
        recorded = {point["step"] for point in points if point["layers"] is not None}
        assert set(old_lab.curves.layers(run_id)["step"]) == recorded
        layers = np.concatenate(
            [measures(point["layers"]) for point in points if point["layers"]] or [NO_MEASURES]
        )
        found = old_lab.curves.layers(run_id)[list(LAYER_MEASURES)].to_numpy()
        np.testing.assert_allclose(found, layers.reshape(-1, len(LAYER_MEASURES)), rtol=2**-15)
    for row in kept("checkpoints"):
        checkpoint = old_lab.curves.checkpoint(row["run_id"])
        assert checkpoint is not None
        before = npz(row["data"])
        assert (checkpoint.step, checkpoint.seconds) == (row["step"], float(before["seconds"]))
        now: dict[str, Any] = {f"weights/{name}": weight for name, weight in checkpoint.weights.items()}
        now |= {f"optimizer/{index}": value for index, value in enumerate(checkpoint.optimizer)}
        now |= {"sums": checkpoint.sums}
        for name in set(before) - {"step", "seconds"}:
            np.testing.assert_array_equal(now[name], before[name], strict=True)
            assert now[name].tobytes() == before[name].tobytes()
        assert len(now) == len(before) - 2


def test_every_histogram_is_there_as_it_was_and_pictures_where_they_tell_most(old_lab: Store) -> None:
    for row in kept("snapshots"):
        before = npz(row["data"])
        histogram = old_lab.curves.histogram(row["run_id"], row["step"])
        assert histogram is not None
        np.testing.assert_array_equal(histogram, before["histogram"], strict=True)
        pictures = old_lab.curves.pictures(row["run_id"], row["step"])
        steps = [each["step"] for each in kept("snapshots") if each["run_id"] == row["run_id"]]
        epoch = row["step"] // old_lab.runs.get(row["run_id"]).steps_per_epoch
        assert (pictures is not None) == (epoch in (0, 1, 2, 5, 10) or row["step"] == max(steps))
        if pictures is not None:
            weights = before["pictures"] * float(before["scale"])
            np.testing.assert_allclose(pictures.shades * pictures.scale, weights, atol=0.51 * pictures.scale)


def test_a_damaged_row_of_an_older_lab_is_one_run_s_trouble(old_url: str) -> None:
    database = Database(read_url(old_url))
    damaged, *others = [row["run_id"] for row in kept("checkpoints")]
    with database.writing() as connection:
        for table, column in (("checkpoints", "data"), ("snapshots", "data"), ("points", "layers")):
            spoil = sa.text(f"UPDATE {table} SET {column} = :data WHERE run_id = :run")
            connection.execute(spoil, {"data": b"PK and no more", "run": damaged})
    database.close()
    lab = Store(old_url)
    for read in (lab.curves.layers, lab.curves.weights, lambda run: lab.curves.histogram(run, 0)):
        with pytest.raises(DamagedRecord):
            read(damaged)
    assert all(lab.curves.weights(each) for each in others)
    lab.close()


def test_looks_and_drawings_are_there_as_they_were(old_lab: Store) -> None:
    looks = [look for found in old_lab.looks.of_learner(ANNA).values() for look in found]
    assert [look.evaluation for look in looks] == [json.loads(row["evaluation"]) for row in kept("looks")]
    assert len(looks) == 2
    for row, drawing in zip(kept("drawings"), old_lab.drawings.all(), strict=True):
        assert drawing.image.tobytes() == row["image"]
        assert drawing.learner == sha256(row["learner"].encode()).hexdigest()
        assert old_lab.drawings.strokes(drawing.id) == row["strokes"]
        for name in ("id", "label"):
            assert getattr(drawing, name) == row[name], name
    (ours,) = [run for run in old_lab.runs.of(BEN) if run.settings.data.handwriting]
    with np.load(io.BytesIO(old_lab.runs.drawings(ours.id))) as file:
        assert file["labels"].tolist() == [7, 2]


def test_duel_and_sweep_are_there_as_they_were(old_lab: Store) -> None:
    runs = old_lab.runs.of(ANNA, hidden=True)
    duel = Origin("duel", "Ab3dEf6h")
    assert len(sides([run for run in runs if run.origin == duel])) == 2
    assert Prediction.from_json(old_lab.documents.get(ANNA, str(duel)) or "") == Prediction(1, 4.0)
    (written,) = json.loads(old_lab.documents.get(ANNA, "sweeps") or "[]")
    sweep = Sweep.from_json(written)
    swept = [run.settings for run in runs if run.origin == Origin.of("sweep", sweep.base)]
    assert set(swept) == set(sweep.cells()[0].values())
    assert {run.origin.kind for run in old_lab.runs.of(BEN) if run.origin} == {"rate", "seeds", "fair"}


def test_no_cookie_is_left_in_the_file(old_url: str) -> None:
    file = Path(read_url(old_url).database or "")
    if not file.exists():
        pytest.skip("only SQLite keeps a file of its own")
    cookie = ANNAS_COOKIE.encode()
    assert cookie in file.read_bytes()
    Store(old_url).close()
    assert all(cookie not in part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


def every_text(database: Database) -> list[str]:
    """All texts in all rows of all tables, whatever the tables are."""
    with database.reading() as connection:
        found = sa.MetaData()
        found.reflect(connection)
        rows = [row for table in found.sorted_tables for row in connection.execute(sa.select(table))]
    return [value for row in rows for value in row if isinstance(value, str)]


def test_no_row_holds_a_cookie_and_each_learner_has_as_many_rows(old_url: str) -> None:
    """Migration 0005, on whichever database this is."""
    before = Database(read_url(old_url))
    with before.reading() as connection:
        assert connection.execute(sa.select(tables.versions.c.version)).scalar_one() == 1
    texts = every_text(before)
    before.close()
    assert not {ANNA, BEN} & set(texts)
    store = Store(old_url)
    after = every_text(store.database)
    store.close()
    for cookie in (ANNAS_COOKIE, BENS_COOKIE):
        owned = texts.count(cookie)
        assert owned >= 3
        charged = sum(row["learner"] == cookie for row in kept("runs"))  # for its trajectory (0006)
        assert after.count(sha256(cookie.encode()).hexdigest()) == owned + charged
        assert not [text for text in after if cookie in text]


def test_it_can_be_gone_on_with(old_lab: Store) -> None:
    run_id = old_lab.runs.create(ANNA, old_lab.runs.of(ANNA)[0].settings, origin=Origin.new("duel"))
    assert old_lab.runs.get(run_id).name is None
    assert old_lab.drawings.give(ANNA, np.ones((28, 28), np.uint8), 1) == 3
    (looked_at,) = old_lab.looks.of_learner(ANNA)
    assert old_lab.looks.add(looked_at, {"accuracy": 0.5}, learner=ANNA) == 3
    with old_lab.database.writing() as connection:  # what belongs to a run still goes with it
        connection.execute(sa.delete(tables.runs).where(tables.runs.c.id == looked_at))
    assert old_lab.curves.points(looked_at).empty
    assert old_lab.looks.of_learner(ANNA) == {}


def test_its_tables_are_those_of_an_empty_database(old_lab: Store) -> None:
    with old_lab.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_last_step_leads_to_the_tables_version() -> None:
    scripts = ScriptDirectory(str(migrations.FOLDER))
    assert scripts.get_heads() == [f"{tables.VERSION:04}"]
    assert [step.revision for step in scripts.walk_revisions()][::-1] == [
        f"{number:04}" for number in range(1, tables.VERSION + 1)
    ]


def test_many_may_open_it_at_once_and_one_brings_it_up_to_date(old_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _number: Store(old_url), range(4)))
    for store in opened:
        assert len(store.runs.of(ANNA, hidden=True)) == 10
        store.close()


def test_a_step_that_fails_leaves_everything_as_it_was(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step = ScriptDirectory(str(migrations.FOLDER)).get_revision("0003").module
    upgrade = migrations.upgrade

    def fail(connection: sa.Connection, since: int, to: int) -> None:
        upgrade(connection, since, to - 1)  # half of the way
        raise LabError("The power went off.")

    assert step.down_revision == "0002"
    monkeypatch.setattr(migrations, "upgrade", fail)
    with pytest.raises(LabError, match="power"):
        Store(old_url)
    database = Database(read_url(old_url))
    with database.reading() as connection:
        assert connection.execute(sa.select(tables.versions.c.version)).scalar_one() == 1
        names = sa.select(sa.func.count()).select_from(tables.runs).where(tables.runs.c.name.is_not(None))
        assert connection.execute(names).scalar_one() == 14
        columns = {column["name"]: column for column in sa.inspect(connection).get_columns("runs")}
        assert columns["name"]["nullable"] is False
    database.close()
    monkeypatch.undo()
    store = Store(old_url)
    assert len(store.runs.of(ANNA, hidden=True)) == 10
    store.close()


def test_a_newer_database_is_refused_by_name_and_left_alone(old_url: str, old_lab: Store) -> None:
    with old_lab.database.writing() as connection:
        connection.execute(sa.update(tables.versions).values(version=99))
    with pytest.raises(NewerDatabase, match=f"99; this one knows {tables.VERSION}"):
        Store(old_url)
    assert len(old_lab.runs.of(ANNA, hidden=True)) == 10


def test_opening_what_is_up_to_date_does_not_wait_for_a_writer(url: str) -> None:
    lab = Store(url)
    with lab.database.writing():
        begun = time.monotonic()
        Store(url).close()
        assert time.monotonic() - begun < 1
    lab.close()


def forbid_alembic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever imports it fails."""
    for name in ("alembic", "alembic.operations", "alembic.script"):
        monkeypatch.setitem(sys.modules, name, None)


def test_what_is_up_to_date_opens_without_alembic(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_alembic(monkeypatch)
    Store(lab.url).close()
    for file in Path(migrations.__file__).parents[1].glob("*.py"):
        assert "alembic" not in file.read_text(encoding="utf-8")


def test_an_old_database_needs_alembic(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_alembic(monkeypatch)
    with pytest.raises(ImportError):
        Store(old_url)
