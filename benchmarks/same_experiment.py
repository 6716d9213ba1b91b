"""A whole class presses the same first button: how much longer the last one waits than one learner alone.

Each time on a server of its own with warm workers, whose database is empty: so everybody's experiment is new.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.protocol import (
    Learner,
    Memory,
    Record,
    learner_of,
    live_stream,
    serving,
    stream,
    wait_for_workers,
)
from core.record.store import Store

FIRST_BUTTON = "Train my own network"
LOOK = 0.1
"""Seconds between two looks at whether a learner's run is done."""
TIMES = 2
"""Each, in turn."""
PATIENCE = 300.0
"""Seconds after which a class that is not done is given up."""


async def press_and_watch(number: int, url: str, record: Record, ready: asyncio.Barrier) -> None:
    """One learner's first minute: open the first page, press its button with all others, watch to the end."""
    async with stream(url, number) as socket, live_stream(url, number) as live:
        learner = Learner({}, socket, record)
        await learner.open("")
        await ready.wait()
        await learner.press(FIRST_BUTTON)
        until = time.monotonic() + PATIENCE
        while learner.watching and time.monotonic() < until:
            await learner.watch(live, until)


async def seconds_of_a_class(url: str, store: Store, learners: int, memory: Memory, record: Record) -> float:
    """From the click of all until the last one's run is finished."""
    ready = asyncio.Barrier(learners + 1)
    looking = asyncio.create_task(memory.keep_looking())
    watching = [asyncio.create_task(press_and_watch(n, url, record, ready)) for n in range(learners)]
    await ready.wait()
    began = time.monotonic()
    unfinished = [learner_of(number) for number in range(learners)]
    while unfinished:  # one look at a time, so that looking costs a class no more than one learner
        if await asyncio.to_thread(_is_finished, store, unfinished[-1]):
            unfinished.pop()
            continue
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"The class was not done after {PATIENCE:g} seconds: {record.failures[:3]}")
        await asyncio.sleep(LOOK)
    took = time.monotonic() - began
    results = await asyncio.gather(*watching, return_exceptions=True)
    record.failures += [f"{type(error).__name__}: {error}" for error in results if error is not None]
    looking.cancel()
    return took


def measure(learners: int, pages: int = 1, times: int = TIMES) -> dict[str, Any]:
    """One learner and the class in turn, so many times each; medians, and what the class met."""
    alone, together, record = [], [], Record()
    for _time in range(times):
        alone.append(_on_a_new_server(1, pages, Record()))
        together.append(_on_a_new_server(learners, pages, record))
    return {
        "learners": learners,
        "pages": pages,
        "alone_seconds": median(alone),
        "same_seconds": median(together),
        "same_ratio": median(together) / median(alone),
        "same_ratios": _ratios(together, alone),
        "failed_reruns": len(record.failures),
        "failures": sorted(set(record.failures))[:10],
    }


def _on_a_new_server(learners: int, pages: int, record: Record) -> float:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        serving(Path(folder), pages) as served,
    ):
        url, store, memory = served
        wait_for_workers(store)
        return asyncio.run(seconds_of_a_class(url, store, learners, memory, record))


def _is_finished(store: Store, learner: str) -> bool:
    return any(run.status == "finished" for run in store.runs.of(learner))


def _ratios(together: Sequence[float], alone: Sequence[float]) -> list[float]:
    return [round(one / other, 3) for one, other in zip(together, alone, strict=True)]
