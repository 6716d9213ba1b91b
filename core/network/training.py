"""One run, from settings to trained weights.

A run goes from one recorded step to the next in calls of the compiled graph. Calls are short in time, so
that a run always answers; how long they are changes neither what is learnt nor what is recorded. With one
thread the same settings give the same weights and the same curve bit for bit, in one piece or in many.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.dataset.prepared import Extra, prepare
from core.network.compiled_steps import Graph
from core.network.microscope import PROBE_SIZE, Microscope
from core.reading.divergence import diverged
from core.runs.progress import Checkpoint, Point, Recorder, Snapshot, recorded_steps, steps_per_epoch
from core.settings import Settings

CALL_SECONDS = 0.1
"""How long one call of the graph may take; a single step of the largest network takes longer."""
REPORT_SECONDS = 0.25
"""Time after which the recorder is called again, between two calls of the graph."""
VALIDATION_PIECE = 2_500


class _StopRequested(Exception):
    pass


def use_one_thread() -> None:
    """Keep TensorFlow to one thread: one run a core, repeatable. Only before TensorFlow has begun to work."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def warm_up() -> None:
    """Train a tiny network once, so that no run has to wait for lazy imports, the data and first calls."""
    train(Settings().change(train=200, validation=100, hidden=(8,), epochs=1), recorder=_Nobody())
    prepare(Settings().data)


def train(
    settings: Settings,
    *,
    recorder: Recorder,
    checkpoint: Checkpoint | None = None,
    epochs: int | None = None,
    extra: Extra | None = None,
    microscope: bool = True,
) -> str:
    """Train until ``epochs`` are done in all or the recorder wants a stop.

    Args:
        recorder: called at least every half second while steps are done, with the points that are
            new; with a checkpoint at the end of each epoch and when it stops the run, and with a snapshot at
            step 0 and at the end of each epoch.
        checkpoint: where an earlier piece of the run ended; the rest is then bit for bit that of an
            undisturbed run.
        epochs: the target, counted from the run's beginning; None takes it from the settings.
        extra: more images to train with, (n, 28, 28) uint8 and labels (n,) uint8.
        microscope: False leaves out ``Point.layers`` and snapshots, to measure what they cost.

    Returns:
        "finished" or "stopped".

    Raises:
        Diverged: the loss or a weight is no longer a finite number.
        WrongWeights, DamagedRecord: the checkpoint is not one of this run.
    """
    background = ThreadPoolExecutor(1, thread_name_prefix="compile")
    try:
        # Not kept in a variable: the 172 MB of images must be gone when the session is cleared.
        return _Run(settings, recorder, checkpoint, extra, background).train_until(
            epochs or settings.training.epochs, microscope
        )
    finally:
        background.shutdown(wait=False)
        keras.backend.clear_session()


class _Nobody:
    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        return True


