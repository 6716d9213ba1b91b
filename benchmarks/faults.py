"""What dies is not lost: ``python -m benchmarks.faults [--workers N] [--servers N] [--json FILE]``.

Both published networks, and one with every remedy against overfitting at once, train side by side, again and
again, each for three learners who share the training, in a server's process of its own: three experiments
take turns at two workers. At random moments a worker is killed, as by ``kill -9``, and then the whole server,
which is started again. Every run's weights are then compared, bit for bit, with those of a run that nobody
shared or disturbed; so are its curve, and the epoch that its weights are of. In the end one run each goes
through a database that comes late, a scheduler that restarts, a clock that is set back, and a database file
that is gone for a while.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.outages import survive_all
from core.record import removal
from core.record.store import Store
from core.settings import PRESETS

ROOT = Path(__file__).resolve().parent.parent
EPOCHS = 4
REMEDIES: dict[str, Any] = {
    **{"dropout": 0.2, "l2": 0.0001, "label_smoothing": 0.1, "shift": 2.0, "turn": 10.0, "thickness": 0.5},
    **{"schedule": "cosine", "warm_up": 0.5, "patience": 2, "keep_best": True, "batch_normalization": True},
}
EXPERIMENTS = {name: preset.change(epochs=EPOCHS) for name, preset in PRESETS.items()} | {
    "every remedy": PRESETS["three-layer"].change(epochs=EPOCHS, **REMEDIES)
}
LEARNERS = 3
"""Who want each of them at once: one training, three runs."""
PAUSE = (0.5, 6.0)
"""Seconds between two deaths, drawn evenly."""
PATIENCE = 300.0
"""Seconds in which something must have happened, else the benchmark fails."""
SERVER = """
import sys
from core.cluster.engine import Engine
from core.record import removal
from core.record.store import Store
with Engine(Store(sys.argv[1]), workers=2):
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Trained:
    """What a run came to: its weights by name and its curve, as bytes, and which epoch's weights they are."""

    weights: dict[str, bytes]
    curve: bytes
    weights_epoch: int


@dataclass(frozen=True)
class Result:
    """What was killed, and what came of the runs."""

    workers_killed: int
    servers_killed: int
    runs: int
    same_weights: int
    same_curves: int
    orphans: int
    seconds_to_go_on: float  # median, from a worker's death to the run's next sign of life
    seconds: float


class Server:
    """The engine in a process that can be killed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self._process = psutil.Popen(
            [sys.executable, "-c", SERVER, self._url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> int:
        """Kill it, and return how many of its processes outlive it by ten seconds."""
        family = self._process.children(recursive=True)
        self._process.kill()
        self._process.wait()
        _, left = psutil.wait_procs(family, timeout=10)
        # A zombie is dead, and waits only for whoever inherited it to take note.
        alive = [process for process in left if _is_at_work(process)]
        for process in alive:
            print(f"left alive: {process}", file=sys.stderr)
        return len(alive)

    def worker(self, address: str) -> psutil.Process | None:
        """The process that listens at a worker's address."""
        port = int(address.rpartition(":")[2])
        for process in self._process.children(recursive=True):
            with suppress(psutil.Error):
                if any(each.laddr.port == port for each in process.net_connections("tcp") if not each.raddr):
                    return process
        return None


