"""What tests of the record write into it: points, checkpoints, snapshots, and the claims that may write."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from numpy.typing import NDArray

from core.dataset.normalization import Normalization, PixelNumbers
from core.record import migrations, tables
from core.record.claims import Claim
from core.record.database import Database, read_url
from core.record.store import Store
from core.runs.progress import Checkpoint, Pictures, Point, Snapshot
from core.settings import Settings

SETTINGS = Settings().change(train=320, epochs=4)
"""10 steps an epoch."""


def seeded(seed: int) -> Settings:
    """The same experiment from another seed, so that it is trained for itself."""
    return SETTINGS.change(seed=seed)


NORMALIZATION = Normalization("z-score", 33.3286, 78.5806, 55_000, PixelNumbers(33.3286, 78.5806, 0.0, 255.0))


def share_no_more(lab: Store) -> None:
    """Let whatever is asked for from now on be trained for itself, though it was trained before."""
    with lab.database.writing() as connection:
        connection.execute(sa.update(tables.trajectories).values(identity=None))


def take(lab: Store, run_id: str, worker: str = "worker", *, task: str | None = None) -> Claim:
    """A claim that must succeed."""
    claim = lab.claims.take(run_id, worker, task=task)
    assert claim is not None
    return claim


def point(step: int, *, end: bool = False, layers: NDArray[np.float32] | None = None) -> Point:
    """A point as a worker records it; at an epoch's end with the validation's figures."""
    loss, accuracy = (0.3, 0.9) if end else (None, None)
    return Point(step, step / 10, step / 100, 1.5, 0.5, 1.4, 0.6, loss, accuracy, layers)


def checkpoint(step: int, value: float = 1.0) -> Checkpoint:
    """A checkpoint whose weights are all ``value``."""
    weights = {"dense_1/kernel": np.full((784, 3), value, np.float32)}
    return Checkpoint(step, step / 100, np.zeros((2, 3)), weights, [np.array(step)])


def snapshot(step: int) -> Snapshot:
    """A snapshot that tells its step."""
    pictures = Pictures(np.full((3, 28, 28), step % 15, np.int8), 0.01)
    return Snapshot(step, np.full((2, 42), step, np.int32), pictures)


def let_the_lease_run_out(lab: Store, run_id: str) -> None:
    """As if the run's worker had been silent for long."""
    with lab.database.writing() as connection:
        table, runs = tables.trajectories, tables.runs
        trained = sa.select(runs.c.trajectory_id).where(runs.c.id == run_id).scalar_subquery()
        connection.execute(sa.update(table).where(table.c.id == trained).values(lease_until=0.0))


KEPT = Path(__file__).resolve().parents[1] / "data" / "lab-9489849.sqlite"
"""Two learners' runs that commit 9489849 trained, a duel, a sweep, looks and drawings."""
Rows = list[dict[str, Any]]


def kept(table: str) -> Rows:
    """A table's rows as commit 9489849 left them, read without the lab."""
    connection = sqlite3.connect(f"{KEPT.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    finally:
        connection.close()


def fill(address: str) -> None:
    """The kept rows in a PostgreSQL database with the tables of that commit."""
    first = ScriptDirectory(str(migrations.FOLDER)).get_revision("0001").module
    database = Database(read_url(address))
    with database.writing() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            first.upgrade()
        for table in first.metadata.sorted_tables:
            rows = [_typed(table, row) for row in kept(table.name)]
            if rows:
                connection.execute(sa.insert(table), rows)
        for name in ("looks", "drawings"):
            connection.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT MAX(id) FROM {name}))"
                )
            )
    database.close()


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    boolean = {column.name for column in table.c if isinstance(column.type, sa.Boolean)}
    return {name: bool(value) if name in boolean else value for name, value in row.items()}
