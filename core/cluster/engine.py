"""Trains the store's waiting runs on a Dask cluster, learner by learner in turn.

A dispatcher thread does it all: it starts the cluster (or finds one), gives the fairest waiting run to each
free worker, and notices what died. It keeps nothing that the store does not know, so that an engine may
end at any moment and the next one goes on.
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import secrets
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from core.cluster import embedded
from core.cluster.embedded import NoCluster
from core.errors import LONG, N_, LabError, shown
from core.record.database import DatabaseProblem
from core.record.size import look_after
from core.record.store import Store
from core.runs import turns
from core.runs.arithmetic import Arithmetic
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings

log = logging.getLogger(__name__)

Result = TypeVar("Result")

CARE = 30.0
"""Seconds between two looks at the disk."""
POLL = 1.0
"""Seconds between two looks at the store when nobody wakes the dispatcher."""
CONNECT = 10.0
"""Seconds to wait for a scheduler's answer, or for a worker's beyond those that it may compute."""
PAUSE = 3.0
"""Seconds before a run that an error threw back is tried again."""
TOLD = 60.0
"""Seconds for which a cluster of our own has failed again and again until pages tell of it."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts to start a cluster, when several have failed."""


@dataclass(frozen=True)
class EngineState:
    """How training stands.

    Attributes:
        workers: how many are ready, TensorFlow loaded. 0 while they start.
        problem: what keeps runs from being trained, or None.
    """

    workers: int
    problem: LabError | None


class WorkerTrouble(LabError):
    """A worker could not even begin to train."""


@dataclass(frozen=True)
class _Submission:
    future: Any
    task: str
    worker: str


@dataclass(frozen=True)
class _Pause:
    """Why a run was thrown back, and until when (monotonic seconds) it is left alone."""

    problem: LabError
    until: float


