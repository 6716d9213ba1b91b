"""What happens in a worker's process: it gets ready once, then trains one run at a time.

Dask calls ``dask_setup`` where a worker was started with ``--preload core.cluster.worker``, as it is by
``python -m core.cluster worker``; ``run`` is the task that the engine submits. Only an address and a name
come in; everything else is in the store.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import psutil

from core import logs
from core.dataset.prepared import prepare
from core.errors import LONG, N_, LabError, shown
from core.reading.divergence import Diverged
from core.record.claims import Claim, ClaimLost
from core.record.database import DatabaseProblem, read_url
from core.record.store import Store
from core.runs.arithmetic import Arithmetic
from core.runs.progress import Checkpoint, Point, Snapshot
from core.runs.run import COMPILING, LEASE

if TYPE_CHECKING:
    from core.network.kept import Kept

log = logging.getLogger(__name__)

TURN = 4.0
"""Seconds that a run may have its worker while a learner waits for whom less trains; then it waits, too."""
SHORTEST = 0.5
"""Seconds that a turn lasts at least after compiling, so that it brings the run on. What is compiled is kept
for the next turn."""
ASK = 1.0
"""Seconds between two questions whether another run waits for this one's worker."""
MOMENT = 0.7
"""Seconds of compiling after which it is said."""
SILENCE = 60.0
"""Seconds without a word from the training after which its worker gives no more sign of life."""
NICENESS = 19


class NoSharedStore(LabError):
    """This worker cannot see the lab's database."""


class OutOfMemory(LabError):
    """The network does not fit into the worker's memory."""


class TrainingFailed(LabError):
    """Training ended with an error nobody foresaw."""


class TooManyThreads(LabError):
    """A worker would train several runs in one process."""


class TookTooLong(LabError):
    """A short function was not done in the time that it was given."""


class Raised(Exception):
    """What a function raised, so wrapped that it is not taken for what befell its worker on the way."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def dask_setup(_worker: object) -> None:
    """Get ready before the first run comes."""
    logs.begin()
    get_ready()


@cache
def get_ready() -> Arithmetic:
    """Once a process: TensorFlow and the data loaded, one thread, low priority; what it calculates with."""
    _be_nice()
    with logs.only_python_speaks():  # TensorFlow tells of graphics cards that a school has not
        from core.network import training

    training.use_one_thread()
    found = training.warm_up()
    gc.collect()
    gc.freeze()
    return found


def introduce() -> Arithmetic:
    """What this process calculates with. Raises what keeps it from training, such as missing data."""
    _address()
    return get_ready()


def run(store_url: str, run_id: str, task: str, only_same: bool = False) -> str:
    """Train a run from where it stands.

    Args:
        store_url: address of the store.
        task: this submission's name; the same name again means that its former worker died.
        only_same: leave a run alone that was trained with another arithmetic than this process has, because
            there is a worker that has it.

    Returns:
        How it ended: "finished", "stopped", "diverged" or "failed"; "waiting" when it is to be gone on with
        later; "taken" when there was nothing to do.

    Raises DatabaseProblem, NoSharedStore, TooManyThreads: the run waits until somebody can go on.
    """
    ours = get_ready()
    store = _open_store(store_url)
    claim = store.claims.take(run_id, _address(), task=task, arithmetic=ours, only_same=only_same)
    if claim is None:
        return "taken"
    try:
        with SignsOfLife(store, claim) as recorder:
            outcome, message = _train(store, claim, recorder)
        if outcome == "waiting":
            store.claims.release(claim)
        else:
            store.claims.end(claim, outcome, message)
    except ClaimLost:
        return "taken"
    except DatabaseProblem as error:
        with suppress(DatabaseProblem, ClaimLost):  # if even this cannot be written, the lease runs out
            store.claims.release(claim, error)
        raise
    return outcome


async def aside(function: Callable[..., Any], args: Sequence[Any], timeout: float) -> Any:
    """Call a function beside the task that this worker is at.

    Raises Raised with what the function raises, and TookTooLong after so many seconds.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(_or_raised, function, args), timeout)
    except TimeoutError as error:
        raise TookTooLong(
            N_(
                "A worker computed for {seconds:g} seconds and was not done. Try again when less is trained "
                "here."
            ),
            seconds=timeout,
        ) from error


