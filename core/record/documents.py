"""Small texts that belong to one learner: the drawing on the pad, what is chosen, what was predicted."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core import limits
from core.errors import N_, LabError
from core.record import tables
from core.record.checks import check_text
from core.record.database import Database


class TooManyDocuments(LabError):
    """This learner keeps as many small texts as one learner may keep."""


class Documents:
    """One text for each learner and kind. What the session keeps dies with a reload; this does not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, learner: str, kind: str, content: str) -> None:
        """Keep a small text, such as JSON, for this learner; a former one of this kind is replaced.

        Args:
            kind: what it is, at most 64 characters.
            content: at most ``limits.LONGEST_DOCUMENT`` characters.

        Raises InvalidRecord, TooManyDocuments.
        """
        check_text("content", content, limits.LONGEST_DOCUMENT)
        check_text("kind", kind, 64)
        row = {"learner": learner, "kind": kind, "content": content}
        given = {"whose": learner, "which": kind, "text": content}
        with self._database.writing() as connection:
            while not connection.execute(_replace(), given).rowcount:
                _check_room(connection, learner)
                with suppress(sa.exc.IntegrityError), connection.begin_nested():
                    connection.execute(sa.insert(tables.documents).values(row))
                    return  # else another tab was faster just now

    def get(self, learner: str, kind: str) -> str | None:
        """What ``save`` kept, or None."""
        with self._database.reading() as connection:
            found = connection.execute(_select(), {"whose": learner, "which": kind})
            content: str | None = found.scalar_one_or_none()
        return content


@cache  # a page's rerun asks several times, and building a statement costs more than running it
def _select() -> sa.Select[Any]:
    return sa.select(tables.documents.c.content).where(*_this_one())


@cache
def _replace() -> sa.Update:
    return sa.update(tables.documents).where(*_this_one()).values(content=sa.bindparam("text"))


def _this_one() -> tuple[sa.ColumnElement[bool], ...]:
    documents = tables.documents
    return documents.c.learner == sa.bindparam("whose"), documents.c.kind == sa.bindparam("which")


def _check_room(connection: Connection, learner: str) -> None:
    mine = sa.select(sa.func.count()).where(tables.documents.c.learner == learner)
    count = connection.execute(mine).scalar_one()
    if count >= limits.MOST_DOCUMENTS:
        raise TooManyDocuments(
            N_(
                "Nothing more can be kept for you: there are {count} predictions and measurements of yours "
                "already, as many as one learner may have."
            ),
            count=count,
        )
