"""The drawings that learners gave to the class."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from core import limits
from core.drawing.our_handwriting import Drawing
from core.errors import N_, LabError
from core.record import rights, tables
from core.record.checks import InvalidRecord, check_text
from core.record.database import Database, now


class TooManyDrawings(LabError):
    """This learner, or the class, gave as many drawings as may be kept."""


class Drawings:
    """The class's drawings: everybody sees them all, and takes back only their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, learner: str, image: NDArray[np.uint8], label: int, strokes: str = "") -> int:
        """Give a drawing to the class; returns its number.

        Args:
            image: uint8 (28, 28), as the network sees it.
            label: which digit it is, 0 to 9.
            strokes: how it was drawn, in the drawing pad's own JSON.

        Raises InvalidRecord, TooManyDrawings.
        """
        _check_drawing(image, label)
        check_text("strokes", strokes, limits.LONGEST_STROKES)
        row = {"learner": learner, "label": int(label), "image": image.tobytes(), "strokes": strokes}
        drawings = tables.drawings
        with self._database.writing() as connection:
            _check_room(connection, learner)
            inserted = sa.insert(drawings).values(created=now(), **row).returning(drawings.c.id)
            return int(connection.execute(inserted).scalar_one())

    def all(self) -> list[Drawing]:
        """The class's drawings, oldest first."""
        return self._read(_select())

    def of(self, learner: str) -> list[Drawing]:
        """One learner's own drawings, oldest first."""
        return self._read(_select().where(tables.drawings.c.learner == learner))

    def strokes(self, drawing_id: int) -> str | None:
        """How a drawing was drawn, in the drawing pad's own JSON; None when there is no such drawing.

        Asked for one by one: lists show images only.
        """
        drawings = tables.drawings
        with self._database.reading() as connection:
            wanted = sa.select(drawings.c.strokes).where(drawings.c.id == drawing_id)
            strokes: str | None = connection.execute(wanted).scalar_one_or_none()
        return strokes

    def take_back(self, learner: str, drawing_id: int) -> bool:
        """Delete one's own drawing. Returns False when it is not there or somebody else's."""
        drawings = tables.drawings
        this = drawings.c.id == drawing_id
        with self._database.writing() as connection:
            owner = connection.execute(sa.select(drawings.c.learner).where(this)).scalar_one_or_none()
            if owner is None or not rights.may("delete", owner, learner):
                return False
            return connection.execute(sa.delete(drawings).where(this)).rowcount == 1

    def _read(self, wanted: sa.Select[Any]) -> list[Drawing]:
        with self._database.reading() as connection:
            return [_drawing(row) for row in connection.execute(wanted.order_by(tables.drawings.c.id))]


def _select() -> sa.Select[Any]:
    return sa.select(*(column for column in tables.drawings.c if column.name != "strokes"))


def _check_room(connection: Connection, learner: str) -> None:
    is_mine = sa.case((tables.drawings.c.learner == learner, 1))
    mine, count = connection.execute(
        sa.select(sa.func.count(is_mine), sa.func.count(tables.drawings.c.id))
    ).one()
    if mine >= limits.MOST_DRAWINGS:
        raise TooManyDrawings(
            N_("You gave {count} drawings already, as many as one learner may give. Delete some first."),
            count=mine,
        )
    if count >= limits.MOST_DRAWINGS_IN_ALL:
        raise TooManyDrawings(
            N_("The class gave {count:,} drawings already, as many as are kept. Delete some of yours first."),
            count=count,
        )


def _check_drawing(image: object, label: object) -> None:
    is_image = isinstance(image, np.ndarray) and image.shape == (28, 28) and image.dtype == np.uint8
    is_label = isinstance(label, int | np.integer) and not isinstance(label, bool) and 0 <= label <= 9
    if not (is_image and is_label):
        raise InvalidRecord(N_("A drawing needs 28 × 28 pixels from 0 to 255 and a digit from 0 to 9."))


def _drawing(row: Any) -> Drawing:
    image = np.frombuffer(row.image, np.uint8).reshape(28, 28)
    created = datetime.fromtimestamp(row.created, UTC)
    return Drawing(row.id, row.learner, created, row.label, image)
