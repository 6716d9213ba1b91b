"""What was trained is kept apart from the runs that asked for it, so that several may share it.

Every run gets a trajectory of its own, with its id. Nobody else shares it: with which arithmetic the older of
them were trained is not known.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TRAINING = ("steps_per_epoch", "drawings", "token", "attempts", "worker", "task", "claimed", "lease_until")
PROGRESS = ("step", "seconds", "val_loss", "val_accuracy", "normalization", "arithmetic")
MEASURES = ("loss", "accuracy", "epoch_loss", "epoch_accuracy", "val_loss", "val_accuracy")


def upgrade() -> None:
    """Make a trajectory of each run, and hand it the run's curve and weights."""
    op.create_table("trajectories", *_trajectory_columns())
    op.create_index("ix_trajectories_identity", "trajectories", ["identity"], unique=True)
    columns = ", ".join(("settings", *TRAINING, *PROGRESS))
    op.execute(
        f"INSERT INTO trajectories (id, charged, message, {columns}) SELECT id, learner, "
        f"CASE WHEN outcome IS NULL THEN message END, {columns} FROM runs"
    )
    _change_runs()
    measures = (sa.Column(name, sa.Double) for name in MEASURES)
    epoch = sa.Column("epoch", sa.Double, nullable=False)
    _hand_over("points", epoch, _seconds(), *measures, sa.Column("layers", sa.LargeBinary))
    _hand_over("snapshots", _data())
    _hand_over("checkpoints", _seconds(), _data())


def _seconds() -> sa.Column[Any]:
    return sa.Column("seconds", sa.Double, nullable=False)


def _data() -> sa.Column[Any]:
    return sa.Column("data", sa.LargeBinary, nullable=False)


def _trajectory_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("identity", sa.String(64)),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("steps_per_epoch", sa.Integer, nullable=False),
        sa.Column("drawings", sa.LargeBinary),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
        sa.Column("task", sa.String(64)),
        sa.Column("charged", sa.String(64)),
        sa.Column("claimed", sa.Double),
        sa.Column("lease_until", sa.Double),
        sa.Column("message", sa.Text),
        sa.Column("diverged", sa.Text),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("val_loss", sa.Double),
        sa.Column("val_accuracy", sa.Double),
        sa.Column("normalization", sa.Text),
        sa.Column("arithmetic", sa.Text),
    ]


def _change_runs() -> None:
    """Take from runs what trajectories have now; those that go on move with theirs."""
    op.add_column("runs", sa.Column("trajectory_id", sa.String(32)))
    op.execute("UPDATE runs SET trajectory_id = id")
    with op.batch_alter_table("runs") as table:
        table.alter_column("trajectory_id", existing_type=sa.String(32), nullable=False)
        table.create_foreign_key("runs_trajectory_id_fkey", "trajectories", ["trajectory_id"], ["id"])
        table.alter_column("step", existing_type=sa.Integer(), nullable=True)
        table.alter_column("seconds", existing_type=sa.Double(), nullable=True)
        for column in (*TRAINING, "normalization", "arithmetic"):
            table.drop_column(column)
    op.create_index("ix_runs_trajectory_id", "runs", ["trajectory_id"])
    going_on = "step = NULL, seconds = NULL, val_loss = NULL, val_accuracy = NULL, message = NULL"
    op.execute(f"UPDATE runs SET {going_on} WHERE outcome IS NULL")


def _hand_over(name: str, *columns: sa.Column[Any]) -> None:
    """Copy a table whose rows belonged to runs into one whose rows belong to trajectories."""
    owner = sa.ForeignKey("trajectories.id", ondelete="CASCADE")
    op.create_table(
        f"new_{name}",
        sa.Column("trajectory_id", sa.String(32), owner, primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True),
        *columns,
    )
    names = ", ".join(("step", *(column.name for column in columns)))
    op.execute(f"INSERT INTO new_{name} (trajectory_id, {names}) SELECT run_id, {names} FROM {name}")
    op.drop_table(name)
    op.rename_table(f"new_{name}", name)
