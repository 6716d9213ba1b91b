"""The record of everything: runs, their curves and weights, and what learners keep. The one truth.

Pages and workers share nothing else. What a page shows is read from here; what a run is doing is derived
from what its worker wrote here last.
"""

from __future__ import annotations

from core.record.claims import Claims
from core.record.curves import Curves
from core.record.database import Database, read_url
from core.record.documents import Documents
from core.record.drawings import Drawings
from core.record.looks import Looks
from core.record.opening import open_tables
from core.record.queue import Queue
from core.record.runs import Runs


class Store:
    """Everything that must last, in one database. Safe to share between threads.

    Args:
        url: an SQLAlchemy address; None takes DIGITS_DATABASE_URL, else a SQLite file in ``.lab/``.

    Attributes:
        runs: what was asked for, and how it is kept.
        curves: what training left behind.
        queue: what waits and what trains.
        claims: what workers write.
        looks: looks at the sealed test set.
        drawings: what learners gave to the class.
        documents: learners' own small texts.

    Raises InvalidDatabaseUrl, and a DatabaseProblem by name when the database cannot be used.
    """

    def __init__(self, url: str | None = None) -> None:
        self.database = Database(read_url(url))
        self.drawings = Drawings(self.database)
        self.runs = Runs(self.database, self.drawings)
        self.curves = Curves(self.database)
        self.queue = Queue(self.database)
        self.claims = Claims(self.database)
        self.looks = Looks(self.database)
        self.documents = Documents(self.database)
        try:
            open_tables(self.database)
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address with which another process opens the same store; may hold a password."""
        return self.database.address

    def close(self) -> None:
        """Close the connections."""
        self.database.close()
