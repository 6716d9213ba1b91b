"""What a group of runs was started by is written in one way: "duel:…" as "sweep:…", no longer "duel-…"."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

runs = sa.table("runs", sa.column("group", sa.String))
documents = sa.table("documents", sa.column("kind", sa.String))


def upgrade() -> None:
    """Rewrite duels' origins, and the kind under which what was predicted of them is kept."""
    connection = op.get_bind()
    for table, column in ((runs, runs.c.group), (documents, documents.c.kind)):
        written = sa.literal("duel:") + sa.func.substr(column, len("duel-") + 1)
        connection.execute(sa.update(table).where(column.startswith("duel-")).values({column: written}))
