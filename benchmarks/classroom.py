"""A class at work: ``python -m benchmarks.classroom [--learners N] [--same] [--pages N] [--json FILE]``.

Starts the real server, opens N real sessions over websockets in Streamlit's own protocol and in the lab's,
and lets every learner browse, train, watch and draw for S seconds while every core trains. Each click, and
each time that a page is drawn anew because its run reached a stage, is timed from sending it until the server
says that the page is complete. A point's age is counted from when it was recorded until it is on a screen.

With ``--same`` all press the same first button instead, at the same moment (``benchmarks.same_experiment``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import same_experiment
from benchmarks.point_age import Recording
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
from core.drawing.strokes import Stroke
from core.record.store import Store


async def learn(number: int, url: str, record: Record, until: float) -> None:
    """One learner's lesson: look around, then train, watch and draw until the time is up."""
    dice = random.Random(number)
    async with stream(url, number) as socket, live_stream(url, number) as live:
        learner = Learner({"train": 20_000, "epochs": 4, "seed": number}, socket, record)
        await asyncio.sleep(dice.uniform(0, 3))
        for page in ("", "digits", "normalization", "activations", "network"):
            await learner.open(page)
            await asyncio.sleep(dice.uniform(1, 5))
        while time.monotonic() < until:
            await learner.press("Train")
            while learner.watching and time.monotonic() < until:
                await learner.watch(live, until)
            if time.monotonic() > until:
                return  # not all at the same moment to the next page
            await learner.open("draw")
            for strokes in doodles(dice):
                await asyncio.sleep(dice.uniform(0.5, 1.5))
                await learner.draw(strokes)
            await learner.open("train")


def doodles(dice: random.Random) -> list[tuple[Stroke, ...]]:
    """A digit in the making: one stroke, then two."""
    x, y = dice.uniform(90, 190), dice.uniform(40, 80)
    down = Stroke(18.0, (("M", x, y), ("L", x - 10, y + 140)))
    bar = Stroke(18.0, (("M", x - 50, y + 20), ("L", x + 30, y)))
    return [(down,), (down, bar)]


async def class_at_work(url: str, learners: int, seconds: float, memory: Memory) -> Record:
    """All learners at once."""
    record = Record()
    looking = asyncio.create_task(memory.keep_looking())
    until = time.monotonic() + seconds
    results = await asyncio.gather(
        *(learn(number, url, record, until) for number in range(learners)), return_exceptions=True
    )
    looking.cancel()
    record.failures += [f"{type(error).__name__}: {error}" for error in results if error is not None]
    return record


def all_runs(store: Store, learners: int) -> list[Any]:
    """The class's runs."""
    return [run for number in range(learners) for run in store.runs.of(learner_of(number))]


def wait_for_runs(store: Store, learners: int, patience: float = 300) -> list[Any]:
    """Until every run of the class ended, or patience does."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(run.unfinished for run in all_runs(store, learners)):
        time.sleep(1)
    return all_runs(store, learners)


def measure(learners: int, pages: int, seconds: float, folder: Path) -> dict[str, Any]:
    """Run the class and sum it up."""
    with serving(folder, pages) as (url, store, memory):
        wait_for_workers(store)
        memory.look()
        before = memory.server
        with Recording(store) as recording:
            record = asyncio.run(class_at_work(url, learners, seconds, memory))
        runs = wait_for_runs(store, learners)
    if not record.latencies:
        raise SystemExit(f"No click was answered: {record.failures[:3]}")
    timed = recording.ages(record.arrivals)
    ages = timed or [float("nan")]
    finished = sum(run.status == "finished" for run in runs)
    return {
        "learners": learners,
        "pages": pages,
        "seconds": seconds,
        "reruns": len(record.latencies),
        "rerun_p50_seconds": float(np.percentile(record.latencies, 50)),
        "rerun_p95_seconds": float(np.percentile(record.latencies, 95)),
        "points_timed": len(timed),
        "point_age_p50_seconds": float(np.percentile(ages, 50)),
        "point_age_p95_seconds": float(np.percentile(ages, 95)),
        "failed_reruns": len(record.failures),
        "failures": sorted(set(record.failures))[:10],
        "runs_submitted": len(runs),
        "runs_finished": finished,
        "runs_lost": len(runs) - finished,
        "server_megabytes": memory.server,
        "workers_megabytes": memory.workers,
        "megabytes_a_session": (memory.server - before) / learners,
    }


def main() -> None:
    """Measure, print, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--same", action="store_true", help="all press the same first button")
    parser.add_argument("--pages", type=int, default=1, help="page processes")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.same:
        result = same_experiment.measure(options.learners, options.pages)
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            result = measure(options.learners, options.pages, options.seconds, Path(folder))
    for name, value in result.items():
        print(f"{name:22} {value:.3f}" if isinstance(value, float) else f"{name:22} {value}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
