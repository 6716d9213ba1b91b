"""A long day with everything going wrong: ``python -m benchmarks.soak [--minutes N] [--json FILE]``.

Scripted learners train, stop, go on, draw, compare and sweep on a real server, in Streamlit's own protocol,
while faults come at random: a worker is killed or frozen, the cluster is killed, the database is locked by
another program, the server is killed and started again. What learners meet outside the downtimes of such a
restart, which are announced, counts as failed. In the end every finished run is compared, bit for bit, with
one of the same experiment that nobody disturbed; memory, descriptors, threads and the database are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import psutil
from websockets.asyncio.client import ClientConnection

from benchmarks.classroom import doodles
from benchmarks.outages import digest, wait_until
from benchmarks.protocol import Learner, Record, learner_of, live_stream, start_server, stream
from core.record.size import size
from core.record.store import Store
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings

LEARNERS = 4
WAYS = (
    {"train": 5_000, "epochs": 3},
    {"train": 5_000, "epochs": 3, "opt": "adam", "rate": 0.001},
    {"train": 5_000, "epochs": 4, "act": "tanh", "hidden": "50-50"},
    {"train": 5_000, "epochs": 3, "bn": 1},
)
"""What learners train: short, so that many runs meet a fault."""
FRESH = 90.0
"""Seconds after which everybody takes another seed. Runs of the same experiment are trained once: with few
seeds there would soon be nothing left to train."""
PAUSE = (5.0, 20.0)
"""Seconds between two faults, drawn evenly."""
RECOVERY = 30.0
"""Seconds after a server's death in which pages may fail: the announced downtime."""
FROZEN, LOCKED = 8.0, 4.0
"""Seconds for which a worker stands still, and for which another program holds the database."""
STAY = 60.0
"""Seconds after which a learner loads the page anew; Streamlit keeps a visit for two minutes more."""
LOOK = 5.0
PATIENCE = 3_600.0
"""Seconds in which all that waits must be trained in the end, however busy the machine is."""
MEGABYTE = 2**20
STEADY = 600.0
"""Seconds after which nothing may grow any more."""


@dataclass
class Downtimes:
    """When pages may fail, in monotonic seconds."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    def announce(self, seconds: float) -> None:
        """From now on for so long."""
        self.spans.append((time.monotonic(), time.monotonic() + seconds))

    def are_now(self) -> bool:
        """Whether one is announced just now."""
        return any(begin <= time.monotonic() <= end for begin, end in self.spans)


@dataclass(frozen=True)
class Look:
    """What the server took at one moment."""

    seconds: float
    server_megabytes: float
    workers_megabytes: float
    descriptors: int
    threads: int
    database_megabytes: float


class School:
    """The server, which may be killed and started again at the same address, and its store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.database = f"sqlite:///{(folder / 'lab.sqlite').as_posix()}"
        self.file = folder / "lab.sqlite"
        process, self.url = start_server(folder, self.database)
        self.process = psutil.Process(process.pid)
        self._started = [process]
        self.store = Store(self.database)

    def start_again(self) -> None:
        """Kill the server with all it started, and start it at the same port."""
        self.kill()
        port = int(self.url.rpartition(":")[2])
        process, _url = start_server(self._folder, self.database, port=port)
        self._started.append(process)
        self.process = psutil.Process(process.pid)

    def kill(self) -> None:
        """As by ``kill -9``; its cluster ends by itself."""
        with suppress(psutil.NoSuchProcess):
            family = self.process.children(recursive=True)
            self.process.kill()
            psutil.wait_procs(family, timeout=10)
        self._started[-1].wait()

    def workers(self) -> list[psutil.Process]:
        """The processes that train or are ready to."""
        return [each for each in self._family() if _listens(each) and _is_worker(each)]

    def cluster(self) -> psutil.Process | None:
        """The process that keeps them."""
        return next((each for each in self._family() if "core.cluster" in _command(each)), None)

    def look(self, began: float) -> Look:
        """What it takes just now."""
        family = self._family()
        workers = sum(_resident(each) for each in family)
        return Look(
            round(time.monotonic() - began, 1),
            round(_resident(self.process), 1),
            round(workers, 1),
            self.process.num_fds() if sys.platform != "win32" else self.process.num_handles(),
            self.process.num_threads(),
            round(size(self.store.database).total / MEGABYTE, 2),
        )

    def _family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return list(self.process.children(recursive=True))
        return []


