"""Stores on SQLite; ``tests/worker/core/record`` asks the same of PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from record_lab import KEPT

from core.record.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of an empty database."""
    return f"sqlite:///{(tmp_path / 'lab' / 'digits.sqlite').as_posix()}"


@pytest.fixture
def lab(url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def old_url(tmp_path: Path) -> str:
    """The address of a database as commit 9489849 left it."""
    shutil.copy(KEPT, tmp_path / "old.sqlite")
    return f"sqlite:///{(tmp_path / 'old.sqlite').as_posix()}"


@pytest.fixture
def old_lab(old_url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(old_url)
    yield opened
    opened.close()
