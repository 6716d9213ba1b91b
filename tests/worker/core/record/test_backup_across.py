"""A lab moves from a file to a server and back, with every curve, weight and drawing."""

from pathlib import Path

import numpy as np
import sqlalchemy as sa
from record_lab import KEPT

from core.record import tables
from core.record.backup import backup, restore
from core.record.store import Store


def everything(store: Store) -> dict[str, list[str]]:
    """All rows of all tables but what says who trains just now."""
    with store.database.reading() as connection:
        return {
            table.name: sorted(
                repr(tuple(row))
                for row in connection.execute(
                    sa.select(*(column for column in table.c if column.name not in ("token", "lease_until")))
                )
            )
            for table in tables.metadata.sorted_tables
        }


def test_from_a_file_to_a_server_and_back(empty_postgres_url: str, tmp_path: Path) -> None:
    file, server, back = (
        Store(url)
        for url in (f"sqlite:///{tmp_path}/a.sqlite", empty_postgres_url, f"sqlite:///{tmp_path}/b.sqlite")
    )
    restore(file.database, KEPT)
    backup(file.database, tmp_path / "first")
    restore(server.database, tmp_path / "first")
    assert everything(server) == everything(file)
    backup(server.database, tmp_path / "second")
    restore(back.database, tmp_path / "second")
    assert everything(back) == everything(file)
    given = server.drawings.give("anna", np.zeros((28, 28), np.uint8), 1)
    assert given > max(drawing.id for drawing in file.drawings.all())
    for store in (file, server, back):
        store.close()