class Engine:
    """Submits runs; trains them in the background.

    Args:
        store: where runs are kept. The engine does not close it.
        address: of a Dask scheduler; None takes DASK_SCHEDULER_ADDRESS, else an embedded cluster.
        workers: of the embedded cluster; None is one a core, as far as memory allows.
        greeting: what an embedded cluster said that another process of this machine has started and keeps;
            this engine then starts none.

    Attributes:
        warning: what should be seen to before it keeps runs from being trained, or None.
    """

    def __init__(
        self,
        store: Store,
        *,
        address: str | None = None,
        workers: int | None = None,
        greeting: str | None = None,
    ) -> None:
        self._store = store
        self._address = address or os.environ.get("DASK_SCHEDULER_ADDRESS") or None
        self._greeting = greeting
        self._workers = workers
        self._ready: frozenset[str] = frozenset()
        self._arithmetics: dict[str, Arithmetic] = {}
        self._unfit: dict[str, LabError] = {}
        self._problem: LabError | None = None
        self.warning: LabError | None = None
        self._looks_after = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._client: Any = None
        self._submitted: dict[str, _Submission] = {}
        self._pauses: dict[str, _Pause] = {}
        self._failures, self._fails_since = 0, 0.0
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Start the cluster in the background; whatever waits in the store is trained, without a click."""
        atexit.register(self.close)
        self._thread.start()

    def close(self) -> None:
        """End the cluster; unfinished runs go on with the next engine."""
        atexit.unregister(self.close)
        self._closing.set()
        self._wake.set()
        embedded.end(self._process)
        if self._thread.is_alive():  # it may be waiting for a scheduler or a database that does not answer
            self._thread.join(timeout=embedded.FAREWELL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def submit(
        self,
        learner: str,
        settings: Settings,
        *,
        name: str | None = None,
        origin: Origin | None = None,
        epochs: int | None = None,
    ) -> str:
        """Put a run into the queue, as ``Runs.create`` does; its id. Raises TooManyRuns, DatabaseProblem."""
        run_id = self._store.runs.create(learner, settings, name=name, origin=origin, epochs=epochs)
        self._wake.set()
        return run_id

    def stop(self, run_id: str, *, learner: str) -> None:
        """Ask a run of ``learner``'s to stop; it keeps what it learnt. A waiting run leaves the queue.

        Raises UnknownRun, NotYourRun.
        """
        self._store.runs.stop(run_id, learner=learner)

    def resume(self, run_id: str, epochs: int, *, learner: str) -> None:
        """Let a run of ``learner``'s go on until it has ``epochs`` epochs in all; never fewer than before.

        Raises UnknownRun, NotYourRun, TooManyRuns.
        """
        self._store.runs.extend(run_id, epochs, learner=learner)
        self._wake.set()

    def compute(self, function: Callable[..., Result], *args: Any, timeout: float = 60.0) -> Result:
        """The result of a short function, computed in a worker's process at once, beside what trains there.

        Args:
            function: importable by its name. It gets a thread of its own, for which it must be safe.
            timeout: seconds to wait for a worker, and then for its answer.

        Raises NoCluster when there is none in time or it says nothing any more, TookTooLong when it computes
        for longer, and what the function raises.
        """
        from core.cluster import worker

        client, address = self._idlest_worker(time.monotonic() + timeout)
        longest = timeout + CONNECT
        try:
            answers = client.run(
                worker.aside, function, args, timeout, workers=[address], callback_timeout=longest
            )
        except worker.Raised as raised:
            raise raised.error from raised
        except (OSError, CancelledError) as error:  # it died or is frozen, or the scheduler is gone
            raise self._no_answer(error) from error
        result: Result = answers[address]
        return result

    def time_left(self, run: Run) -> float | None:
        """Seconds until an unfinished run is done, waiting included; None while nothing is known."""
        return self._store.queue.seconds_left(run.id, len(self._ready)) if run.unfinished else None

    def state(self) -> EngineState:
        """How training stands just now, from memory: it reads nothing."""
        problem = self._problem or next((pause.problem for pause in self._pauses.copy().values()), None)
        return EngineState(len(self._ready), problem)

    def _idlest_worker(self, patience: float) -> tuple[Any, str]:
        """The client, and the address of a worker that trains nothing, or else of any."""
        while not self._ready and time.monotonic() < patience and not self._closing.is_set():
            time.sleep(0.1)
        client, ready = self._client, list(self._ready)
        if client is None or not ready:
            raise NoCluster(N_("No worker is ready yet. Try again in a few seconds."))
        busy = set(self._store.queue.running().values())
        return client, min(ready, key=lambda address: (address in busy, random.random()))

    def _dispatch(self) -> None:
        """The dispatcher thread: look, act, sleep until woken."""
        while not self._closing.is_set():
            self._wake.clear()
            try:
                self._connect()
                self._collect()
                self._restart_silent_workers()
                self._hand_out()
                self._look_after()
                self._problem, self._failures = self._missing_workers(), 0
            except DatabaseProblem as error:
                self._report(error)
            except (Exception, CancelledError) as error:  # whatever it is, the next look starts afresh
                if self._closing.is_set():
                    break
                log.debug("The dispatcher begins again", exc_info=True)
                self._fail(error if isinstance(error, LabError) else self._no_answer(error))
                self._disconnect()
                self._closing.wait(self._patience())
            self._wake.wait(POLL)
        self._disconnect()

    def _patience(self) -> float:
        """Seconds until the next try; a cluster of our own that fails again and again is not worth more."""
        doublings = min(self._failures, 16)  # they may be any number by then, and a float overflows
        return PAUSE if self._address else min(LONGEST_PAUSE, 2.0**doublings - 2)

    def _look_after(self) -> None:
        """Now and then keep the database's log short, and see whether its disk is nearly full."""
        if time.monotonic() < self._looks_after:
            return
        self._looks_after = time.monotonic() + CARE
        self.warning = look_after(self._store.database)
        if self.warning is not None:
            log.warning("%s", self.warning)

    def _fail(self, problem: LabError) -> None:
        """Begin afresh. Our own cluster starts again by itself: at first only the log tells of it."""
        now = time.monotonic()
        self._fails_since = self._fails_since if self._failures else now
        self._failures += 1
        self._report(problem)
        if self._address is None and now - self._fails_since < TOLD:
            self._problem = None

    def _report(self, problem: LabError) -> None:
        if str(problem) != str(self._problem):
            log.warning("%s", problem)
        self._problem = problem

    def _no_answer(self, error: BaseException) -> NoCluster:
        reason = _in_a_line(error)
        if self._address is None:
            return NoCluster(
                N_("The workers do not answer ({reason}). The lab starts them again by itself; runs wait."),
                reason=reason,
            )
        return NoCluster(
            N_(
                "The scheduler at {address} does not answer ({reason}). Check DASK_SCHEDULER_ADDRESS and the "
                "scheduler; the lab goes on by itself then."
            ),
            address=self._address,
            reason=reason,
        )

    def _missing_workers(self) -> LabError | None:
        """Why nobody trains; None while somebody can, or where workers of our own are still starting."""
        if self._ready:
            return None
        if self._unfit:
            return next(iter(self._unfit.values()))
        if self._address is None:
            return None
        return NoCluster(
            N_(
                "The scheduler at {address} has no worker. Start one on a machine that trains, in the lab's "
                "folder: .venv/bin/python -m core.cluster worker {address}"
            ),
            address=self._address,
        )

    def _connect(self) -> None:
        """Make sure that there is a cluster and that it answers."""
        if self._client is not None:
            embedded_is_gone = self._process is not None and self._process.poll() is not None
            if not embedded_is_gone and self._client.status == "running":
                cores = self._client.sync(self._client.scheduler.ncores, callback_timeout=CONNECT)
                self._meet_new_workers(frozenset(cores))
                return
            self._disconnect()
        from distributed import Client

        for name in ("distributed", "distributed.client"):  # what they would tell, the engine tells
            logging.getLogger(name).setLevel(logging.CRITICAL)
        address, security = self._find_cluster()
        self._client = Client(  # type: ignore[no-untyped-call]
            address, security=security, timeout=CONNECT, set_as_default=False, name="digit-lab"
        )

    def _meet_new_workers(self, present: frozenset[str]) -> None:
        """Ask those who are new what they calculate with; forget those who are gone.

        Only who answers can train: a worker may lack the data, or have another version of the lab.
        """
        from core.cluster import worker

        new = list(present - self._arithmetics.keys())
        answers = self._client.run(worker.introduce, workers=new, on_error="return") if new else {}
        unfit = {who: _trouble(each) for who, each in answers.items() if not isinstance(each, Arithmetic)}
        for who in unfit.keys() - self._unfit.keys():
            log.warning(N_("Worker %s cannot train: %s"), who, unfit[who])
        met = self._arithmetics | {who: each for who, each in answers.items() if who not in unfit}
        self._arithmetics = {who: each for who, each in met.items() if who in present}
        self._unfit, self._ready = unfit, frozenset(self._arithmetics)

    def _find_cluster(self) -> tuple[str, Any]:
        """The address of the scheduler to train on, and what opens it."""
        if self._address is not None:
            return self._address, None
        return embedded.read_greeting(self._greeting) if self._greeting else self._start_cluster()

    def _start_cluster(self) -> tuple[str, Any]:
        """Start the embedded cluster's process; return its scheduler's address, and the key that opens it."""
        self._process = embedded.start(self._workers)
        if self._closing.is_set():  # it was not there yet when it should have been ended
            embedded.end(self._process)
        return embedded.read_greeting(embedded.wait_for_greeting(self._process))

    def _disconnect(self) -> None:
        self._ready = frozenset()
        self._unfit.clear()
        self._submitted.clear()
        if self._client is not None:
            self._client.close(timeout=1)
            self._client = None
        embedded.end(self._process)
        self._process = None

    def _collect(self) -> None:
        """Look at what was submitted and is over, one way or another."""
        over = {run: item for run, item in self._submitted.items() if item.future.done()}
        for run_id, submission in over.items():
            del self._submitted[run_id]
            self._pauses.pop(run_id, None)
            if submission.future.status == "error":
                self._throw_back(run_id, submission)

    def _throw_back(self, run_id: str, submission: _Submission) -> None:
        """Free a run whose worker died, or met an error that is not the run's own."""
        from distributed import KilledWorker

        error = submission.future.exception()
        if not isinstance(error, KilledWorker):
            problem = _trouble(error)
            log.warning(N_("Runs wait: %s"), problem)
            self._pauses[run_id] = _Pause(problem, time.monotonic() + PAUSE)
        self._store.claims.free(run_id, submission.task)

    def _restart_silent_workers(self) -> None:
        """Restart workers that hold a run and do not speak any more, though their processes live."""
        tasks = {submission.task for submission in self._submitted.values()}
        silent = {
            run: worker for run, worker in self._store.queue.silent(tasks).items() if worker in self._ready
        }
        for run_id, worker in silent.items():
            log.warning(N_("Worker %s went silent with run %s; restarting it"), worker, run_id)
            del self._submitted[run_id]
        if silent:
            self._client.restart_workers(list(silent.values()), timeout=CONNECT, raise_for_error=False)

    def _hand_out(self) -> None:
        """Give waiting runs to free workers, the fairest first."""
        trains = self._store.queue.running()
        at = {run: item.worker for run, item in self._submitted.items()} | trains
        free = self._ready - set(at.values())
        if not free:
            return
        queue = self._store.queue.waiting()
        self._pauses = {run: pause for run, pause in self._pauses.items() if run in queue}
        paused = {run for run, pause in self._pauses.items() if pause.until > time.monotonic()}
        wanted = [run for run in queue if run not in paused and run not in self._submitted]
        if not wanted:
            return
        able = self._workers_alike()
        for run_id, worker in turns.assign(wanted, free, self._store.queue.last_workers(), able).items():
            self._submit(run_id, worker, only_same=run_id in able)

    def _workers_alike(self) -> dict[str, set[str]]:
        """Runs that were begun → the workers that calculate as theirs did; left out where there is none."""
        alike = {
            run: {who for who, each in self._arithmetics.items() if each == wanted}
            for run, wanted in self._store.queue.trained_with().items()
        }
        return {run: workers for run, workers in alike.items() if workers}

    def _submit(self, run_id: str, address: str, *, only_same: bool) -> None:
        from core.cluster import worker

        task = f"{run_id}-{secrets.token_hex(4)}"
        future = self._client.submit(
            worker.run,
            self._store.url,
            run_id,
            task,
            only_same,
            key=task,
            pure=False,
            workers=[address],
            allow_other_workers=True,  # if this one dies meanwhile
        )
        future.add_done_callback(lambda _future: self._wake.set())
        self._submitted[run_id] = _Submission(future, task, address)


def _trouble(error: BaseException) -> LabError:
    """What a worker met, by name."""
    if isinstance(error, LabError):
        return error
    return WorkerTrouble(
        N_(
            "A worker cannot train ({reason}). Check that it has the same version of the lab as the "
            "server; runs wait."
        ),
        reason=_in_a_line(error),
    )


def _in_a_line(error: BaseException) -> str:
    return shown(f"{type(error).__name__} {error}", LONG)
