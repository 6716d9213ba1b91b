"""The runs: what was asked for, how they are kept, and what learners may do with them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core import limits
from core.drawing.our_handwriting import pack
from core.errors import N_, shown
from core.record import branches, line, pieces, rights, tables, trajectories
from core.record.checks import InvalidRecord, check_text
from core.record.curves import MOST_AT_ONCE
from core.record.database import Database, now
from core.record.drawings import Drawings
from core.record.ids import new_id
from core.record.rights import NOBODY, Action
from core.record.shown import shown_figure, shown_step
from core.runs.origin import Kind, Origin
from core.runs.roll import Entry
from core.runs.run import (
    UNREADABLE,
    Run,
    TooManyRuns,
    UnknownRun,
    UnreadableRun,
    derive_status,
    from_row,
    read_settings,
)
from core.settings import MAXIMUM_EPOCHS, Settings

SAME_CLICK = 2.0
"""Seconds within which the same order again is the same click: pressed twice, or sent twice."""


class Runs:
    """All runs. Whoever knows a run's id may see it; lists are each learner's own."""

    def __init__(self, database: Database, drawings: Drawings) -> None:
        self._database = database
        self._drawings = drawings

    def create(
        self,
        learner: str,
        settings: Settings,
        *,
        name: str | None = None,
        origin: Origin | None = None,
        epochs: int | None = None,
    ) -> str:
        """Put a new run into the queue and return its id.

        It shares what is trained with all runs of the same experiment (``core.runs.identity``): it begins
        with the curve so far, and ends at once where its last weights are there already.

        Args:
            name: what the learner calls it, if anything.
            origin: what starts it, such as a sweep. A branch begins with what its run has recorded.
            epochs: how many are wanted; None takes it from the settings.

        Raises TooManyRuns, InvalidRecord.
        """
        check_text("learner", learner, 64)
        check_text("name", name or "", limits.LONGEST_NAME)
        run_id = new_id()
        drawings = self._drawings.all() if settings.data.handwriting else []
        packed = pack(drawings) if drawings else None
        with self._database.writing() as connection:
            _check_room(connection, learner)
            moment = _next_moment(connection)
            parent = branches.parent(connection, origin.id) if origin and origin.kind == "branch" else None
            packed = parent.drawings if parent else packed
            trajectory = trajectories.join(connection, run_id, settings, packed)
            if parent:
                trajectory = branches.take_over(connection, trajectory, parent, settings)
            wanted = epochs or settings.training.epochs
            connection.execute(
                sa.insert(tables.runs).values(
                    id=run_id,
                    learner=learner,
                    created=moment,
                    queued=moment,
                    settings=settings.to_json(),
                    trajectory_id=trajectory.id,
                    name=name or None,
                    group=str(origin) if origin else None,
                    **trajectories.standing(connection, trajectory, settings, wanted),
                )
            )
        return run_id

    def twin(self, learner: str, settings: Settings, kind: Kind | None = None) -> Run | None:
        """This learner's run of this very experiment that a click has just started, or that is unfinished.

        A second one would be the same run: the same settings and seed give the same weights.

        Args:
            kind: what started it, such as a duel; None for Train.
        """
        given = {"learner": learner, "settings": settings.to_json(), "same_click": SAME_CLICK}
        with self._database.reading() as connection:
            run_id = connection.execute(_select_twin(kind), given).scalar_one_or_none()
        return None if run_id is None else self.get(run_id, learner=learner)

    def get(self, run_id: str, *, learner: str = NOBODY) -> Run:
        """One run as it stands now. Raises UnknownRun, of an unreadable one UnreadableRun.

        Args:
            learner: who asks; only its owner sees how a run is kept (``Run.for_visitors``).
        """
        with self._database.reading() as connection:
            row = connection.execute(_select_run(), {"run": run_id}).one_or_none()
            if row is None:
                raise _unknown(run_id)
            waits = derive_status(row) == "waiting"
            run = from_row(row, line.places(connection).get(row.trajectory_id) if waits else None)
        return run if rights.may("note", run.learner, learner) else run.for_visitors()

    def some(self, run_ids: Collection[str]) -> dict[str, Run]:
        """Those of these runs that there are and can be read, as visitors see them; without their places.

        For who only follows what moves: places in the queue are one for all in ``Queue.outlook``.
        """
        wanted, found = list(run_ids), []
        with self._database.reading() as connection:
            for first in range(0, len(wanted), MOST_AT_ONCE):
                those = tables.runs.c.id.in_(wanted[first : first + MOST_AT_ONCE])
                found += [_read(row) for row in connection.execute(_select_runs().where(those))]
        return {run.id: run.for_visitors() for run in found if isinstance(run, Run)}

    def of(self, learner: str, *, hidden: bool = False) -> list[Run]:
        """A learner's runs, newest first, with the hidden ones on request; without unreadable ones."""
        return [run for run in self.all_of(learner) if isinstance(run, Run) and (hidden or not run.hidden)]

    def all_of(self, learner: str) -> list[Run | UnreadableRun]:
        """All of a learner's runs, newest first; for each that cannot be read a sentence."""
        with self._database.reading() as connection:
            rows = connection.execute(_select_runs_of(), {"learner": learner}).all()
            places = line.places(connection) if any(row.outcome is None for row in rows) else {}
        return [_read(row, places.get(row.trajectory_id)) for row in rows]

    def roll(self, learner: str) -> list[Entry]:
        """All of a learner's runs, hidden ones too, oldest first, without unreadable ones.

        It tells nothing of how a run is kept or how far it came, and costs a tenth of ``of``.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_select_roll(), {"learner": learner}).all()
        return [entry for row in rows if (entry := _entry(row)) is not None]

    def stop(self, run_id: str, *, learner: str) -> None:
        """Ask a run to stop; one that waits stops at once, one that ended stays as it is.

        While others want more of the same experiment, a run stops at once, at its last whole epoch.

        Args:
            learner: who asks.

        Raises UnknownRun, NotYourRun.
        """
        with self._database.writing() as connection:
            trajectory, run = _held(connection, run_id, learner)
            if run.outcome is None and not pieces.stop(connection, trajectory, run, trains=run.trains):
                trajectories.change_run(connection, run_id, {"stop_requested": True})

    def extend(self, run_id: str, epochs: int, *, learner: str) -> None:
        """Let a stopped, finished, diverged or failed run go on until it has ``epochs`` epochs in all.

        Whoever asks may have seen less than there is: fewer than it has done, or than it is on its way to,
        changes nothing about how far it goes.

        Args:
            learner: who asks.

        Raises UnknownRun, NotYourRun, TooManyRuns, InvalidRecord.
        """
        if not isinstance(epochs, int) or isinstance(epochs, bool) or not 1 <= epochs <= MAXIMUM_EPOCHS:
            raise InvalidRecord(
                N_("epochs is {value}. Expected a whole number from 1 to {limit}."),
                value=epochs,
                limit=MAXIMUM_EPOCHS,
            )
        with self._database.writing() as connection:
            trajectory, row = _held(connection, run_id, learner)
            done = row.step // trajectory.steps_per_epoch
            changes: dict[str, Any] = {"stop_requested": False}
            if row.outcome is not None or row.stop_requested:
                _check_room(connection, row.learner)
                changes["queued"] = _next_moment(connection)
                wanted = max(epochs, done)
            else:
                wanted = max(epochs, row.epochs)
            trajectories.change(connection, trajectory.id, attempts=0, message=None, diverged=None)
            trajectory = trajectories.locked(connection, trajectory.id)  # as it is now
            changes |= trajectories.standing(
                connection, trajectory, read_settings(row.settings), wanted, done
            )
            trajectories.change_run(connection, run_id, changes)

    def change(
        self,
        run_id: str,
        *,
        learner: str,
        name: str | None = None,
        note: str | None = None,
        starred: bool | None = None,
        hidden: bool | None = None,
    ) -> None:
        """Change how a run is kept; None leaves a thing as it is, an empty name takes the name away.

        Args:
            learner: who asks.

        Raises UnknownRun, NotYourRun, InvalidRecord.
        """
        check_text("name", name or "", limits.LONGEST_NAME)
        check_text("note", note or "", limits.LONGEST_NOTE)
        given = {"name": name, "note": note, "starred": starred, "hidden": hidden}
        changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        if name is not None and not name.strip():
            changes["name"] = None
        with self._database.writing() as connection:
            for action in {_action(key) for key in changes} or {_action("name")}:
                check_allowed(connection, action, run_id, learner)
            if changes:
                connection.execute(sa.update(tables.runs).where(tables.runs.c.id == run_id).values(**changes))

    def drawings(self, run_id: str) -> bytes:
        """The class's drawings that joined this run's training part: an .npz file of images and labels.

        Raises UnknownRun.
        """
        runs, table = tables.runs, tables.trajectories
        wanted = sa.select(table.c.drawings).join(runs, runs.c.trajectory_id == table.c.id)
        with self._database.reading() as connection:
            row = connection.execute(wanted.where(runs.c.id == run_id)).one_or_none()
        if row is None:
            raise _unknown(run_id)
        return row.drawings or pack([])


@cache  # a page's rerun asks several times, and building a statement costs more than running it
def _select_run() -> sa.Select[Any]:
    return _select_runs().where(tables.runs.c.id == sa.bindparam("run"))


@cache
def _select_runs_of() -> sa.Select[Any]:
    mine = _select_runs().where(tables.runs.c.learner == sa.bindparam("learner"))
    return mine.order_by(tables.runs.c.created.desc())


@cache
def _select_roll() -> sa.Select[Any]:
    runs = tables.runs
    columns = (runs.c.id, runs.c.name, runs.c.settings, runs.c.epochs, runs.c.group)
    return sa.select(*columns).where(runs.c.learner == sa.bindparam("learner")).order_by(runs.c.created)


@cache  # of as many as there are kinds
def _select_twin(kind: Kind | None) -> sa.Select[Any]:
    runs = tables.runs
    fresh = sa.or_(
        sa.and_(runs.c.outcome.is_(None), sa.not_(runs.c.stop_requested)),
        runs.c.created > now() - sa.bindparam("same_click", type_=sa.Float),
    )
    alike = (runs.c.learner == sa.bindparam("learner"), runs.c.settings == sa.bindparam("settings"), fresh)
    started = runs.c.group.is_(None) if kind is None else runs.c.group.startswith(f"{kind}:")
    return sa.select(runs.c.id).where(*alike, started).order_by(runs.c.created.desc()).limit(1)


@cache
def _select_runs() -> sa.Select[Any]:
    """Runs with what they share; what a run has not for itself yet is its trajectory's."""
    runs, table = tables.runs, tables.trajectories
    moving, measured = ("step", "seconds"), ("val_loss", "val_accuracy")
    own = [column for column in runs.c if column.name not in (*moving, *measured, "message")]
    shared = (table.c[name] for name in ("steps_per_epoch", "normalization", "arithmetic"))
    return sa.select(
        *own,
        *shared,
        *(_so_far(name).label(name) for name in moving),
        *(sa.func.coalesce(shown_figure(name), _so_far(name)).label(name) for name in measured),
        sa.case((runs.c.outcome.is_(None), table.c.message), else_=runs.c.message).label("message"),
        sa.and_(runs.c.outcome.is_(None), runs.c.step.is_not(None)).label("again"),
        _together().label("together"),
        shown_step().label("shown_step"),
        line.is_held().label("trains"),
    ).join(table, table.c.id == runs.c.trajectory_id)


