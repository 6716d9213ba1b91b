"""The record of everything: runs, their curves and weights, and what learners keep. The one truth.

Pages and workers share nothing else. What a page shows is read from here; what a run is doing is derived
from what its worker wrote here last.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from core.record import tables
from core.record.belongings import Belongings, InvalidRecord, check_text, pack_drawings
from core.record.claims import LEASE, POINT_COLUMNS, Claim, Claims
from core.record.database import Database, DatabaseProblem, now, read_url
from core.runs import turns
from core.runs.progress import LAYER_MEASURES, Checkpoint, Snapshot, steps_per_epoch
from core.runs.run import Run, TooManyRuns, UnknownRun, automatic_name, derive_status, from_row, read_settings
from core.runs.turns import Unfinished
from core.settings import MAXIMUM_EPOCHS, Settings

MOST_UNFINISHED_RUNS = 32
"""Runs of one learner that may wait or train at once: a whole sweep, or four networks with eight seeds
each, but not a class's afternoon."""
LONGEST_NAME = 120
LONGEST_NOTE = 4_000


class UnknownVersion(DatabaseProblem):
    """The database was made by another version of the lab."""


@dataclass(frozen=True)
class Look:
    """One look at the sealed test set: when, after how many steps, and what was seen."""

    created: datetime
    step: int
    evaluation: dict[str, Any]


