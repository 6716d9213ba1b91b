"""Whose weights a run shows: its last ones, or those of its best epoch where it keeps the best."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.record import tables
from core.runs.best import ends_early
from core.settings import Settings

KEEPS_BEST = tables.runs.c.settings.contains('"keep_best": true', autoescape=True)
"""In SQL, of what ``Settings.to_json`` wrote: runs without it cost nothing."""


def best_step(*, kept: bool) -> sa.ScalarSelect[int]:
    """In SQL the step of a run's best epoch up to its end, as ``core.runs.best`` has it; NULL before any.

    Args:
        kept: only among epochs whose weights are kept.
    """
    runs, points, checkpoints = tables.runs, tables.points, tables.checkpoints
    until_its_end = sa.or_(runs.c.step.is_(None), points.c.step <= runs.c.step)
    found = _best(points.c.trajectory_id == runs.c.trajectory_id, until_its_end)
    if kept:
        same = (checkpoints.c.trajectory_id == points.c.trajectory_id, checkpoints.c.step == points.c.step)
        found = found.join(checkpoints, sa.and_(*same))
    return found.correlate(runs).scalar_subquery()


def best_of(connection: Connection, trajectory: str, target: int) -> int:
    """The step of the best epoch up to this one; this one where nothing was validated yet."""
    points = tables.points
    found = _best(points.c.trajectory_id == trajectory, points.c.step <= target)
    return int(connection.execute(found).scalar_one_or_none() or target)


def _best(*among: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The step of the epoch with the least validation loss among these points, the first of equal ones."""
    points = tables.points
    measured = (points.c.step > 0, points.c.val_loss.is_not(None))
    found = sa.select(points.c.step).where(*among, *measured)
    return found.order_by(points.c.val_loss, points.c.step).limit(1)


def shown_figure(name: str) -> sa.ColumnElement[float]:
    """In SQL what the weights that a run shows were validated with; NULL where they are its last ones."""
    points, runs = tables.points.alias(), tables.runs
    at = (points.c.trajectory_id == runs.c.trajectory_id, points.c.step == best_step(kept=True))
    figure = sa.select(points.c[name]).where(*at).correlate(runs).scalar_subquery()
    return sa.case((KEEPS_BEST, figure))


def shown_step() -> sa.ColumnElement[int]:
    """In SQL the step of the weights that a run shows; NULL where they are its last ones."""
    return sa.case((KEEPS_BEST, best_step(kept=True)))


def wanted_step(per_epoch: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """In SQL the step whose weights a run wants when its curve is known to its end."""
    last = tables.runs.c.epochs * per_epoch
    return sa.case((KEEPS_BEST, sa.func.coalesce(best_step(kept=False), last)), else_=last)


def last_epoch(
    connection: Connection, trajectory: str, settings: Settings, epochs: int, after: int = 0
) -> int:
    """The epoch at which a run ends that wants so many, by what is known of its curve.

    Args:
        after: how many epochs the run had when it was asked to go on.
    """
    patience = settings.training.patience
    if not patience:
        return epochs
    losses = connection.execute(_select_losses(), {"trajectory": trajectory}).scalars().all()
    return ends_early(losses[:epochs], patience, after) or epochs


@cache  # asked at each epoch's end of a run with patience
def _select_losses() -> sa.Select[Any]:
    points = tables.points
    mine = points.c.trajectory_id == sa.bindparam("trajectory")
    measured = (mine, points.c.step > 0, points.c.val_loss.is_not(None))
    return sa.select(points.c.val_loss).where(*measured).order_by(points.c.step)
