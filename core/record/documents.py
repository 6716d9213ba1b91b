"""Small texts that belong to one learner: the drawing on the pad, what is chosen, what was predicted."""

from __future__ import annotations

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
        documents = tables.documents
        mine = (documents.c.learner == learner, documents.c.kind == kind)
        with self._database.writing() as connection:
            changed = connection.execute(sa.update(documents).where(*mine).values(content=content))
            if not changed.rowcount:
                _check_room(connection, learner)
                connection.execute(sa.insert(documents).values(learner=learner, kind=kind, content=content))

    def get(self, learner: str, kind: str) -> str | None:
        """What ``save`` kept, or None."""
        documents = tables.documents
        wanted = sa.select(documents.c.content).where(
            documents.c.learner == learner, documents.c.kind == kind
        )
        with self._database.reading() as connection:
            content: str | None = connection.execute(wanted).scalar_one_or_none()
        return content


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
