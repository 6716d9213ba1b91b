"""A thousand runs of one's own: pages stay quick, and every run can be found."""

import time
from typing import Any

import pytest
import sqlalchemy as sa
from page_lab import LEARNER, Lab
from streamlit.testing.v1 import AppTest

from core.record import tables
from core.record.store import Store
from core.settings import DEFAULT
from dashboard.app_pages.compare.run_search import PAGE_SIZE

MANY = 1_000
QUICK = 0.2
"""Seconds of computing in which a page with so many runs is drawn again."""


def copy(store: Store, run_id: str, count: int) -> None:
    """Older copies of a trained run, with its curve: twenty settings, fifty seeds each."""
    with store.database.writing() as connection:
        run = _rows(connection, tables.runs)[0]
        trained = _rows(connection, tables.trajectories)[0] | {"identity": None}
        curve = _rows(connection, tables.points)
        runs, trajectories, points = [], [], []
        for number in range(count):
            rate, seed = 0.01 * (1 + number // 50), number % 50
            settings = DEFAULT.change(seed=seed, learning_rate=rate, epochs=2).to_json()
            created = run["created"] - number - 1
            other = {"id": f"copy{number:05}", "settings": settings}
            moments = {"created": created, "queued": created, "trajectory_id": other["id"]}
            runs.append(run | other | moments)
            trajectories.append(trained | other)
            points += [point | {"trajectory_id": other["id"]} for point in curve]
        connection.execute(sa.insert(tables.trajectories), trajectories)
        connection.execute(sa.insert(tables.runs), runs)
        connection.execute(sa.insert(tables.points), points)
    assert run["id"] == run_id


def _rows(connection: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


@pytest.fixture
def crowded(lab: Lab) -> Lab:
    """A lab in which this browser has a thousand trained runs."""
    copy(lab.store, lab.trained(epochs=2), MANY - 1)
    return lab


def listed(app: AppTest) -> list[str]:
    """Ids of the runs in the table on Compare."""
    return [str(run_id) for run_id in app.dataframe[0].value.index]


@pytest.mark.parametrize("page", ["compare", "exam", "train", "draw"])
def test_a_page_is_drawn_again_quickly(crowded: Lab, page: str) -> None:
    app = crowded.open(page)
    assert not app.exception
    took = []
    for _rerun in range(4):
        began = time.process_time()
        app.run()
        took.append(time.process_time() - began)
    assert min(took) < QUICK


def test_the_table_turns_its_pages_and_keeps_what_is_on_the_chart(crowded: Lab) -> None:
    app = crowded.open("compare")
    newest = listed(app)
    assert len(newest) == PAGE_SIZE
    app.button(key="compare-page-:material/chevron_right:").click().run()
    older = listed(app)
    assert newest[:2] == older[:2]  # on the chart at first
    assert not set(newest[2:]) & set(older)
    assert len(older) == PAGE_SIZE + 2
    assert any("51 to 100 of 1,000" in text.value for text in app.markdown)


def test_an_old_run_is_found_by_its_words(crowded: Lab) -> None:
    crowded.store.runs.change("copy00998", learner=LEARNER, name="my very first")
    app = crowded.open("compare")
    assert "copy00998" not in listed(app)
    app.text_input(key="compare-search").set_value("very first").run()
    assert "copy00998" in listed(app)