def _so_far(name: str) -> sa.ColumnElement[Any]:
    """A figure of a run: its own, or its trajectory's as long as it moves with it."""
    runs, table = tables.runs, tables.trajectories
    return sa.case((runs.c.step.is_(None), table.c[name]), else_=runs.c[name])


def _together() -> sa.ScalarSelect[int]:
    """How many learners want what a run wants, it included; once it has ended, how many wanted it."""
    runs, others = tables.runs, tables.runs.alias()
    count = sa.select(sa.func.count(others.c.learner.distinct()))
    alike = sa.or_(runs.c.outcome.is_not(None), others.c.outcome.is_(None))
    same = count.where(others.c.trajectory_id == runs.c.trajectory_id, alike)
    return same.correlate(runs).scalar_subquery()


def _read(row: Any, position: int | None = None) -> Run | UnreadableRun:
    try:
        return from_row(row, position)
    except UnreadableRun as error:
        return error


def _entry(row: Any) -> Entry | None:
    try:
        origin = Origin.read(row.group) if row.group else None
        return Entry(row.id, row.name, read_settings(row.settings), row.epochs, origin)
    except UNREADABLE:
        return None


def _unknown(run_id: str) -> UnknownRun:
    return UnknownRun(N_("There is no run {run}. Check the link, or train a new one."), run=shown(run_id))


