"""With which arithmetic a run was trained; nothing is known of runs from before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a column, empty."""
    op.add_column("runs", sa.Column("arithmetic", sa.Text()))
