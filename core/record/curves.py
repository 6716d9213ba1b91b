"""What a run left behind: its curve, what the microscope saw, and its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from core.record import tables
from core.record.database import Database
from core.record.shown import shown_step, wanted_step
from core.runs.progress import LAYER_MEASURES, Checkpoint, Pictures, read_histogram, read_layers

POINT_COLUMNS = (
    "step",
    "epoch",
    "seconds",
    "loss",
    "accuracy",
    "epoch_loss",
    "epoch_accuracy",
    "val_loss",
    "val_accuracy",
)
MOST_AT_ONCE = 200
"""Runs in one statement: SQLite nests conditions at most a thousand deep; servers limit the values, too."""


class NewPoint(NamedTuple):
    """A point of ``POINT_COLUMNS``, None where nothing was measured, and ``Point.answers``."""

    figures: tuple[float | None, ...]
    answers: bytes | None


class Curves:
    """Points, layers, snapshots and weights of runs. Only ``Claims`` writes them.

    They are those of the run's trajectory, up to where the run ended.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def points(self, run_id: str, after_step: int = -1) -> pd.DataFrame:
        """The curve: the columns of ``Point`` but ``layers``, by step; NaN where nothing was measured."""
        table = tables.points
        wanted = _of_run(run_id, table, *(table.c[name] for name in POINT_COLUMNS)).where(
            table.c.step > after_step
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(table.c.step)).all()
        values = np.array([tuple(row) for row in rows], float).reshape(-1, len(POINT_COLUMNS))
        columns = dict(zip(POINT_COLUMNS, values.T, strict=True))
        return pd.DataFrame(columns | {"step": columns["step"].astype(int)})

    def new_points(self, after_steps: Mapping[str, int]) -> dict[str, list[NewPoint]]:
        """What several runs have recorded since, by step; read at once.

        Args:
            after_steps: run → the last step that is known of it; -1 for none.

        Returns:
            Only runs that have something new.
        """
        found: dict[str, list[NewPoint]] = {}
        wanted = list(after_steps.items())
        with self._database.reading() as connection:
            for first in range(0, len(wanted), MOST_AT_ONCE):
                for run_id, answers, *row in connection.execute(_newer(wanted[first : first + MOST_AT_ONCE])):
                    found.setdefault(run_id, []).append(NewPoint(tuple(row), answers))
        return found

    def layers(self, run_id: str, after_step: int = -1) -> pd.DataFrame:
        """The microscope's record: step, epoch, layer (1 is the first), and ``LAYER_MEASURES``."""
        table = tables.points
        wanted = (
            _of_run(run_id, table, table.c.step, table.c.epoch, table.c.layers)
            .where(table.c.step > after_step, table.c.layers.is_not(None))
            .order_by(table.c.step)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        columns = ["step", "epoch", "layer", *LAYER_MEASURES]
        frames = [_layer_rows(row.step, row.epoch, row.layers) for row in rows]
        values = np.concatenate(frames) if frames else np.empty((0, len(columns)))
        return pd.DataFrame(values, columns=columns).astype({"step": int, "layer": int})

    def snapshot_steps(self, run_id: str) -> list[int]:
        """Steps of which a snapshot is kept, in order."""
        return self._steps(run_id, sa.true())

    def picture_steps(self, run_id: str) -> list[int]:
        """Steps of which pictures of the first weights are kept, in order; fewer than snapshots."""
        return self._steps(run_id, tables.snapshots.c.pictures.is_not(None))

    def histogram(self, run_id: str, step: int) -> NDArray[np.int32] | None:
        """What the layers' activations received at this step, as in ``Snapshot``, or None."""
        data = self._of_snapshot(run_id, step, tables.snapshots.c.histogram)
        return None if data is None else read_histogram(data)

    def pictures(self, run_id: str, step: int) -> Pictures | None:
        """The first weights at this step, or None."""
        data = self._of_snapshot(run_id, step, tables.snapshots.c.pictures)
        return None if data is None else Pictures.from_bytes(data)

    def checkpoint(self, run_id: str) -> Checkpoint | None:
        """The checkpoint that the run shows (``Run.weights_epoch``), the last one unless it keeps the best.

        None before the first epoch's end, and while its weights are not there.
        """
        runs, table = tables.runs, tables.checkpoints
        is_wanted = table.c.step == wanted_step(tables.trajectories.c.steps_per_epoch)
        is_there = sa.or_(runs.c.step.is_(None), runs.c.outcome.is_not(None), is_wanted)
        is_shown = table.c.step == sa.func.coalesce(shown_step(), table.c.step)
        last = _of_run(run_id, table, table.c.data).join(tables.trajectories)
        last = last.where(is_there, is_shown).order_by(table.c.step.desc()).limit(1)
        with self._database.reading() as connection:
            data = connection.execute(last).scalar_one_or_none()
        return None if data is None else Checkpoint.from_bytes(data)

    def weights(self, run_id: str) -> dict[str, NDArray[np.float32]] | None:
        """The weights of ``checkpoint``; None before the first."""
        checkpoint = self.checkpoint(run_id)
        return None if checkpoint is None else checkpoint.weights

    def _steps(self, run_id: str, where: sa.ColumnElement[bool]) -> list[int]:
        table = tables.snapshots
        wanted = _of_run(run_id, table, table.c.step).where(where).order_by(table.c.step)
        with self._database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def _of_snapshot(self, run_id: str, step: int, column: sa.Column[bytes]) -> bytes | None:
        table = tables.snapshots
        wanted = _of_run(run_id, table, column).where(table.c.step == step)
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar_one_or_none()


def _newer(after_steps: list[tuple[str, int]]) -> sa.Select[Any]:
    runs, table = tables.runs, tables.points
    newer = (sa.and_(runs.c.id == run_id, table.c.step > step) for run_id, step in after_steps)
    columns = (table.c[name] for name in POINT_COLUMNS)
    return _of_runs(table, runs.c.id, table.c.answers, *columns).where(sa.or_(*newer)).order_by(table.c.step)


def _of_run(run_id: str, table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return _of_runs(table, *columns).where(tables.runs.c.id == run_id)


def _of_runs(table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Columns of what belongs to runs' trajectories, up to where each run ended."""
    runs = tables.runs
    return (
        sa.select(*columns)
        .select_from(table)
        .join(runs, runs.c.trajectory_id == table.c.trajectory_id)
        .where(sa.or_(runs.c.step.is_(None), table.c.step <= runs.c.step))
    )


def _layer_rows(step: int, epoch: float, data: bytes) -> NDArray[np.float64]:
    measures = read_layers(data).astype(float)
    count = measures.shape[1]
    place = [np.full(count, float(step)), np.full(count, epoch), np.arange(1.0, count + 1)]
    return np.column_stack([*place, *measures])
