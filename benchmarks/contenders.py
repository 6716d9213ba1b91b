"""Who is measured against whom: ``python -m benchmarks.contenders NAME NETWORK`` trains epoch after epoch.

Each contender runs in a process of its own. It prints the seconds of an epoch as soon as that is done, and
begins the next one when it reads a line. All train with batches of 32, SGD 0.01 and cross-entropy, on the
same 55,000 images, scaled alike before the clock starts.
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

from core import TENSORFLOW
from core.dataset.prepared import prepare
from core.record.store import Store
from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import DIGITS, PIXELS, PRESETS, Settings

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


def train_in_the_lab(settings: Settings, *, recorded: bool = True, microscope: bool = True) -> None:
    """As a learner's run: validated, recorded in SQLite, every layer watched; one core."""
    from core.network import training

    training.use_one_thread()
    training.warm_up()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(f"sqlite:///{(Path(folder) / 'speed.sqlite').as_posix()}") if recorded else None
        recorder = Recorder(store, settings)
        training.train(settings, recorder=recorder, epochs=EPOCHS, microscope=microscope)


def train_as_the_report_did(settings: Settings) -> None:
    """The report's ``model.fit`` with validation, TensorFlow's defaults, all cores."""
    for name in TENSORFLOW:  # which core has set for the lab's own networks
        del os.environ[name]
    import keras

    class Wait(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
            turns.epoch_is_done()

    data = prepare(settings.data)
    dense = [keras.layers.Dense(width, activation="relu") for width in settings.network.hidden]
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), *dense, keras.layers.Dense(10, activation="softmax")]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    images, validation = data.normalized(data.images), data.normalized(data.validation_images)
    turns = Turns()
    model.fit(
        images,
        data.labels,
        epochs=EPOCHS,
        validation_data=(validation, data.validation_labels),
        callbacks=[Wait()],
        verbose=0,
    )


def scan_with_jax(settings: Settings) -> None:
    """One ``jax.lax.scan`` over an epoch, compiled by XLA, one core; neither validated nor recorded."""
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    _keep_to_one_core()
    import jax
    import jax.numpy as jnp

    data = prepare(settings.data)
    images = jnp.asarray(data.normalized(data.images).reshape(len(data.labels), -1))
    labels, size = jnp.asarray(data.labels, jnp.int32), settings.training.batch_size

    def loss(weights: Any, rows: Any) -> Any:
        signal = images[rows]
        for kernel, bias in weights[:-1]:
            signal = jax.nn.relu(signal @ kernel + bias)
        scores = jax.nn.log_softmax(signal @ weights[-1][0] + weights[-1][1])
        return -scores[jnp.arange(len(rows)), labels[rows]].mean()

    def step(weights: Any, rows: Any) -> Any:
        value, slopes = jax.value_and_grad(loss)(weights, rows)
        rate = settings.training.learning_rate
        return jax.tree.map(lambda weight, slope: weight - rate * slope, weights, slopes), value

    def scan(weights: Any, order: Any) -> Any:
        whole = len(order) // size * size
        weights, losses = jax.lax.scan(step, weights, order[:whole].reshape(-1, size))
        return step(weights, order[whole:])[0], losses.mean()  # the last batch is smaller

    compiled = jax.jit(scan, donate_argnums=0)
    state = {"weights": jax.tree.map(jnp.asarray, _initial_weights(settings))}

    def epoch(order: Indices) -> None:
        state["weights"], mean = compiled(state["weights"], jnp.asarray(order, jnp.int32))
        mean.block_until_ready()

    _take_turns(len(data.labels), epoch)


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
    "lab-without-record": lambda settings: train_in_the_lab(settings, recorded=False, microscope=False),
    "report-script": train_as_the_report_did,
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


def _initial_weights(settings: Settings) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Glorot's, for each layer kernel and bias."""
    generator = np.random.default_rng(0)
    widths = (PIXELS, *settings.network.hidden, DIGITS)
    limits = [np.sqrt(6 / (inputs + width)) for inputs, width in itertools.pairwise(widths)]
    return [
        (generator.uniform(-limit, limit, shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for limit, shape in zip(limits, itertools.pairwise(widths), strict=True)
    ]


def _keep_to_one_core() -> None:
    process = psutil.Process()
    if hasattr(process, "cpu_affinity"):  # not on macOS
        process.cpu_affinity(process.cpu_affinity()[:1])


if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](PRESETS[sys.argv[2]])
