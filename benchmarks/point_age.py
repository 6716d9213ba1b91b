"""How old a recorded point is when it comes to a screen that watches."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from benchmarks.protocol import Arrival
from core.record.store import Store


class Recording:
    """Looks into the record again and again while a block runs, and notes when each point first was there.

    Args:
        every: seconds between two looks, by which an age may be too large.
    """

    def __init__(self, store: Store, *, every: float = 0.05) -> None:
        self._store, self._every = store, every
        self._latest: dict[str, int] = {}
        self._not_before: dict[tuple[str, int], float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_again_and_again, daemon=True)

    def __enter__(self) -> Recording:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def ages(self, arrivals: Iterable[Arrival]) -> list[float]:
        """Seconds from the last look at which a point was not there until it arrived.

        What was recorded before somebody watched is no news, and left out.
        """
        return [
            each.moment - recorded
            for each in arrivals
            if (recorded := self._not_before.get((each.run, each.step))) is not None
            and recorded >= each.since
        ]

    def _look_again_and_again(self) -> None:
        before = time.monotonic()
        while not self._over.wait(self._every):
            now = time.monotonic()
            for run in self._store.queue.running():
                self._latest.setdefault(run, -1)
            for run, rows in self._store.curves.new_points(self._latest).items():
                steps = [int(row.figures[0] or 0) for row in rows]
                self._latest[run] = steps[-1]
                self._not_before |= {(run, step): before for step in steps}
            before = now
