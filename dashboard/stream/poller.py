"""One look at the record for everybody who watches a run: as many statements for a class as for one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from core.cluster.engine import Engine, EngineState
from core.record.curves import NewPoint
from core.record.queue import Outlook
from core.record.store import Store
from core.runs.run import UNREADABLE, Run
from dashboard.runs import faring
from dashboard.stream.watched import Known, Watched

log = logging.getLogger(__name__)

EVERY = 0.7
"""Seconds between two looks: a point is on its way to all screens within this."""
SOON = 0.1
"""Seconds between two looks when somebody has just begun to watch."""


class Watcher:
    """Whoever watches: for each run how far they are, and a bell that rings when there may be news."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.known: dict[str, Known] = {}
        self.bell = asyncio.Event()


class Poller:
    """Looks at the record as long as somebody watches. All its methods belong to one event loop.

    Args:
        store: the record. engine: what trains; asked for how it stands.
    """

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store, self._engine = store, engine
        self._watchers: set[Watcher] = set()
        self._watched: dict[str, Watched] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> EngineState:
        """How training stands."""
        return self._engine.state()

    def attach(self, watcher: Watcher) -> None:
        """Begin to look for this watcher, too."""
        self._watchers.add(watcher)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look_again_and_again())

    def detach(self, watcher: Watcher) -> None:
        """Look for this watcher no longer."""
        self._watchers.discard(watcher)
        self.follow(watcher, {})

    def follow(self, watcher: Watcher, wanted: Mapping[str, Known]) -> None:
        """Let a watcher watch these runs and no others; what it watched before goes on where it was."""
        for run_id, known in wanted.items():
            before = watcher.known.get(run_id)
            if before is None:
                watcher.known[run_id] = known
                self._begin(run_id, known)
                continue
            if known.layers and not before.layers:
                before.layers, before.layer = True, known.layer
            if known.answers and not before.answers:
                before.answers, before.answer = True, known.answer
        for run_id in set(watcher.known) - set(wanted):
            del watcher.known[run_id]
        everywhere = {run_id for each in self._watchers for run_id in each.known}
        self._watched = {run_id: each for run_id, each in self._watched.items() if run_id in everywhere}
        self._wake.set()

    def _begin(self, run_id: str, known: Known) -> None:
        watched = self._watched.setdefault(run_id, Watched())
        known.cuts = len(watched.cuts)

    def news(self, watcher: Watcher, may_read: Callable[[Run], bool]) -> str | None:
        """What a watcher does not know yet, as JSON by run; None where that is nothing.

        Args:
            may_read: run → whether this watcher may.
        """
        state, parts = self.state, []
        for run_id, known in watcher.known.items():
            watched = self._watched[run_id]
            if watched.run is not None and not may_read(watched.run):
                continue
            if (text := watched.news(known, watcher.language, state)) is not None:
                parts.append(f'"{run_id}":{text}')
        return "{" + ",".join(parts) + "}" if parts else None

    async def _look_again_and_again(self) -> None:
        while self._watchers:
            self._wake.clear()
            await self._look()
            await asyncio.sleep(SOON)
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY - SOON):
                    await self._wake.wait()

    async def _look(self) -> None:
        watched = dict(self._watched)
        try:
            runs, outlook = await asyncio.to_thread(self._read_states, list(watched))
            for run_id, each in watched.items():
                each.take(runs.get(run_id), outlook.get(run_id))
            behind = {run_id: each.last for run_id, each in watched.items() if each.is_behind}
            for run_id, rows in (await asyncio.to_thread(self._read_points, behind)).items():
                watched[run_id].add_points(rows)
            for run_id in behind:
                watched[run_id].is_behind = False
            await self._look_at_layers(watched)
            await self._judge(watched)
        except UNREADABLE as error:  # pages that are clicked say it; the next look may find the record again
            log.warning("%s", error)
        for watcher in self._watchers:
            watcher.bell.set()

    async def _look_at_layers(self, watched: Mapping[str, Watched]) -> None:
        wanted = {run_id for each in self._watchers for run_id, known in each.known.items() if known.layers}
        for run_id in wanted & set(watched):
            each = watched[run_id]
            if each.layers_read_at != each.last:
                table = await asyncio.to_thread(self._store.curves.layers, run_id, each.last_layer)
                each.add_layers(table)

    async def _judge(self, watched: Mapping[str, Watched]) -> None:
        for each in watched.values():
            if each.run is not None and each.must_be_judged():
                each.take_faring(await asyncio.to_thread(faring.look, self._store, each.run, each.curve()))

    def _read_states(self, run_ids: list[str]) -> tuple[dict[str, Run], dict[str, Outlook]]:
        runs = self._store.runs.some(run_ids)
        unfinished = any(run.unfinished for run in runs.values())
        return runs, self._store.queue.outlook(self._engine.state().workers) if unfinished else {}

    def _read_points(self, after_steps: Mapping[str, int]) -> Mapping[str, Sequence[NewPoint]]:
        return self._store.curves.new_points(after_steps) if after_steps else {}
