"""What tests with real workers need: patience, and a look at a run and at the processes behind it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import psutil
from record_lab import share_no_more

from core.runs.progress import recorded_steps
from core.settings import Settings

PATIENCE = 120.0
"""Seconds: a busy machine starts TensorFlow slowly. Nothing here waits that long when all is well."""

LONG = Settings().change(train=10_000, validation=500, hidden=(16,), optimizer="adam", epochs=10)
"""Some seconds of training, so that there is time to disturb it."""


def wait_for(condition: Any, what: str = "it", seconds: Any = PATIENCE) -> Any:
    """Wait until ``condition()`` is true, and return what it returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {seconds:g} seconds")


class Lab:
    """A store, its engine, and what a test wants to know and do about a run."""

    def __init__(self, store: Any, engine: Any) -> None:
        self.store = store
        self.engine = engine

    def submit(self, settings: Any, learner: str = "anna") -> Any:
        """Start a run that is trained for itself, though the same experiment was trained before."""
        share_no_more(self.store)
        return self.engine.submit(learner, settings)

    def train(self, settings: Any, learner: str = "anna") -> Any:
        run_id = self.submit(settings, learner)
        self.finish(run_id)
        return run_id

    def finish(self, run_id: Any, status: str = "finished") -> None:
        wait_for(lambda: not self.store.runs.get(run_id).unfinished, f"the end of run {run_id}")
        run = self.store.runs.get(run_id)
        assert run.status == status, run.message

    def wait_for_epochs(self, run_id: Any, epochs: Any) -> None:
        wait_for(lambda: self.store.runs.get(run_id).epochs_done >= epochs, f"epoch {epochs} of run {run_id}")

    def worker_process(self, run_id: Any) -> Any:
        """The process that trains this run: the one that listens where the run's worker is."""
        port = int(self.store.queue.running()[run_id].rpartition(":")[2])
        return next(process for process in self.processes() if port in listening(process))

    def processes(self) -> Any:
        """The embedded cluster's processes, its own first."""
        cluster = psutil.Process(self.engine._process.pid)
        return [cluster, *cluster.children(recursive=True)]

    def weights(self, run_id: Any) -> Any:
        return {name: weight.tobytes() for name, weight in self.store.curves.weights(run_id).items()}

    def check_same_training(self, run_id: Any, undisturbed: Any) -> None:
        """Same weights bit for bit, and the same curve: no gap, no doubled point."""
        assert self.weights(run_id) == self.weights(undisturbed)
        curve, expected = (
            self.store.curves.points(each).drop(columns="seconds") for each in (run_id, undisturbed)
        )
        np.testing.assert_array_equal(curve.to_numpy(), expected.to_numpy())
        run = self.store.runs.get(run_id)
        steps = [step for epoch in range(run.epochs) for step in recorded_steps(epoch, run.steps_per_epoch)]
        assert curve["step"].tolist() == [0, *steps]


def listening(process: Any) -> Any:
    """The ports at which a process listens."""
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:
        return set()
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}
