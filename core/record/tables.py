"""The tables in which everything that must last is kept."""

from __future__ import annotations

import sqlalchemy as sa

VERSION = 8
"""Of these tables. An older database is brought here when it is opened, step by step (``migrations``)."""

metadata = sa.MetaData()

versions = sa.Table("digit_lab", metadata, sa.Column("version", sa.Integer, primary_key=True))

trajectories = sa.Table(
    "trajectories",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # that of the run that began it, or a new one
    # What is trained. NULL: shared by nobody who does not share it yet, because its bits are its own
    sa.Column("identity", sa.String(64), unique=True, index=True),  # core.runs.identity
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("steps_per_epoch", sa.Integer, nullable=False),
    sa.Column("drawings", sa.LargeBinary),  # the class's own, as they were when it was begun
    # Who trains it, and for whom that counts
    sa.Column("token", sa.Integer, nullable=False, default=0),  # counts the claims
    sa.Column("attempts", sa.Integer, nullable=False, default=0),  # claims since the last checkpoint
    sa.Column("worker", sa.Text),
    sa.Column("task", sa.String(64)),
    sa.Column("charged", sa.String(64)),  # the learner for whom the last turn was
    sa.Column("claimed", sa.Double),
    sa.Column("lease_until", sa.Double),
    sa.Column("message", sa.Text),  # what holds it up
    sa.Column("diverged", sa.Text),  # how it ended, if it did: whoever goes on meets the same
    # How far it came
    sa.Column("step", sa.Integer, nullable=False, default=0),
    sa.Column("seconds", sa.Double, nullable=False, default=0.0),
    sa.Column("val_loss", sa.Double),
    sa.Column("val_accuracy", sa.Double),
    sa.Column("normalization", sa.Text),
    sa.Column("arithmetic", sa.Text),  # core.runs.arithmetic.write_history
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    # What the learner asked for
    sa.Column("learner", sa.String(64), nullable=False, index=True),  # the SHA-256 of a cookie, as below
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("epochs", sa.Integer, nullable=False),
    sa.Column("trajectory_id", sa.ForeignKey("trajectories.id"), nullable=False, index=True),
    # How the learner keeps it
    sa.Column("name", sa.Text),  # NULL unless the learner chose one
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("starred", sa.Boolean, nullable=False, default=False),
    sa.Column("hidden", sa.Boolean, nullable=False, default=False),
    sa.Column("group", sa.String(64)),  # core.runs.origin.Origin
    # Where it stands
    sa.Column("queued", sa.Double, nullable=False),
    sa.Column("stop_requested", sa.Boolean, nullable=False, default=False),
    sa.Column("outcome", sa.String(16), index=True),  # NULL until it ends
    sa.Column("message", sa.Text),  # why it ended so
    # How far it came, once that is said: NULL while it moves with its trajectory
    sa.Column("step", sa.Integer),
    sa.Column("seconds", sa.Double),
    sa.Column("val_loss", sa.Double),
    sa.Column("val_accuracy", sa.Double),
    sa.Column("best_val_accuracy", sa.Double),  # of older labs; the curve tells the best, with its epoch
)


def _of_trajectory() -> sa.Column[str]:
    return sa.Column("trajectory_id", sa.ForeignKey("trajectories.id", ondelete="CASCADE"), primary_key=True)


points = sa.Table(
    "points",
    metadata,
    _of_trajectory(),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("epoch", sa.Double, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("loss", sa.Double),
    sa.Column("accuracy", sa.Double),
    sa.Column("epoch_loss", sa.Double),
    sa.Column("epoch_accuracy", sa.Double),
    sa.Column("val_loss", sa.Double),
    sa.Column("val_accuracy", sa.Double),
    sa.Column("layers", sa.LargeBinary),  # core.runs.packed.pack_measures
    sa.Column("answers", sa.LargeBinary),  # to the witnesses; NULL in older labs' points
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    _of_trajectory(),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("histogram", sa.LargeBinary, nullable=False),
    sa.Column("pictures", sa.LargeBinary),  # NULL: gone with the weights they show
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    _of_trajectory(),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

looks = sa.Table(
    "looks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("evaluation", sa.Text, nullable=False),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("learner", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(64), primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)

drawings = sa.Table(
    "drawings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("learner", sa.String(64), nullable=False, index=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("label", sa.Integer, nullable=False),
    sa.Column("image", sa.LargeBinary, nullable=False),  # uint8 (28, 28)
    sa.Column("strokes", sa.Text, nullable=False),
)
