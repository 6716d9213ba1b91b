"""One run, from settings to trained weights.

A run goes from one recorded step to the next in calls of the compiled program. Calls are short in time, so
that a run always answers; how long they are changes neither what is learnt nor what is recorded. With one
thread the same settings give the same weights and the same curve bit for bit, in one piece or in many.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.dataset.prepared import Extra, prepare
from core.network.arithmetic import arithmetic, limit_xla
from core.network.chance import of_epoch
from core.network.compiled_steps import whole_batches
from core.network.instruments import Images, Instruments, compile_steps
from core.network.kept import Kept
from core.reading.divergence import diverged
from core.runs.arithmetic import Arithmetic
from core.runs.progress import Checkpoint, Point, Recorder, Snapshot, recorded_steps, steps_per_epoch
from core.runs.rates import rates
from core.settings import Settings

CALL_SECONDS = 0.1
"""How long one call of the program may take; a single step of the largest network takes longer."""
REPORT_SECONDS = 0.25
"""Time after which the recorder is called again, between two calls of the program."""

Result = TypeVar("Result")


class _StopRequested(Exception):
    pass


def use_one_thread() -> None:
    """Keep TensorFlow to one thread: one run a core, repeatable. Only before TensorFlow has begun to work."""
    limit_xla()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def warm_up() -> Arithmetic:
    """Train a tiny network once, so that no run has to wait for lazy imports, the data and first calls.

    Returns:
        This process's arithmetic, of which the tiny network's weights are the probe.
    """
    last = _Last()
    train(Settings().change(train=200, validation=100, hidden=(8,), epochs=1), recorder=last)
    prepare(Settings().data)
    return arithmetic(last.weights)


def train(
    settings: Settings,
    *,
    recorder: Recorder,
    checkpoint: Checkpoint | None = None,
    epochs: int | None = None,
    extra: Extra | None = None,
    microscope: bool = True,
    answers: bool = True,
    kept: Kept | None = None,
    when_ready: Callable[[], None] | None = None,
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
        answers: False leaves out ``Point.answers``, for the same.
        kept: what is left of earlier runs, and where this one leaves what the next one can use; without it
            nothing stays.
        when_ready: called once, when all is compiled and the first step comes next.

    Returns:
        "finished" or "stopped".

    Raises:
        Diverged: the loss or a weight is no longer a finite number.
        WrongWeights, DamagedRecord: the checkpoint is not one of this run.
    """
    reporter = _Reporter(recorder, when_ready)
    wanted = _Wanted(epochs or settings.training.epochs, microscope, answers)
    try:
        return _train(settings, reporter, checkpoint, extra, wanted, kept or Kept(room=0))
    finally:
        reporter.close()
        keras.backend.clear_session()


@dataclass(frozen=True)
class _Wanted:
    """Epochs in all, and what is measured at each point beside the curve."""

    epochs: int
    microscope: bool
    answers: bool


def _train(
    settings: Settings,
    reporter: _Reporter,
    checkpoint: Checkpoint | None,
    extra: Extra | None,
    wanted: _Wanted,
    kept: Kept,
) -> str:
    images = kept.images(settings.data, extra)
    try:
        take = partial(kept.take, settings, images, checkpoint, microscope=wanted.microscope)
        instruments = reporter.meanwhile(take)
    except _StopRequested:
        reporter.recorder.record([], None, None)
        return "stopped"
    run = _Run(settings, images, instruments, reporter, checkpoint, answers=wanted.answers)
    outcome = run.train_until(wanted.epochs)
    if run.has_trained:  # what still compiles in the background is left to itself
        kept.keep(settings, images, instruments, microscope=wanted.microscope)
    return outcome


class _Last:
    """Remembers the last weights only."""

    weights: Mapping[str, NDArray[np.float32]]

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        self.weights = checkpoint.weights if checkpoint else {}
        return True


class _Reporter:
    """Hands the recorder what is new, often enough to hear of a stop in time."""

    def __init__(self, recorder: Recorder, when_ready: Callable[[], None] | None) -> None:
        self.recorder = recorder
        self.when_ready = when_ready or (lambda: None)
        self.points: list[Point] = []
        self._last = time.perf_counter()
        self._background = ThreadPoolExecutor(1, thread_name_prefix="compile")

    def close(self) -> None:
        """Let go of what still compiles."""
        self._background.shutdown(wait=False)

    def report(self, checkpoint: Checkpoint | None = None, snapshot: Snapshot | None = None) -> None:
        """Hand over what is new. Raises _StopRequested."""
        points, self.points = self.points, []
        go_on = self.recorder.record(points, checkpoint, snapshot)
        self._last = time.perf_counter()
        if not go_on:
            raise _StopRequested

    def report_when_due(self) -> None:
        """Report if the last time is long enough ago. Raises _StopRequested."""
        if time.perf_counter() - self._last > REPORT_SECONDS:
            self.report()

    def meanwhile(self, work: Callable[[], Result]) -> Result:
        """Do what cannot be interrupted in the background; raises _StopRequested without waiting for it."""
        future = self._background.submit(work)
        while not wait([future], REPORT_SECONDS).done:
            self.report()
        return future.result()