def _or_raised(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    try:
        return function(*args)
    except Exception as error:
        raise Raised(error) from error


class SignsOfLife:
    """Renews a claim in the background while the training itself speaks up; hands on what it records."""

    def __init__(self, store: Store, claim: Claim) -> None:
        self.turn_is_over = False
        self._store = store
        self._claim = claim
        self._began = self._heard = time.monotonic()
        self._asks_next = float("inf")
        self._compiles_since: float | None = self._heard
        self._says_so = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="signs-of-life", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def begin_turn(self) -> None:
        """The first step comes next."""
        if self._says_so:
            self._store.claims.hold_up_no_more(self._claim, COMPILING)
        self._compiles_since = None
        self._asks_next = max(self._began + TURN, time.monotonic() + SHORTEST)

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Keep what is new. Returns False to stop: the learner wants it, or it is another one's turn."""
        self._heard = time.monotonic()
        self._say_that_it_compiles()
        go_on = self._store.claims.record(self._claim, points, checkpoint, snapshot)
        if go_on and not self.turn_is_over and self._heard >= self._asks_next:
            self.turn_is_over = self._store.queue.should_give_way(self._claim)
            self._asks_next = self._heard + ASK
        return go_on and not self.turn_is_over

    def _say_that_it_compiles(self) -> None:
        if self._compiles_since is None or self._says_so or self._heard < self._compiles_since + MOMENT:
            return
        self._store.claims.hold_up(self._claim, COMPILING)
        self._says_so = True

    def _renew(self) -> None:
        while not self._done.wait(LEASE / 5) and time.monotonic() - self._heard < SILENCE:
            try:
                self._store.claims.renew(self._claim)
            except ClaimLost:
                return
            except DatabaseProblem as error:  # the training meets it too, and decides
                log.warning("%s", error)


def _train(store: Store, claim: Claim, recorder: SignsOfLife) -> tuple[str, LabError | None]:
    from core.network import training

    try:
        store.claims.keep_normalization(claim, prepare(claim.settings.data, claim.extra).normalization)
        outcome = training.train(
            claim.settings,
            recorder=recorder,
            checkpoint=store.claims.checkpoint(claim),
            epochs=claim.epochs,
            extra=claim.extra,
            kept=_kept(),
            when_ready=recorder.begin_turn,
        )
    except (ClaimLost, DatabaseProblem):
        raise
    except Diverged as error:
        return "diverged", error
    except LabError as error:
        return "failed", error
    except Exception as error:
        return "failed", _name(error)
    return ("waiting" if outcome == "stopped" and recorder.turn_is_over else outcome), None


@cache
def _kept() -> Kept:
    """What this process keeps from one turn to the next."""
    from core.network.kept import Kept

    return Kept()


def _name(error: Exception) -> LabError:
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return OutOfMemory(
            N_("The worker ran out of memory. Choose a smaller network or a smaller batch, then train again.")
        )
    log.error(N_("Training failed"), exc_info=error)
    return TrainingFailed(
        N_(
            "Training ended with an error ({reason}). Change a setting and train again; if it comes back, "
            "tell whoever runs the lab."
        ),
        reason=shown(f"{type(error).__name__}: {error}", LONG),
    )


@lru_cache(maxsize=1)
def _open_store(url: str) -> Store:
    place = read_url(url)
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).exists():
        raise NoSharedStore(
            N_(
                "A worker on another machine cannot see the lab's database file. Set "
                "DIGITS_DATABASE_URL to a PostgreSQL server that all machines reach."
            )
        )
    return Store(url)


def _address() -> str:
    """Where this worker is, for the store."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:  # not called by Dask
        return f"process {os.getpid()}"
    if worker.state.nthreads != 1:
        raise TooManyThreads(N_("A worker was started with several threads. Start it with --nthreads 1."))
    return str(worker.address)


def _be_nice() -> None:
    """Let pages go first: they need little, but at once.

    On Linux a priority belongs to a thread and to the threads that it starts: TensorFlow's are yet to come.
    """
    process = psutil.Process()
    if sys.platform == "win32":
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        process.nice(min(19, process.nice() + NICENESS))
