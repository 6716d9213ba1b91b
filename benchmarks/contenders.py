"""Who is measured against whom: ``python -m benchmarks.contenders NAME SETTINGS`` trains epoch after epoch.

Each contender runs in a process of its own. It prints the seconds of an epoch as soon as that is done, and
begins the next one when it reads a line. SETTINGS are the name of a preset, or JSON. All train on the same
images, scaled alike before the clock starts.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks import one_loop
from core import TENSORFLOW
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.dataset.prepared import prepare
from core.network import build
from core.record.store import Store
from core.runs.progress import Checkpoint, Point, Snapshot, steps_per_epoch
from core.settings import PRESETS, Settings

Indices = NDArray[np.int64]

EPOCHS = 200
"""More than anybody measures."""


class Turns:
    """Takes turns with the other contenders: one epoch each."""

    def __init__(self) -> None:
        self.began = time.perf_counter()

    def epoch_is_done(self) -> None:
        """Tell how long it took, and wait until the next one may begin."""
        print(time.perf_counter() - self.began, flush=True)
        if not sys.stdin.readline():
            raise SystemExit
        self.began = time.perf_counter()


class Recorder:
    """Records a run in a store as a worker does; without a store nowhere."""

    def __init__(self, store: Store | None, settings: Settings) -> None:
        self.store = store
        self.claim = store.claims.take(store.runs.create("speed", settings), "speed") if store else None
        self.turns = Turns()

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Write to the store; at the end of an epoch it is somebody else's turn."""
        if self.store and self.claim:
            self.store.claims.record(self.claim, points, checkpoint, snapshot)
        if checkpoint:
            self.turns.epoch_is_done()
        return True


def train_in_the_lab(
    settings: Settings, *, recorded: bool = True, microscope: bool = True, answers: bool = True
) -> None:
    """As a learner's run: validated, recorded in SQLite, every layer watched, witnesses asked; one core."""
    from core.network import training

    training.use_one_thread()
    training.warm_up()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(f"sqlite:///{(Path(folder) / 'speed.sqlite').as_posix()}") if recorded else None
        recorder = Recorder(store, settings)
        training.train(settings, recorder=recorder, epochs=EPOCHS, microscope=microscope, answers=answers)


def train_as_the_report_did(settings: Settings) -> None:
    """``model.fit`` with validation, as the report's script called it; TensorFlow's defaults, all cores."""
    for name in TENSORFLOW:  # which core has set for the lab's own networks
        del os.environ[name]
    import keras

    from benchmarks import fit_remedies

    class Wait(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            turns.epoch_is_done()

    data = prepare(settings.data)
    training = settings.training
    model = fit_remedies.remedied(build(settings.network), training)
    rule = OPTIMIZERS[training.optimizer]
    rate = fit_remedies.rate(training, steps_per_epoch(len(data.labels), training.batch_size))
    optimizer = getattr(keras.optimizers, rule.keras_class)(
        rate, global_clipnorm=training.gradient_clipping or None, **rule.arguments
    )
    model.compile(optimizer, fit_remedies.loss(training), metrics=["accuracy"])
    images, validation = data.normalized(data.images), data.normalized(data.validation_images)
    answers, others = data.labels, data.validation_labels
    if LOSSES[training.loss].wants_one_hot or training.label_smoothing:
        answers, others = keras.utils.to_categorical(answers), keras.utils.to_categorical(others)
    turns = Turns()
    model.fit(
        images,
        answers,
        batch_size=training.batch_size,
        epochs=EPOCHS,
        validation_data=(validation, others),
        callbacks=[Wait()],
        verbose=0,
    )


def scan_with_jax(settings: Settings) -> None:
    """One ``jax.lax.scan`` over an epoch, compiled by XLA, one core; neither validated nor recorded."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    _keep_to_one_core()
    _loop(one_loop.with_jax, settings)


def loop_with_tensorflow(settings: Settings) -> None:
    """One ``tf.while_loop`` over an epoch, compiled by XLA, one core; neither validated nor recorded."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    _loop(one_loop.with_tensorflow, settings)


def _loop(make: Callable[..., one_loop.Epoch], settings: Settings) -> None:
    data = prepare(settings.data)
    images = data.normalized(data.images).reshape(len(data.labels), -1)
    _take_turns(len(data.labels), make(settings, images, data.labels))


def loop_with_torch(settings: Settings) -> None:
    """PyTorch's usual loop, eager, all cores; neither validated nor recorded."""
    import torch

    data = prepare(settings.data)
    images = torch.from_numpy(data.normalized(data.images).reshape(len(data.labels), -1))
    labels = torch.from_numpy(data.labels.astype(np.int64))
    widths = (images.shape[1], *settings.network.hidden)
    layers: list[Any] = []
    for inputs, width in itertools.pairwise(widths):
        layers += [torch.nn.Linear(inputs, width), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=settings.training.learning_rate)
    loss = torch.nn.CrossEntropyLoss()

    def epoch(order: Indices) -> None:
        for rows in torch.from_numpy(order).split(settings.training.batch_size):
            optimizer.zero_grad()
            loss(model(images[rows]), labels[rows]).backward()
            optimizer.step()

    _take_turns(len(data.labels), epoch)


CONTENDERS: dict[str, Callable[[Settings], None]] = {
    "lab": train_in_the_lab,
    "lab-without-microscope": lambda settings: train_in_the_lab(settings, microscope=False),
    "lab-without-answers": lambda settings: train_in_the_lab(settings, answers=False),
    "lab-without-record": lambda settings: train_in_the_lab(
        settings, recorded=False, microscope=False, answers=False
    ),
    "report-script": train_as_the_report_did,
    "compiled-loop": loop_with_tensorflow,
    "jax-scan": scan_with_jax,
    "torch-eager": loop_with_torch,
}
NEEDS = {"jax-scan": "jax", "torch-eager": "torch"}
"""What is measured only where it is installed."""


def _take_turns(images: int, epoch: Callable[[Indices], None]) -> None:
    turns = Turns()
    for number in range(EPOCHS):
        epoch(np.random.default_rng([0, number]).permutation(images))
        turns.epoch_is_done()


def _keep_to_one_core() -> None:
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        process.cpu_affinity(process.cpu_affinity()[:1])


if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](PRESETS.get(sys.argv[2]) or Settings.from_json(sys.argv[2]))