def _command(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return list(process.cmdline())
    return []


def _is_worker(process: psutil.Process) -> bool:
    return "multiprocessing" in " ".join(_command(process))


def _listens(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(not each.raddr for each in process.net_connections("tcp"))
    return False


def _resident(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        return float(process.memory_info().rss) / MEGABYTE
    return 0.0


class Faults:
    """What goes wrong, one thing after the other."""

    def __init__(self, school: School, downtimes: Downtimes, seed: int) -> None:
        self.count: dict[str, int] = {}
        self._school, self._downtimes = school, downtimes
        self._random = random.Random(seed)

    async def keep_coming(self, until: float) -> None:
        """A fault after each pause, of all kinds in turn, the order drawn."""
        kinds: list[Callable[[], None]] = []
        while time.monotonic() < until:
            await asyncio.sleep(self._random.uniform(*PAUSE))
            kinds = kinds or self._random.sample(self._kinds(), len(self._kinds()))
            fault = kinds.pop()
            await asyncio.to_thread(fault)
            self.count[fault.__name__] = self.count.get(fault.__name__, 0) + 1

    def _kinds(self) -> list[Callable[[], None]]:
        always = [self.kill_a_worker, self.kill_the_cluster, self.hold_the_database, self.kill_the_server]
        return always if sys.platform == "win32" else [*always, self.freeze_a_worker]

    def kill_a_worker(self) -> None:
        """As when the system runs out of memory."""
        for worker in self._one_worker():
            worker.kill()

    def freeze_a_worker(self) -> None:
        """As when a machine sleeps."""
        for worker in self._one_worker():
            worker.suspend()
            time.sleep(FROZEN)
            worker.resume()

    def kill_the_cluster(self) -> None:
        """All workers at once."""
        cluster = self._school.cluster()
        if cluster is not None:
            cluster.kill()

    def hold_the_database(self) -> None:
        """As a backup program may."""
        other = sqlite3.connect(self._school.file, timeout=10)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED)
        other.rollback()
        other.close()

    def kill_the_server(self) -> None:
        """As when the machine loses power; pages fail until it is back, which is announced."""
        self._downtimes.announce(RECOVERY)
        self._school.start_again()

    def _one_worker(self) -> Iterator[psutil.Process]:
        workers = self._school.workers()
        if workers:
            with suppress(psutil.NoSuchProcess):
                yield self._random.choice(workers)


class Day:
    """One learner's day: train, stop, go on, draw, compare, sweep; what fell out comes back."""

    def __init__(self, number: int, school: School, downtimes: Downtimes) -> None:
        self.record = Record()
        self.failures: list[str] = []
        self._number, self._school, self._downtimes = number, school, downtimes
        self._dice = random.Random(number)
        self._began = time.monotonic()

    async def live(self, until: float) -> None:
        """Until the day ends, in as many visits as it takes."""
        while time.monotonic() < until:
            known = len(self.record.failures)
            was_down = self._downtimes.are_now()
            try:
                await self._visit(until)
            except Exception as error:  # whatever it is, a learner meets it
                self.record.failures.append(f"{type(error).__name__}: {error}")
            if not (was_down or self._downtimes.are_now()):
                self.failures += self.record.failures[known:]
            await asyncio.sleep(1)

    async def _visit(self, until: float) -> None:
        async with (
            stream(self._school.url, self._number) as socket,
            live_stream(self._school.url, self._number) as live,
        ):
            learner = Learner({}, socket, self.record)
            await learner.open("")
            leaves = min(until, time.monotonic() + STAY)
            while time.monotonic() < leaves:
                await self._train_and_look(learner, live, until)

    async def _train_and_look(self, learner: Learner, live: ClientConnection, until: float) -> None:
        """One experiment, and a page after the other."""
        await learner.open("train")
        await learner.go_back_to(WAYS[self._dice.randrange(len(WAYS))] | {"seed": self._seed()})
        await learner.press("Train")
        await self._watch(learner, live, min(until, time.monotonic() + 40))
        await asyncio.to_thread(self._stop_and_go_on)
        for page in ("draw", "compare", "inside", "train"):
            await learner.open(page)
            if page == "draw":
                for strokes in doodles(self._dice):
                    await learner.draw(strokes)
        if self._dice.random() < 0.2:
            await asyncio.to_thread(self._sweep)

    def _seed(self) -> int:
        """That of this part of the day, or the next: some learners train the same."""
        return int((time.monotonic() - self._began) // FRESH) + self._dice.randrange(2)

    async def _watch(self, learner: Learner, live: ClientConnection, until: float) -> None:
        while learner.watching and time.monotonic() < until:
            await learner.watch(live, until)

    def _stop_and_go_on(self) -> None:
        """What the buttons do; by the record, as another tab would."""
        me, runs = learner_of(self._number), self._school.store.runs
        for run in runs.of(me)[:1]:
            if run.unfinished:
                runs.stop(run.id, learner=me)
                time.sleep(0.5)
                runs.extend(run.id, run.epochs, learner=me)

    def _sweep(self) -> None:
        me, origin = learner_of(self._number), Origin("sweep", f"{self._number}-{time.time_ns()}")
        for rate in ("0.003", "0.03"):
            asked = {"train": "5000", "epochs": "2", "rate": rate, "seed": str(self._seed())}
            settings, _refused = Settings.from_query(asked)
            self._school.store.runs.create(me, settings, origin=origin)


@dataclass(frozen=True)
class Result:
    """What came of the day."""

    minutes: float
    faults: dict[str, int]
    reruns: int
    failed_reruns: int
    failures: list[str]
    runs: int
    finished: int
    experiments: int
    differing_runs: int
    server_megabytes_grown: float
    looks: list[Look]


def measure(minutes: float, seed: int) -> Result:
    """Live through the day, then compare."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, opened(Path(folder)) as school:
        downtimes = Downtimes()
        trouble = Faults(school, downtimes, seed)
        days = [Day(number, school, downtimes) for number in range(LEARNERS)]
        looks = asyncio.run(_live(school, trouble, days, 60 * minutes))
        failures = [failure for day in days for failure in day.failures]
        print(f"{len(failures)} failed reruns; comparing what was trained …", file=sys.stderr, flush=True)
        runs = _wait_for_all(school.store)
        digests = {run.id: digest(school.store, run.id) for run in runs if run.status == "finished"}
        school.kill()
        differing = count_differing(runs, digests, Path(folder) / "undisturbed")
        steady = [look.server_megabytes for look in looks if look.seconds >= min(STEADY, 30 * minutes)]
        return Result(
            minutes=minutes,
            faults=trouble.count,
            reruns=sum(len(day.record.latencies) for day in days),
            failed_reruns=len(failures),
            failures=sorted(set(failures))[:10],
            runs=len(runs),
            finished=sum(run.status == "finished" for run in runs),
            experiments=len({_experiment(run) for run in runs}),
            differing_runs=differing,
            server_megabytes_grown=_grown(steady),
            looks=looks,
        )


@contextmanager
def opened(folder: Path) -> Iterator[School]:
    """A school whose processes end with the block."""
    school = School(folder)
    try:
        yield school
    finally:
        school.kill()
        school.store.close()


async def _live(school: School, trouble: Faults, days: list[Day], seconds: float) -> list[Look]:
    began = time.monotonic()
    looks: list[Look] = []

    async def keep_looking() -> None:
        while True:
            await asyncio.sleep(LOOK)
            with suppress(psutil.Error):
                looks.append(await asyncio.to_thread(school.look, began))

    looking = asyncio.create_task(keep_looking())
    await asyncio.gather(trouble.keep_coming(began + seconds), *(day.live(began + seconds) for day in days))
    looking.cancel()
    return looks


def _all_runs(store: Store) -> list[Run]:
    return [run for number in range(LEARNERS) for run in store.runs.of(learner_of(number), hidden=True)]


def _wait_for_all(store: Store) -> list[Run]:
    wait_until(lambda: not any(run.unfinished for run in _all_runs(store)), "the end of all runs", PATIENCE)
    return _all_runs(store)


def _experiment(run: Run) -> tuple[str, int]:
    return run.settings.to_json(), run.epochs


def count_differing(runs: list[Run], digests: dict[str, str], folder: Path) -> int:
    """How many runs are not what a server with a database of its own makes, that nobody disturbs.

    Args:
        runs: those that were disturbed. digests: run → ``digest``, of those that finished.
    """
    folder.mkdir()
    with opened(folder) as alone:
        experiments = {_experiment(run): run for run in runs if run.id in digests}
        # A learner may have only so many unfinished runs: each experiment is asked for by one of its own.
        same = {
            key: alone.store.runs.create(f"undisturbed-{number}", run.settings)
            for number, (key, run) in enumerate(experiments.items())
        }
        wait_until(
            lambda: not any(alone.store.runs.get(each).unfinished for each in same.values()),
            "the end of the undisturbed runs",
            PATIENCE,
        )
        expected = {key: digest(alone.store, run_id) for key, run_id in same.items()}
    differing = [run for run in runs if run.id in digests and digests[run.id] != expected[_experiment(run)]]
    for run in differing:
        print(f"not the same: {run}", file=sys.stderr)
    return len(differing)


def _grown(megabytes: list[float]) -> float:
    """How far the last third's median lies above the first third's; 0 where there is too little to tell."""
    third = len(megabytes) // 3
    if not third:
        return 0.0
    return round(float(np.median(megabytes[-third:]) - np.median(megabytes[:third])), 1)


def main() -> None:
    """Read the command line, measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the day is (30)")
    parser.add_argument("--seed", type=int, default=0, help="of the faults (0)")
    parser.add_argument("--json", type=Path, help="file to write the result to")
    asked = parser.parse_args()
    result = measure(asked.minutes, asked.seed)
    for name, value in asdict(result).items():
        if name != "looks":
            print(f"{name.replace('_', ' '):24} {value}")
    print(f"{'last look':24} {asdict(result.looks[-1]) if result.looks else None}")
    if asked.json:
        asked.json.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    if result.failed_reruns or result.differing_runs:
        raise SystemExit("The day did not end as if nothing had happened.")


if __name__ == "__main__":
    main()