class Faults:
    """Keeps the experiments training, each for several learners at once, and kills what trains them."""

    def __init__(self, store: Store, server: Server, seed: int) -> None:
        self.store = store
        self.server = server
        self.undisturbed: dict[str, Trained] = {}
        self.trained: list[tuple[Trained, Trained]] = []
        self.pauses: list[float] = []
        self._runs: dict[str, list[str]] = {name: [] for name in EXPERIMENTS}
        self._random = random.Random(seed)

    def keep_training(self) -> None:
        """See to it that each experiment is on its way; what ended is put beside what nobody disturbed."""
        for name, settings in EXPERIMENTS.items():
            if any(self.store.runs.get(run_id).unfinished for run_id in self._runs[name]):
                continue
            self._take_down(name)
            learners = LEARNERS if name in self.undisturbed else 1
            self._runs[name] = [self.store.runs.create(f"{name}-{n}", settings) for n in range(learners)]

    def _take_down(self, name: str) -> None:
        """Keep what the runs of an experiment came to, and remove them: the next ones begin anew."""
        for run_id in self._runs[name]:
            trained = self._what_came_of(run_id)
            if name in self.undisturbed:
                self.trained.append((trained, self.undisturbed[name]))
                if trained != self.undisturbed[name]:
                    print(f"not the same: {self.store.runs.get(run_id)}", file=sys.stderr)
            removal.remove(self.store.database, "run", run_id)
            last = trained
        if self._runs[name]:
            self.undisturbed.setdefault(name, last)
        self._runs[name] = []

    def _what_came_of(self, run_id: str) -> Trained:
        """A run's weights, and its curve, all but its seconds."""
        run, weights = self.store.runs.get(run_id), self.store.curves.weights(run_id) or {}
        if run.status != "finished":
            raise SystemExit(f"A run is {run.status}: {run.message}")
        curve = self.store.curves.points(run_id).drop(columns="seconds").to_numpy().tobytes()
        bytes_by_name = {name: weight.tobytes() for name, weight in weights.items()}
        return Trained(bytes_by_name, curve, run.weights_epoch)

    def wait_for_a_moment(self) -> None:
        """Let a random time pass while something trains."""
        self.keep_training()
        wait_until(lambda: bool(self.store.queue.running()), "any run")
        time.sleep(self._random.uniform(*PAUSE))
        self.keep_training()

    def kill_a_worker(self) -> None:
        """Kill a worker that trains, and time until its run goes on."""
        while True:
            self.wait_for_a_moment()
            running = sorted(self.store.queue.running().items())
            if not running:
                continue
            run_id, address = self._random.choice(running)
            process = self.server.worker(address)
            if process is not None:
                break
        process.kill()
        died = time.monotonic()
        wait_until(
            lambda: (
                self.store.queue.running().get(run_id, address) != address
                or not self.store.runs.get(run_id).unfinished
            ),
            "another worker",
        )
        self.pauses.append(time.monotonic() - died)

    def kill_the_server(self) -> int:
        """Kill the server with all it started, start it again, and return how many processes were left."""
        self.wait_for_a_moment()
        orphans = self.server.kill()
        self.server.start()
        return orphans

    def finish(self) -> None:
        """Wait until every run ended, and put all beside what nobody disturbed."""
        everything = [run_id for runs in self._runs.values() for run_id in runs]
        wait_until(
            lambda: not any(self.store.runs.get(run_id).unfinished for run_id in everything),
            "the end of all runs",
        )
        for name in EXPERIMENTS:
            self._take_down(name)


def measure(workers: int, servers: int, seed: int) -> Result:
    """Kill so many workers and servers, and compare what is left with an undisturbed run."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(f"sqlite:///{Path(folder).as_posix()}/digits.sqlite")
        server = Server(store.url)
        faults = Faults(store, server, seed)
        try:
            faults.keep_training()
            faults.finish()
            for number in range(workers):
                faults.kill_a_worker()
                print(f"worker {number + 1} of {workers} killed", file=sys.stderr)
            orphans = 0
            for number in range(servers):
                orphans += faults.kill_the_server()
                print(f"server {number + 1} of {servers} killed", file=sys.stderr)
            faults.finish()
        finally:
            server.kill()
        result = Result(
            workers_killed=workers,
            servers_killed=servers,
            runs=len(faults.trained),
            same_weights=sum(one.weights == other.weights != {} for one, other in faults.trained),
            same_curves=sum(
                (one.curve, one.weights_epoch) == (other.curve, other.weights_epoch)
                for one, other in faults.trained
            ),
            orphans=orphans,
            seconds_to_go_on=round(sorted(faults.pauses)[len(faults.pauses) // 2], 2)
            if faults.pauses
            else 0.0,
            seconds=round(time.monotonic() - began, 1),
        )
        store.close()
    return result


def _is_at_work(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait until ``condition()`` is true; give the benchmark up when it takes too long."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come within {PATIENCE:g} seconds")
        time.sleep(0.02)


def main() -> None:
    """Read the command line, measure, print and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=20, help="how many workers to kill (20)")
    parser.add_argument("--servers", type=int, default=5, help="how many times to kill the server (5)")
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (0)")
    parser.add_argument("--json", type=Path, help="file to write the result to")
    arguments = parser.parse_args()
    result = measure(arguments.workers, arguments.servers, arguments.seed)
    survived = survive_all(EXPERIMENTS["three-layer"])
    told = asdict(result) | {name.replace(" ", "_"): same for name, same in survived.items()}
    for name, value in told.items():
        print(f"{name.replace('_', ' '):20} {value}")
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    if (
        not result.runs == result.same_weights == result.same_curves
        or result.orphans
        or not all(survived.values())
    ):
        raise SystemExit("A run did not end as if nothing had happened.")


if __name__ == "__main__":
    main()