class _Run:
    """Where a run is, what it has measured since its last point, and what it has not reported yet."""

    def __init__(
        self,
        settings: Settings,
        recorder: Recorder,
        checkpoint: Checkpoint | None,
        extra: Extra | None,
        background: ThreadPoolExecutor,
    ) -> None:
        self.began = time.perf_counter() - (checkpoint.seconds if checkpoint else 0.0)
        self.reported = time.perf_counter()
        self.settings = settings
        self.recorder = recorder
        self.checkpoint = checkpoint
        self.background = background
        self.data = prepare(settings.data, extra)
        self.steps_per_epoch = steps_per_epoch(len(self.data.labels), settings.training.batch_size)
        self.steps_per_call = 1
        self.has_trained = False
        self.step = checkpoint.step if checkpoint else 0
        self.sums = checkpoint.sums if checkpoint else np.zeros((2, 3))
        self.points: list[Point] = []

    def train_until(self, epochs: int, microscope: bool) -> str:
        """Do what is left of so many epochs; "finished" or "stopped"."""
        try:
            self._meanwhile_listen(lambda: self._build(microscope))
            if not self.checkpoint:
                self._record_point(None)
            self._meanwhile_listen(self._load)
            while self._epoch() < epochs:
                self._train_epoch(self._epoch())
        except _StopRequested:
            if self._epoch() < epochs:
                # What has not trained yet stands where it stood: at its last checkpoint, or nowhere.
                self.recorder.record([], self._checkpoint() if self.has_trained else None, None)
                return "stopped"
        return "finished"

    def _build(self, microscope: bool) -> None:
        """Make the network and all that measures it, and compile that."""
        self.graph = Graph(self.settings)
        if self.checkpoint:
            self.graph.restore(self.checkpoint)
        labels = tf.constant(self.data.validation_labels, tf.int32)
        self.validation = tf.convert_to_tensor(self.data.normalized(self.data.validation_images)), labels
        self._validate_piece(0)
        self.microscope = self._microscope() if microscope else None

    def _load(self) -> None:
        """Take the training images, and compile the steps by doing none."""
        self.graph.load(self.data.normalized(self.data.images), self.data.labels)
        self.graph.steps(np.zeros(0, np.int32), 0, 0, self.sums)

    def _meanwhile_listen(self, work: Callable[[], None]) -> None:
        """Let work that cannot be interrupted go on in the background, and stop without it."""
        future = self.background.submit(work)
        while not wait([future], REPORT_SECONDS).done:
            self._report()
        future.result()

    def _epoch(self) -> int:
        """Which epoch is on its way, from 0; one that is done but not recorded still is."""
        return (self.step - bool(self.sums[1, 2])) // self.steps_per_epoch

    def _train_epoch(self, epoch: int) -> None:
        seed = [self.settings.training.seed, epoch]
        order = tf.constant(np.random.default_rng(seed).permutation(len(self.data.labels)), tf.int32)
        start = epoch * self.steps_per_epoch
        last_point = self.step - bool(self.sums[1, 2])
        for end in recorded_steps(epoch, self.steps_per_epoch):
            if end > last_point:
                self._record_point(self._advance(order, start, end))

    def _advance(self, order: Any, start: int, end: int) -> Any:
        """Train up to step ``end`` of the epoch that began at ``start``; the kernels before its last step."""
        while self.step < end - 1:
            began, count = time.perf_counter(), min(self.steps_per_call, end - 1 - self.step)
            self._do_steps(order, start, count)
            per_step = (time.perf_counter() - began) / count
            self.steps_per_call = max(1, min(8 * count, int(CALL_SECONDS / per_step)))
            self._report_when_due()
        if self.step == end or not self.microscope:
            self._do_steps(order, start, end - self.step)
            return None
        before = self.microscope.kernels()
        self._do_steps(order, start, 1)
        return before

    def _do_steps(self, order: Any, start: int, count: int) -> None:
        first = self.step - start
        self.sums = self.graph.steps(order, first, first + count, self.sums).numpy()
        self.step += count
        self.has_trained = True
        self._check_finite(self.sums)

    def _record_point(self, before: Any) -> None:
        """Measure the network as it is now, and add a point to the curve."""
        ends_epoch = self.step % self.steps_per_epoch == 0
        layers, received = self.microscope.look(before) if self.microscope else (None, [])
        val_loss, val_accuracy = self._validate() if ends_epoch else (None, None)
        epoch_loss, epoch_accuracy = _means(self.sums[0])
        loss, accuracy = _means(self.sums[1])
        self.sums = np.array([self.sums[0] * (not ends_epoch), np.zeros(3)])
        self.points.append(
            Point(
                step=self.step,
                epoch=self.step / self.steps_per_epoch,
                seconds=time.perf_counter() - self.began,
                loss=loss,
                accuracy=accuracy,
                epoch_loss=epoch_loss,
                epoch_accuracy=epoch_accuracy,
                val_loss=val_loss,
                val_accuracy=val_accuracy,
                layers=layers,
            )
        )
        if ends_epoch:
            self._report(
                self._checkpoint() if self.step else None,
                self.microscope.snapshot(self.step, received) if self.microscope else None,
            )
        else:
            self._report_when_due()

    def _validate(self) -> tuple[float | None, float | None]:
        sums = np.zeros(3)
        for first in range(0, len(self.data.validation_labels), VALIDATION_PIECE):
            sums += self._validate_piece(first)
            self._report_when_due()
        self._check_finite(sums)
        return _means(sums)

    def _validate_piece(self, first: int) -> NDArray[np.float64]:
        images, labels = (values[first : first + VALIDATION_PIECE] for values in self.validation)
        return np.asarray(self.graph.evaluate(images, labels))

    def _check_finite(self, *numbers: NDArray[Any]) -> None:
        if not all(np.isfinite(array).all() for array in numbers):
            self.recorder.record(self.points, None, None)
            raise diverged(self.settings, self.step / self.steps_per_epoch)

    def _checkpoint(self) -> Checkpoint:
        weights = self.graph.weights()
        self._check_finite(*weights.values())
        seconds = time.perf_counter() - self.began
        return Checkpoint(self.step, seconds, self.sums, weights, self.graph.optimizer_state())

    def _report(self, checkpoint: Checkpoint | None = None, snapshot: Snapshot | None = None) -> None:
        points, self.points = self.points, []
        go_on = self.recorder.record(points, checkpoint, snapshot)
        self.reported = time.perf_counter()
        if not go_on:
            raise _StopRequested

    def _report_when_due(self) -> None:
        if time.perf_counter() - self.reported > REPORT_SECONDS:
            self._report()

    def _microscope(self) -> Microscope:
        images = self.data.normalized(self.data.images[:PROBE_SIZE])
        labels = self.data.labels[:PROBE_SIZE]
        microscope = Microscope(self.graph.model, self.settings.network, self.graph.loss, images, labels)
        microscope.look()
        return microscope


def _means(sums: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Loss and accuracy from the columns of ``Checkpoint.sums``; None where no image was seen."""
    loss, right, images = sums.tolist()
    return (loss / images, right / images) if images else (None, None)