class Store(Claims, Belongings):
    """Everything that must last, in one database. Safe to share between threads.

    Args:
        url: an SQLAlchemy address; None takes DIGITS_DATABASE_URL, else a SQLite file in ``.lab/``.

    Raises InvalidDatabaseUrl, and a DatabaseProblem by name when the database cannot be used.
    """

    def __init__(self, url: str | None = None) -> None:
        self.database = Database(read_url(url))
        try:
            with self.database.creating(tables.metadata) as connection:
                self._check_version(connection)
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address with which another process opens the same store; may hold a password."""
        return self.database.address

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def create(
        self, learner: str, settings: Settings, *, name: str | None = None, group: str | None = None
    ) -> str:
        """Put a new run into the queue and return its id.

        Args:
            name: what to call it; None makes a name from the settings.
            group: what it belongs to, such as a sweep.

        Raises TooManyRuns, InvalidRecord.
        """
        check_text("learner", learner, 64)
        check_text("name", name or "", LONGEST_NAME)
        check_text("group", group or "", 64)
        run_id = secrets.token_urlsafe(9)
        drawings = self.drawings() if settings.data.handwriting else []
        images = settings.data.train + len(drawings)
        with self.database.writing() as connection:
            _check_room(connection, learner)
            moment = _next_moment(connection)
            connection.execute(
                sa.insert(tables.runs).values(
                    id=run_id,
                    learner=learner,
                    created=moment,
                    queued=moment,
                    settings=settings.to_json(),
                    epochs=settings.training.epochs,
                    steps_per_epoch=steps_per_epoch(images, settings.training.batch_size),
                    drawings=pack_drawings(drawings) if drawings else None,
                    name=name or automatic_name(settings),
                    group=group,
                )
            )
        return run_id

    def run(self, run_id: str) -> Run:
        """One run as it stands now. Raises UnknownRun."""
        with self.database.reading() as connection:
            row = connection.execute(_select_runs().where(tables.runs.c.id == run_id)).one_or_none()
            if row is None:
                raise _unknown(run_id)
            waits = derive_status(row) == "waiting"
            return from_row(row, _positions(connection).get(run_id) if waits else None)

    def runs(self, learner: str, *, hidden: bool = False) -> list[Run]:
        """A learner's runs, newest first; with the hidden ones on request."""
        wanted = _select_runs().where(tables.runs.c.learner == learner)
        if not hidden:
            wanted = wanted.where(sa.not_(tables.runs.c.hidden))
        with self.database.reading() as connection:
            rows = connection.execute(wanted.order_by(tables.runs.c.created.desc())).all()
            positions = _positions(connection) if any(row.outcome is None for row in rows) else {}
        return [from_row(row, positions.get(row.id)) for row in rows]

    def points(self, run_id: str, after_step: int = -1) -> pd.DataFrame:
        """The curve: the columns of ``Point`` but ``layers``, by step; NaN where nothing was measured."""
        table = tables.points
        wanted = sa.select(*(table.c[name] for name in POINT_COLUMNS)).where(
            table.c.run_id == run_id, table.c.step > after_step
        )
        with self.database.reading() as connection:
            rows = connection.execute(wanted.order_by(table.c.step)).all()
        values = np.array([tuple(row) for row in rows], float).reshape(-1, len(POINT_COLUMNS))
        columns = dict(zip(POINT_COLUMNS, values.T, strict=True))
        return pd.DataFrame(columns | {"step": columns["step"].astype(int)})

    def layers(self, run_id: str, after_step: int = -1) -> pd.DataFrame:
        """The microscope's record: step, epoch, layer (1 is the first), and ``LAYER_MEASURES``."""
        table = tables.points
        wanted = (
            sa.select(table.c.step, table.c.epoch, table.c.layers)
            .where(table.c.run_id == run_id, table.c.step > after_step, table.c.layers.is_not(None))
            .order_by(table.c.step)
        )
        with self.database.reading() as connection:
            rows = connection.execute(wanted).all()
        columns = ["step", "epoch", "layer", *LAYER_MEASURES]
        frames = [_layer_rows(row.step, row.epoch, row.layers) for row in rows]
        values = np.concatenate(frames) if frames else np.empty((0, len(columns)))
        return pd.DataFrame(values, columns=columns).astype({"step": int, "layer": int})

    def snapshot_steps(self, run_id: str) -> list[int]:
        """Steps of which a snapshot is kept, in order."""
        table = tables.snapshots
        wanted = sa.select(table.c.step).where(table.c.run_id == run_id).order_by(table.c.step)
        with self.database.reading() as connection:
            return list(connection.execute(wanted).scalars())

    def snapshot(self, run_id: str, step: int) -> Snapshot | None:
        """What was inside the network at this step, or None."""
        table = tables.snapshots
        wanted = sa.select(table.c.data).where(table.c.run_id == run_id, table.c.step == step)
        with self.database.reading() as connection:
            data = connection.execute(wanted).scalar_one_or_none()
        return None if data is None else Snapshot.from_bytes(data)

    def checkpoint(self, run_id: str) -> Checkpoint | None:
        """The last checkpoint, or None before the first epoch's end."""
        table = tables.checkpoints
        with self.database.reading() as connection:
            data = connection.execute(
                sa.select(table.c.data).where(table.c.run_id == run_id)
            ).scalar_one_or_none()
        return None if data is None else Checkpoint.from_bytes(data)

    def weights(self, run_id: str) -> dict[str, NDArray[np.float32]] | None:
        """The weights as last saved, at an epoch's end or at a stop; None before the first."""
        checkpoint = self.checkpoint(run_id)
        return None if checkpoint is None else checkpoint.weights

    def handwriting(self, run_id: str) -> bytes:
        """The class's drawings that joined this run's training part: an .npz file of images and labels.

        Raises UnknownRun.
        """
        wanted = sa.select(tables.runs.c.drawings).where(tables.runs.c.id == run_id)
        with self.database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise _unknown(run_id)
        return row.drawings or pack_drawings([])

    def request_stop(self, run_id: str) -> None:
        """Ask a run to stop; one that waits stops at once, one that ended stays as it is.

        Raises UnknownRun.
        """
        runs = tables.runs
        unfinished = sa.and_(runs.c.id == run_id, runs.c.outcome.is_(None))
        with self.database.writing() as connection:
            asked = connection.execute(sa.update(runs).where(unfinished).values(stop_requested=True))
            if not asked.rowcount:
                _check_known(connection, run_id)

    def extend(self, run_id: str, epochs: int) -> None:
        """Let a stopped, finished, diverged or failed run go on until it has ``epochs`` epochs in all.

        Raises UnknownRun, TooManyRuns, InvalidRecord.
        """
        if not isinstance(epochs, int) or isinstance(epochs, bool) or not 1 <= epochs <= MAXIMUM_EPOCHS:
            raise InvalidRecord(
                "epochs is {value}. Expected a whole number from 1 to {limit}.",
                value=epochs,
                limit=MAXIMUM_EPOCHS,
            )
        runs = tables.runs
        with self.database.writing() as connection:
            row = _check_known(connection, run_id)
            if row.outcome is not None or row.stop_requested:
                _check_room(connection, row.learner)
                queued = _next_moment(connection)
                connection.execute(sa.update(runs).where(runs.c.id == run_id).values(queued=queued))
            connection.execute(
                sa.update(runs)
                .where(runs.c.id == run_id)
                .values(epochs=epochs, outcome=None, message=None, stop_requested=False, attempts=0)
            )

    def change(
        self,
        run_id: str,
        *,
        name: str | None = None,
        note: str | None = None,
        starred: bool | None = None,
        hidden: bool | None = None,
    ) -> None:
        """Change how a run is kept; None leaves a thing as it is, an empty name brings the automatic one.

        Raises UnknownRun, InvalidRecord.
        """
        check_text("name", name or "", LONGEST_NAME)
        check_text("note", note or "", LONGEST_NOTE)
        given = {"name": name, "note": note, "starred": starred, "hidden": hidden}
        changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        with self.database.writing() as connection:
            row = _check_known(connection, run_id)
            if name is not None and not name.strip():
                changes["name"] = automatic_name(read_settings(row.settings))
            if changes:
                connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(**changes))

    def add_look(self, run_id: str, evaluation: dict[str, Any]) -> int:
        """Keep that the test set was looked at, and what was seen; returns the number of looks so far.

        Raises UnknownRun, InvalidRecord.
        """
        text = json.dumps(evaluation)
        check_text("evaluation", text, 100_000)
        looks = tables.looks
        with self.database.writing() as connection:
            row = _check_known(connection, run_id)
            connection.execute(
                sa.insert(looks).values(run_id=run_id, created=now(), step=row.step, evaluation=text)
            )
            count = connection.execute(sa.select(sa.func.count()).where(looks.c.run_id == run_id))
            return int(count.scalar_one())

    def looks(self, run_id: str) -> list[Look]:
        """All looks at the test set with this run, first one first."""
        looks = tables.looks
        wanted = sa.select(looks).where(looks.c.run_id == run_id).order_by(looks.c.id)
        with self.database.reading() as connection:
            return [
                Look(datetime.fromtimestamp(row.created, UTC), row.step, json.loads(row.evaluation))
                for row in connection.execute(wanted)
            ]

    def queue(self) -> list[str]:
        """Ids of the waiting runs, the next one first."""
        with self.database.reading() as connection:
            return list(_positions(connection))

    def running(self) -> dict[str, str]:
        """Ids of the runs that train just now → their workers."""
        runs = tables.runs
        trains = (runs.c.outcome.is_(None), runs.c.lease_until > now())
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(runs.c.id, runs.c.worker).where(*trains))
            return {row.id: row.worker for row in rows}

    def silent(self, tasks: Collection[str]) -> dict[str, str]:
        """Ids of runs that these tasks claimed and have not renewed for two leases → their workers."""
        runs = tables.runs
        lost = (runs.c.task.in_(tasks), runs.c.outcome.is_(None), runs.c.lease_until < now() - LEASE)
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(runs.c.id, runs.c.worker).where(*lost))
            return {row.id: row.worker for row in rows}

    def should_give_way(self, claim: Claim) -> bool:
        """Whether another learner waits for whom fewer runs train than for this run's learner."""
        with self.database.reading() as connection:
            runs = _unfinished(connection)
            order = turns.fair_order(runs, _last_starts(connection))
        return turns.should_give_way(claim.run_id, runs, order)

    def seconds_left(self, run_id: str, workers: int) -> float | None:
        """Seconds until an unfinished run is done, waiting included; None when nothing was measured yet.

        Args:
            workers: how many runs can train at once.
        """
        with self.database.reading() as connection:
            runs = _unfinished(connection)
            order = turns.fair_order(runs, _last_starts(connection))
            return turns.seconds_left(run_id, runs, order, _speeds(connection), workers)

    def _check_version(self, connection: Connection) -> None:
        versions = tables.versions
        version = connection.execute(sa.select(versions.c.version)).scalar_one_or_none()
        if version is None:
            connection.execute(sa.insert(versions).values(version=tables.VERSION))
        elif version != tables.VERSION:
            raise UnknownVersion(
                "The database {name} was made by another version of the lab ({version} instead of "
                "{expected}). Use that version, or name another database in DIGITS_DATABASE_URL.",
                name=self.database.shown,
                version=version,
                expected=tables.VERSION,
            )


