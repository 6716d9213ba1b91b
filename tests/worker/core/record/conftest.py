"""Stores on PostgreSQL for the tests that ``tests/unit/core/record`` does with SQLite."""

from collections.abc import Iterator

import pytest
from record_lab import fill

from core.record.store import Store


@pytest.fixture
def url(empty_postgres_url: str) -> str:
    """The address of an empty database."""
    return empty_postgres_url


@pytest.fixture
def lab(url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def old_url(empty_postgres_url: str) -> str:
    """The address of a database as commit 9489849 left it."""
    fill(empty_postgres_url)
    return empty_postgres_url


@pytest.fixture
def old_lab(old_url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(old_url)
    yield opened
    opened.close()
