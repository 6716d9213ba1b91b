"""What one look at a page costs the database: it must not grow with a learner's runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT


@contextmanager
def statements(lab: Lab) -> Iterator[list[str]]:
    """Every SELECT sent to the database inside the block."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.extend([statement] * statement.startswith("SELECT"))

    engine = lab.store.database._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)


def reads_of_a_rerun(lab: Lab, app: AppTest) -> list[str]:
    app.run()  # curves of ended runs are read once and kept
    with statements(lab) as sent:
        app.run()
    assert not app.exception
    return sent


@pytest.mark.parametrize("page", ["compare", "exam", "train"])
def test_twenty_runs_are_read_with_as_many_statements_as_three(lab: Lab, page: str) -> None:
    for rate in range(1, 4):
        lab.store.looks.add(
            lab.trained(DEFAULT.change(train=1000, learning_rate=rate / 1000)),
            {"accuracy": 0.9},
            learner=LEARNER,
        )
    app = lab.open(page)
    few = reads_of_a_rerun(lab, app)
    for rate in range(4, 21):
        lab.store.looks.add(
            lab.trained(DEFAULT.change(train=1000, learning_rate=rate / 1000)),
            {"accuracy": 0.9},
            learner=LEARNER,
        )
    assert len(lab.store.runs.of(LEARNER)) == 20
    many = reads_of_a_rerun(lab, app)
    assert len(many) == len(few) <= 9, many