def _select_runs() -> sa.Select[Any]:
    columns = [column for column in tables.runs.c if column.name != "drawings"]
    return sa.select(*columns, now().label("now"))


def _unknown(run_id: str) -> UnknownRun:
    return UnknownRun("There is no run {run}. Check the link, or train a new one.", run=str(run_id)[:40])


def _check_known(connection: Connection, run_id: str) -> Any:
    runs = tables.runs
    row = connection.execute(
        sa.select(runs.c.learner, runs.c.settings, runs.c.outcome, runs.c.stop_requested, runs.c.step).where(
            runs.c.id == run_id
        )
    ).one_or_none()
    if row is None:
        raise _unknown(run_id)
    return row


def _next_moment(connection: Connection) -> float:
    """Now, but after every moment given before: clocks may be too coarse to tell who came first."""
    latest = sa.select(sa.func.max(tables.runs.c.queued)).scalar_subquery()
    clock, last = connection.execute(sa.select(now(), latest)).one()
    return max(float(clock), float(last or 0.0) + 1e-6)


def _check_room(connection: Connection, learner: str) -> None:
    runs = tables.runs
    mine = (runs.c.learner == learner, runs.c.outcome.is_(None), sa.not_(runs.c.stop_requested))
    count = connection.execute(sa.select(sa.func.count()).where(*mine)).scalar_one()
    if count >= MOST_UNFINISHED_RUNS:
        raise TooManyRuns(
            "You have {count} unfinished runs, as many as one learner may have. Wait until some are done, or "
            "stop some.",
            count=count,
        )


