"""Pages show what an older lab left: its duel, sweep, curves and looks; and its names in today's words."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from page_lab import COOKIE, Lab
from record_lab import KEPT


@pytest.fixture
def old_file(tmp_path: Path) -> None:
    """The kept database as the one that ``lab`` opens, its runs those of the tests' browser."""
    shutil.copy(KEPT, tmp_path / "lab.sqlite")
    connection = sqlite3.connect(tmp_path / "lab.sqlite")
    for table in ("runs", "documents"):
        connection.execute(f"UPDATE {table} SET learner = ? WHERE learner LIKE 'anna%'", [COOKIE])
    connection.commit()
    connection.close()


@pytest.mark.parametrize("page", ["train", "inside", "duel", "compare", "exam"])
def test_every_page_that_shows_runs_shows_old_ones(old_file: None, lab: Lab, page: str) -> None:
    app = lab.open(page)
    assert not app.exception
    assert not app.error


def test_old_names_follow_from_the_settings_and_a_chosen_one_stays(old_file: None, lab: Lab) -> None:
    app = lab.open("exam")
    offered = app.selectbox[0].options
    assert any(label.endswith(" · My first network, 是 <b>") for label in offered)
    assert any(label.endswith(" · 2 tanh, Adam 0.003, 320 images, seed 3") for label in offered)
