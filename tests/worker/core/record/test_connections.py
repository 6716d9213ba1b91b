"""Connections to a server break: it is reached again, or said by name, and nothing is half done."""

import psycopg
import pytest
import sqlalchemy as sa
from record_lab import SETTINGS

from core.record import database, tables
from core.record.database import DatabaseLocked, DatabaseUnreachable
from core.record.store import Store


def break_connections(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )


def test_a_server_that_drops_its_connections_is_reached_again(empty_postgres_url: str) -> None:
    lab = Store(empty_postgres_url)
    run_id = lab.runs.create("anna", SETTINGS)
    break_connections(empty_postgres_url)
    assert lab.runs.get(run_id).status == "waiting"
    lab.close()


def test_a_connection_that_breaks_is_named_and_nothing_is_half_done(
    empty_postgres_url: str,
) -> None:
    lab = Store(empty_postgres_url)
    run_id = lab.runs.create("anna", SETTINGS)

    def write() -> None:
        with lab.database.writing() as writing:
            writing.execute(sa.update(tables.runs).values(note="half-way"))
            break_connections(empty_postgres_url)
            writing.execute(sa.update(tables.runs).values(note="done"))

    with pytest.raises(DatabaseUnreachable):
        write()
    assert lab.runs.get(run_id, learner="anna").note == ""
    lab.close()


def test_nobody_waits_for_a_lock_for_ever(empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    lab = Store(empty_postgres_url)
    run_id = lab.runs.create("anna", SETTINGS)
    with lab.database.writing() as holder:
        holder.execute(sa.update(tables.runs).values(note="held"))
        with pytest.raises(DatabaseLocked):
            lab.runs.change(run_id, learner="anna", note="mine")
    lab.runs.change(run_id, learner="anna", note="mine")
    assert lab.runs.get(run_id, learner="anna").note == "mine"
    lab.close()
