"""What belongs to learners beside their runs: small documents, and the drawings they gave to the class."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.errors import LabError
from core.record import tables
from core.record.database import Database, now

LONGEST_DOCUMENT = 1_000_000
"""Characters of a learner's document, or of a drawing's strokes."""
MOST_DRAWINGS = 500
"""Drawings that one learner may give to the class."""


class InvalidRecord(LabError):
    """Something to be kept is not what it should be."""


class TooManyDrawings(LabError):
    """This learner gave as many drawings as one learner may give."""


@dataclass(frozen=True)
class Drawing:
    """A digit that a learner drew and gave to the class. image: uint8 (28, 28); label: 0 to 9."""

    id: int
    learner: str
    created: datetime
    label: int
    image: NDArray[np.uint8]
    strokes: str


Extra = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Further training data: images (n, 28, 28) uint8 and labels (n,) uint8."""


class Belongings:
    """The part of the store that keeps learners' own things."""

    database: Database

    def remember(self, learner: str, kind: str, content: str) -> None:
        """Keep a small text, such as JSON, for this learner; a former one of this kind is replaced."""
        check_text("content", content, LONGEST_DOCUMENT)
        check_text("kind", kind, 64)
        documents = tables.documents
        mine = (documents.c.learner == learner, documents.c.kind == kind)
        with self.database.writing() as connection:
            changed = connection.execute(sa.update(documents).where(*mine).values(content=content))
            if not changed.rowcount:
                connection.execute(sa.insert(documents).values(learner=learner, kind=kind, content=content))

    def recall(self, learner: str, kind: str) -> str | None:
        """What ``remember`` kept, or None."""
        documents = tables.documents
        wanted = sa.select(documents.c.content).where(
            documents.c.learner == learner, documents.c.kind == kind
        )
        with self.database.reading() as connection:
            content: str | None = connection.execute(wanted).scalar_one_or_none()
        return content

    def add_drawing(self, learner: str, image: NDArray[np.uint8], label: int, strokes: str = "") -> int:
        """Give a drawing to the class; returns its number.

        Args:
            image: uint8 (28, 28), as the network sees it.
            label: which digit it is, 0 to 9.
            strokes: how it was drawn, in the drawing pad's own JSON.

        Raises InvalidRecord, TooManyDrawings.
        """
        _check_drawing(image, label)
        check_text("strokes", strokes, LONGEST_DOCUMENT)
        drawings = tables.drawings
        count = sa.select(sa.func.count()).where(drawings.c.learner == learner)
        with self.database.writing() as connection:
            if connection.execute(count).scalar_one() >= MOST_DRAWINGS:
                raise TooManyDrawings(
                    "You gave {count} drawings already, as many as one learner may give. Delete some first.",
                    count=MOST_DRAWINGS,
                )
            row = {
                "learner": learner,
                "created": now(),
                "label": int(label),
                "image": image.tobytes(),
                "strokes": strokes,
            }
            inserted = connection.execute(sa.insert(drawings).values(row).returning(drawings.c.id))
            return int(inserted.scalar_one())

    def drawings(self, learner: str | None = None) -> list[Drawing]:
        """The class's drawings, or one learner's own, oldest first."""
        wanted = sa.select(tables.drawings).order_by(tables.drawings.c.id)
        if learner is not None:
            wanted = wanted.where(tables.drawings.c.learner == learner)
        with self.database.reading() as connection:
            return [_drawing(row) for row in connection.execute(wanted)]

    def delete_drawing(self, learner: str, drawing_id: int) -> bool:
        """Take back one's own drawing. Returns False when it is not there or somebody else's."""
        drawings = tables.drawings
        mine = sa.delete(drawings).where(drawings.c.id == drawing_id, drawings.c.learner == learner)
        with self.database.writing() as connection:
            return connection.execute(mine).rowcount == 1


def pack_drawings(drawings: list[Drawing]) -> bytes:
    """Images and labels of drawings, without their learners, as an .npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        images=np.array([drawing.image for drawing in drawings], np.uint8).reshape(-1, 28, 28),
        labels=np.array([drawing.label for drawing in drawings], np.uint8),
    )
    return buffer.getvalue()


def unpack_drawings(data: bytes) -> Extra:
    """Undo ``pack_drawings``."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return file["images"], file["labels"]


def check_text(name: str, text: object, longest: int) -> None:
    """Raise InvalidRecord unless ``text`` is a string of at most ``longest`` characters."""
    if not isinstance(text, str) or len(text) > longest or "\0" in text:
        received = f"{len(text)} characters" if isinstance(text, str) else type(text).__name__
        raise InvalidRecord(
            "The {name} ({received}) cannot be kept. Expected text of at most {longest} characters.",
            name=name,
            received=received,
            longest=longest,
        )


def _check_drawing(image: object, label: object) -> None:
    is_image = isinstance(image, np.ndarray) and image.shape == (28, 28) and image.dtype == np.uint8
    is_label = isinstance(label, int | np.integer) and not isinstance(label, bool) and 0 <= label <= 9
    if not (is_image and is_label):
        raise InvalidRecord("A drawing needs 28 × 28 pixels from 0 to 255 and a digit from 0 to 9.")


def _drawing(row: Any) -> Drawing:
    image = np.frombuffer(row.image, np.uint8).reshape(28, 28)
    created = datetime.fromtimestamp(row.created, UTC)
    return Drawing(row.id, row.learner, created, row.label, image, row.strokes)