def check_known(connection: Connection, run_id: str) -> Any:
    """What is known of a run: learner, settings, epochs, outcome, stop_requested, its trajectory's id, its
    step, that of the weights it shows, and whether it trains. Raises UnknownRun.
    """
    runs, table = tables.runs, tables.trajectories
    columns = ("id", "learner", "settings", "epochs", "outcome", "stop_requested", "trajectory_id")
    step = sa.func.coalesce(runs.c.step, table.c.step).label("step")
    trains = line.is_held().label("trains")
    shown = sa.func.coalesce(shown_step(), step).label("shown")
    known = sa.select(*(runs.c[name] for name in columns), step, shown, trains)
    row = connection.execute(
        known.join(table, table.c.id == runs.c.trajectory_id).where(runs.c.id == run_id)
    ).one_or_none()
    if row is None:
        raise _unknown(run_id)
    return row


def check_allowed(connection: Connection, action: Action, run_id: str, learner: str) -> Any:
    """``check_known``, if ``learner`` may do this with the run. Raises UnknownRun, NotYourRun."""
    row = check_known(connection, run_id)
    rights.check(action, run_id, row.learner, learner)
    return row


def _held(connection: Connection, run_id: str, learner: str) -> tuple[Any, Any]:
    """``trajectories.locked`` and ``check_known`` of a run that a learner steers: nobody changes either now.

    Both may have changed while another held the trajectory, and the run may have moved to another one.
    Raises UnknownRun, NotYourRun.
    """
    run = check_allowed(connection, "steer", run_id, learner)
    while True:
        trajectory = trajectories.locked(connection, run.trajectory_id)
        run = check_known(connection, run_id)
        if trajectory is not None and trajectory.id == run.trajectory_id:
            return trajectory, run


