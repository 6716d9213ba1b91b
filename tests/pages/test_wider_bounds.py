"""A run that a lab with wider bounds kept is shown; what may not be trained today is not offered."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from page_lab import Lab

from core.record import tables
from core.settings import DEFAULT


def keep(lab: Lab, run: str, part: str, name: str, value: Any) -> None:
    """Give a run a setting as nobody but another version of the lab would."""
    tree = json.loads(DEFAULT.to_json())
    tree[part][name] = value
    with lab.store.database.writing() as connection:
        for table in (tables.runs, tables.trajectories):
            if "settings" in table.c:
                found = sa.update(table).where(table.c.id == run)
                connection.execute(found.values(settings=json.dumps(tree)))


@pytest.mark.parametrize(
    ("page", "part", "name", "value"),
    [("compare", "training", "batch_size", 8_192), ("train", "network", "dropout", 0.99)],
)
def test_it_is_shown_alone_and_beside_others(page: str, part: str, name: str, value: Any, lab: Lab) -> None:
    run = lab.trained(epochs=3)
    lab.trained(DEFAULT.change(activation="tanh"))
    keep(lab, run, part, name, value)
    app = lab.open(page, run=run)
    assert not app.error
    assert not app.exception
