"""The same 300 steps of the report's network in every way that Keras and TensorFlow offer, timed.

``python -m core.network.same_steps`` prints what it found as JSON. It needs a process of its own: only before
TensorFlow has begun to work can one processor be divided into two devices.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.dataset.prepared import prepare
from core.network.chance import of_epoch
from core.network.compiled_steps import make_steps, make_trainee, whole_batches
from core.network.model import build
from core.network.training import use_one_thread
from core.settings import DEFAULT

STEPS = 300
BATCH = 32
REPLICAS = 2
LOSS = "sparse_categorical_crossentropy"

Images = tuple[NDArray[np.float32], NDArray[np.int32]]
Steps = Callable[[Images], Any]
"""Does a step for each batch of these images and labels, in their order."""


def measure(steps: int = STEPS) -> dict[str, dict[str, float]]:
    """Every way of ``WAYS`` → what it took and where it came to.

    Returns:
        ready: seconds until its first step is done, and with it what is compiled; seconds: for all steps
        after that, from the first weights; loss: of these images after the last; apart: the largest
        difference between a weight and that of the first way.
    """
    images = _images(steps)
    found: dict[str, dict[str, float]] = {}
    first: list[NDArray[Any]] = []
    for code, way in WAYS.items():
        began = time.perf_counter()
        model, go = way(images)
        go((images[0][:BATCH], images[1][:BATCH]))
        ready = time.perf_counter() - began
        model.set_weights(build(DEFAULT.network, seed=DEFAULT.training.seed).get_weights())
        began = time.perf_counter()
        go(images)
        seconds = time.perf_counter() - began
        weights = model.get_weights()
        first = first or weights
        apart = max(float(np.abs(one - other).max()) for one, other in zip(weights, first, strict=True))
        found[code] = {"ready": ready, "seconds": seconds, "loss": _loss(model, images), "apart": apart}
    return found


def divide_the_processor() -> None:
    """Let TensorFlow see two devices in one processor. Only before it has begun to work."""
    (processor,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(
        processor, [tf.config.LogicalDeviceConfiguration() for _ in range(REPLICAS)]
    )


def _images(steps: int) -> Images:
    """The first images of the first epoch, as a run of the default settings draws them, normalised."""
    prepared = prepare(DEFAULT.data)
    rows = np.random.default_rng([DEFAULT.training.seed, 0]).permutation(len(prepared.labels))
    rows = rows[: steps * BATCH]
    return prepared.normalized(prepared.images[rows]), prepared.labels[rows].astype(np.int32)


def _loss(model: keras.Model, images: Images) -> float:
    probabilities = model(images[0], training=False)
    return float(tf.reduce_mean(keras.losses.get(LOSS)(images[1], probabilities)))


def _compiled_model() -> keras.Model:
    model = build(DEFAULT.network, seed=DEFAULT.training.seed)
    model.compile(optimizer=keras.optimizers.SGD(DEFAULT.training.learning_rate), loss=LOSS)
    return model


def _dataset(images: Images) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(images).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def _fit_arrays(_images: Images) -> tuple[keras.Model, Steps]:
    model = _compiled_model()
    return model, lambda these: model.fit(*these, batch_size=BATCH, shuffle=False, verbose=0)


def _fit_dataset(_images: Images) -> tuple[keras.Model, Steps]:
    model = _compiled_model()
    return model, lambda these: model.fit(_dataset(these), verbose=0)


def _two_replicas(_images: Images) -> tuple[keras.Model, Steps]:
    strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(REPLICAS)])
    with strategy.scope():
        model = _compiled_model()
    return model, lambda these: model.fit(_dataset(these), verbose=0)


def _by_hand(images: Images, *, as_graph: bool) -> tuple[keras.Model, Steps]:
    """A loop in Python over batches, and in it the step that everybody writes."""
    model = build(DEFAULT.network, seed=DEFAULT.training.seed)
    optimizer = keras.optimizers.SGD(DEFAULT.training.learning_rate)
    optimizer.build(model.trainable_variables)

    def step(pictures: Any, labels: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.get(LOSS)(labels, model(pictures, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)

    called = tf.function(step, autograph=False) if as_graph else step

    def go(these: Images) -> None:
        for first in range(0, len(these[1]), BATCH):
            called(*(tf.constant(array[first : first + BATCH]) for array in these))

    return model, go


def _eagerly(images: Images) -> tuple[keras.Model, Steps]:
    return _by_hand(images, as_graph=False)


def _as_a_graph(images: Images) -> tuple[keras.Model, Steps]:
    return _by_hand(images, as_graph=True)


def _compiled_whole(images: Images) -> tuple[keras.Model, Steps]:
    """The lab's own loop: all steps in one program, made by XLA."""
    trainee, count = make_trainee(DEFAULT), len(images[1])
    steps = make_steps(trainee, count)
    order = tf.constant(whole_batches(np.arange(count), BATCH))
    pictures, labels = tf.constant(images[0]), tf.constant(images[1])

    def go(these: Images) -> None:
        last = len(these[1]) // BATCH
        rest = np.zeros(-(-count // BATCH), np.float32), of_epoch(0, 0)  # no schedule, no chance
        steps(pictures, labels, order, *rest, 0, last, np.zeros((2, 3))).numpy()

    return trainee.model, go


WAYS: Mapping[str, Callable[[Images], tuple[keras.Model, Steps]]] = {
    "fit-arrays": _fit_arrays,
    "fit-dataset": _fit_dataset,
    "eagerly": _eagerly,
    "graph": _as_a_graph,
    "compiled": _compiled_whole,
    "replicas": _two_replicas,
}
"""Code → (all images) → a model with first weights, and what does steps with it."""


if __name__ == "__main__":
    use_one_thread()
    divide_the_processor()
    print(json.dumps(measure()))
