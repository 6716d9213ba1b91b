"""A learner is kept as the SHA-256 of their browser's cookie, no longer as the cookie itself.

The cookie goes on working: what it hashes to is the learner whose rows these are.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = [sa.table(name, sa.column("learner", sa.String)) for name in ("runs", "documents", "drawings")]


def upgrade() -> None:
    """Rewrite the learner of every row; what stood there before is overwritten in the file, too."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # else the cookies stay in unused pages
    for table in TABLES:
        cookies = connection.execute(sa.select(table.c.learner).distinct()).scalars().all()
        for cookie in cookies:
            learner = hashlib.sha256(cookie.encode()).hexdigest()
            connection.execute(sa.update(table).where(table.c.learner == cookie).values(learner=learner))
