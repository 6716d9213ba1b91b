"""How often a page looks again."""

from dataclasses import replace
from typing import Any

import pytest
from page_lab import LEARNER, Lab

from core.settings import DEFAULT
from dashboard.runs import opening


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"status": "waiting", "position": 1}, 0.5),
        ({"status": "waiting", "position": 2}, 2.0),
        ({"status": "waiting", "position": 30}, 5.0),
        ({"status": "running", "position": None}, 0.5),
        ({"status": "running", "position": None, "step": 7}, 1.0),
        ({"status": "stopping", "position": None, "step": 7}, 1.0),
        ({"status": "finished", "position": None, "step": 7}, None),
        ({"status": "diverged", "position": None}, None),
    ],
)
def test_a_page_looks_often_only_where_something_moves(
    lab: Lab, changes: dict[str, Any], seconds: float | None
) -> None:
    run = replace(lab.store.runs.get(lab.store.runs.create(LEARNER, DEFAULT)), **changes)
    assert opening.interval(run) == seconds
