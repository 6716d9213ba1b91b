"""What a network answers to a few validation digits is kept with each point of its curve, from now on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; points that are there have no answers."""
    op.add_column("points", sa.Column("answers", sa.LargeBinary))