def _action(column: str) -> Action:
    """What somebody does who changes this column of how a run is kept."""
    return "note" if column == "note" else "rename"


def _next_moment(connection: Connection) -> float:
    """Now, but after every moment given before: clocks may be too coarse to tell who came first."""
    latest = sa.select(sa.func.max(tables.runs.c.queued)).scalar_subquery()
    clock, last = connection.execute(sa.select(now(), latest)).one()
    return max(float(clock), float(last or 0.0) + 1e-6)


def _check_room(connection: Connection, learner: str) -> None:
    runs = tables.runs
    unfinished = (runs.c.outcome.is_(None), sa.not_(runs.c.stop_requested))
    is_mine = sa.case((runs.c.learner == learner, 1))
    wanted = sa.select(sa.func.count(is_mine), sa.func.count(runs.c.id)).where(*unfinished)
    mine, count = connection.execute(wanted).one()
    if mine >= limits.MOST_UNFINISHED_RUNS:
        raise TooManyRuns(
            N_(
                "You have {count} unfinished runs, as many as one learner may have. Wait until some "
                "are done, or stop some."
            ),
            count=mine,
        )
    if count >= (limits.MOST_UNFINISHED_IN_ALL if mine else limits.MOST_FIRST_RUNS):
        raise TooManyRuns(
            N_(
                "{count} runs of all learners are unfinished, as many as the lab takes on. Wait until some "
                "are done."
            ),
            count=count,
        )
