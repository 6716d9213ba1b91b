"""A run has a name only if its learner chose one; all others are named when they are shown.

Names used to be made in English when a run was created, and were kept. A kept name that is the one that was
made for the run's settings is taken for such; every other name stays.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

runs = sa.table(
    "runs", sa.column("id", sa.String), sa.column("name", sa.Text), sa.column("settings", sa.Text)
)


def upgrade() -> None:
    """Let names be NULL, and make those NULL that no learner chose."""
    with op.batch_alter_table("runs") as table:
        table.alter_column("name", existing_type=sa.Text(), nullable=True)
    connection = op.get_bind()
    rows = connection.execute(sa.select(runs)).all()
    unchosen = [{"run": row.id} for row in rows if row.name == made_name(json.loads(row.settings))]
    if unchosen:
        forget = sa.update(runs).where(runs.c.id == sa.bindparam("run")).values(name=None)
        connection.execute(forget, unchosen)


ACTIVATIONS = {"relu": "ReLU", "leaky-relu": "leaky ReLU", "elu": "ELU", "gelu": "GELU", "selu": "SELU"}
OPTIMIZERS = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam", "nadam": "Nadam"}


def made_name(settings: dict[str, Any]) -> str:
    """The name that commit 9489849 made from settings: "300-100 ReLU, z-score, SGD 0.01"."""
    data, network, training = settings["data"], settings["network"], settings["training"]
    parts = [
        *_of_network(network),
        "no normalisation" if data["normalization"] == "none" else data["normalization"],
    ]
    parts.append(
        f"{OPTIMIZERS.get(training['optimizer'], training['optimizer'])} {training['learning_rate']:g}"
    )
    if training["loss"] == "squared-error":
        parts.append("squared error")
    if training["batch_size"] != 32:
        parts.append(f"batch {training['batch_size']}")
    if training["gradient_clipping"]:
        parts.append(f"clipping {training['gradient_clipping']:g}")
    if data["train"] != 55_000:
        parts.append(f"{data['train']:,} images")
    if training["seed"] != 0:
        parts.append(f"seed {training['seed']}")
    return ", ".join(parts)


def _of_network(network: dict[str, Any]) -> list[str]:
    hidden = network["hidden"]
    if not hidden:
        parts = ["softmax"]
    else:
        activation = ACTIVATIONS.get(network["activation"], network["activation"])
        parts = [f"{_shape(hidden)} {activation}"]
        if network["initializer"] != "glorot":
            parts.append(f"{network['initializer']} init")
    if network["batch_normalization"]:
        parts.append("batch norm")
    if network["residual"]:
        parts.append("skip")
    return parts


def _shape(hidden: list[int]) -> str:
    if len(hidden) > 2 and len(set(hidden)) == 1:
        return f"{len(hidden)} × {hidden[0]}"
    return "-".join(map(str, hidden))
