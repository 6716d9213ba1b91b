"""A store on SQLite and one on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.record.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'lab' / 'digits.sqlite').as_posix()}"
    address: str = request.getfixturevalue("empty_postgres_url")
    return address


@pytest.fixture
def lab(url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(url)
    yield opened
    opened.close()
