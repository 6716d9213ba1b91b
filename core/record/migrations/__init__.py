"""From the tables of an older lab to today's, one numbered step after the other.

To change a table:

1. Change ``core/record/tables.py`` and raise its ``VERSION`` by one.
2. Write ``versions/vNNNN_what_changes.py`` with that number: ``revision = "NNNN"``, ``down_revision`` the
   number before it, and ``upgrade()``, in Alembic's operations. A step is frozen once it is on main: it
   imports nothing of the lab, whose code goes on changing, and it is never edited.
3. SQLite changes a column only by copying its table: use ``op.batch_alter_table``. Rows that point to the
   table stay, because no foreign key acts while tables change; they are checked before the commit.
4. ``tests/unit/core/record/test_migrations.py`` opens a database of commit 9489849, on SQLite and
   PostgreSQL, goes through every step, and compares the tables with those of an empty database.

There is no way back: whoever wants an older lab keeps a copy of the database.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Connection

FOLDER = Path(__file__).parent


def upgrade(connection: Connection, since: int, to: int) -> None:
    """Do the steps after ``since`` up to ``to``, in the transaction of this connection.

    Args:
        since: version of the tables as they are; 0 where there are none.
        to: version they shall have, at least ``since``.
    """
    # Alembic takes some tenths of a second to import, and is needed only here, once for each database.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(FOLDER))
    lower = f"{since:04}" if since else "base"
    steps = reversed(list(scripts.iterate_revisions(f"{to:04}", lower)))
    with Operations.context(MigrationContext.configure(connection)):
        for step in steps:
            step.module.upgrade()