class _Run:
    """Where a run is, and what it has measured since its last point."""

    def __init__(
        self,
        settings: Settings,
        images: Images,
        instruments: Instruments,
        reporter: _Reporter,
        checkpoint: Checkpoint | None,
        *,
        answers: bool,
    ) -> None:
        self.settings = settings
        self.images = images
        self.instruments = instruments
        self.reporter = reporter
        self.began = time.perf_counter() - (checkpoint.seconds if checkpoint else 0.0)
        self.answers = answers
        self.steps_per_epoch = steps_per_epoch(len(images.prepared.labels), settings.training.batch_size)
        self.steps_per_call = 1
        self.has_trained = False
        self.step = checkpoint.step if checkpoint else 0
        self.sums = checkpoint.sums if checkpoint else np.zeros((2, 3))

    @property
    def recorded_step(self) -> int:
        """The step up to which the curve is complete; images counted since belong to later ones."""
        return self.step - 1 if self.sums[1, 2] else self.step

    @property
    def epoch(self) -> int:
        """Which epoch is on its way, from 0; one that is done but not recorded still is."""
        return self.recorded_step // self.steps_per_epoch

    def train_until(self, epochs: int) -> str:
        """Do what is left of so many epochs; "finished" or "stopped"."""
        try:
            if not self.step:
                self._record_point(None)
            self._compile()
            while self.epoch < epochs:
                self._train_epoch(self.epoch)
        except _StopRequested:
            if self.epoch < epochs:
                # What has not trained yet stands where it stood: at its last checkpoint, or nowhere.
                checkpoint = self._checkpoint() if self.has_trained else None
                self.reporter.recorder.record([], checkpoint, None)
                return "stopped"
        return "finished"

    def _compile(self) -> None:
        """Get the program ready. That is no time of training: the next run of such a network spends none."""
        began = time.perf_counter()
        self.reporter.meanwhile(partial(compile_steps, self.instruments, self.images))
        self.began += time.perf_counter() - began
        self.reporter.when_ready()

    def _train_epoch(self, epoch: int) -> None:
        seed = [self.settings.training.seed, epoch]
        images, labels = self.images.training
        order = np.random.default_rng(seed).permutation(len(labels))
        order = tf.constant(whole_batches(order, self.settings.training.batch_size))
        rate = tf.constant(rates(self.settings.training, self.steps_per_epoch, epoch))
        chance = tf.constant(of_epoch(*seed))
        start = epoch * self.steps_per_epoch

        def do(count: int) -> None:
            first = self.step - start
            last = first + count
            done = self.instruments.steps(images, labels, order, rate, chance, first, last, self.sums)
            self.sums = done.numpy()
            self.step += count
            self.has_trained = True
            self._check_finite(self.sums)

        last_point = self.recorded_step
        for end in recorded_steps(epoch, self.steps_per_epoch):
            if end > last_point:
                self._record_point(self._advance(do, end))

    def _advance(self, do: Callable[[int], None], end: int) -> Any:
        """Train up to step ``end`` with ``do``, which does so many steps; the kernels before the last."""
        while self.step < end - 1:
            began, count = time.perf_counter(), min(self.steps_per_call, end - 1 - self.step)
            do(count)
            per_step = (time.perf_counter() - began) / count
            self.steps_per_call = max(1, min(8 * count, int(CALL_SECONDS / per_step)))
            self.reporter.report_when_due()
        microscope = self.instruments.microscope
        if self.step == end or microscope is None:
            do(end - self.step)
            return None
        before = microscope.kernels()
        do(1)
        return before

    def _record_point(self, before: Any) -> None:
        """Measure the network as it is now, and add a point to the curve.

        Of trained weights all is measured before a stop is heard: an epoch's end is never without its point.
        """
        ends_epoch = self.step % self.steps_per_epoch == 0
        microscope = self.instruments.microscope
        layers, received = microscope.look(before) if microscope else (None, [])
        answers = self.instruments.ask(self.images) if self.answers else None
        val_loss, val_accuracy = self._validate() if ends_epoch else (None, None)
        epoch_loss, epoch_accuracy = _means(self.sums[0])
        loss, accuracy = _means(self.sums[1])
        self.sums = np.array([np.zeros(3) if ends_epoch else self.sums[0], np.zeros(3)])
        self.reporter.points.append(
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
                answers=answers,
            )
        )
        if ends_epoch:
            self.reporter.report(
                self._checkpoint() if self.step else None,
                microscope.snapshot(self.step, received) if microscope else None,
            )
        else:
            self.reporter.report_when_due()

    def _validate(self) -> tuple[float | None, float | None]:
        sums = np.zeros(3)
        for pictures, labels in self.images.validation:
            sums += self.instruments.validate(pictures, labels)
            if not self.step:  # nothing is trained yet, so nothing is kept
                self.reporter.report_when_due()
        self._check_finite(sums)
        return _means(sums)

    def _check_finite(self, *numbers: NDArray[Any]) -> None:
        if not all(np.isfinite(array).all() for array in numbers):
            self.reporter.recorder.record(self.reporter.points, None, None)
            raise diverged(self.step / self.steps_per_epoch)

    def _checkpoint(self) -> Checkpoint:
        trainee = self.instruments.trainee
        weights = trainee.weights()
        self._check_finite(*weights.values())
        seconds = time.perf_counter() - self.began
        return Checkpoint(self.step, seconds, self.sums, weights, trainee.optimizer_state())


def _means(sums: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Loss and accuracy from the columns of ``Checkpoint.sums``; None where no image was seen."""
    loss, right, images = sums.tolist()
    return (loss / images, right / images) if images else (None, None)