def _unfinished(connection: Connection) -> list[Unfinished]:
    """All runs that wait or train."""
    runs = tables.runs
    columns = (
        runs.c.id,
        runs.c.learner,
        runs.c.queued,
        runs.c.settings,
        runs.c.epochs,
        runs.c.steps_per_epoch,
        runs.c.step,
        runs.c.seconds,
        runs.c.outcome,
        runs.c.stop_requested,
        runs.c.lease_until,
    )
    rows = connection.execute(sa.select(*columns, now().label("now")).where(runs.c.outcome.is_(None)))
    return [_as_unfinished(row) for row in rows if derive_status(row) != "stopped"]


def _as_unfinished(row: Any) -> Unfinished:
    return Unfinished(
        id=row.id,
        learner=row.learner,
        queued=row.queued,
        is_running=derive_status(row) != "waiting",
        steps_left=max(0, row.epochs * row.steps_per_epoch - row.step),
        kind=_kind(row.settings),
        seconds_per_step=row.seconds / row.step if row.step else None,
    )


def _kind(settings: str) -> object:
    read = read_settings(settings)
    return read.network, read.training.batch_size


def _positions(connection: Connection) -> dict[str, int]:
    order = turns.fair_order(_unfinished(connection), _last_starts(connection))
    return {run.id: place for place, run in enumerate(order, start=1)}


def _last_starts(connection: Connection) -> dict[str, float]:
    """Learners who have unfinished runs → when a run of theirs was last started."""
    runs = tables.runs
    waiting = sa.select(runs.c.learner).where(runs.c.outcome.is_(None))
    wanted = (
        sa.select(runs.c.learner, sa.func.max(runs.c.claimed))
        .where(runs.c.learner.in_(waiting), runs.c.claimed.is_not(None))
        .group_by(runs.c.learner)
    )
    return {row[0]: row[1] for row in connection.execute(wanted)}


def _speeds(connection: Connection) -> list[tuple[object, float]]:
    """Kind and seconds per step of the runs that were started last."""
    runs = tables.runs
    wanted = (
        sa.select(runs.c.settings, runs.c.seconds, runs.c.step)
        .where(runs.c.step > 0)
        .order_by(runs.c.claimed.desc())
        .limit(40)
    )
    return [(_kind(row.settings), row.seconds / row.step) for row in connection.execute(wanted)]


def _layer_rows(step: int, epoch: float, data: bytes) -> NDArray[np.float64]:
    measures = np.frombuffer(data, "<f4").reshape(len(LAYER_MEASURES), -1).astype(float)
    count = measures.shape[1]
    place = [np.full(count, float(step)), np.full(count, epoch), np.arange(1.0, count + 1)]
    return np.column_stack([*place, *measures])
