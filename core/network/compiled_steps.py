"""A network with its optimiser and its images, and the compiled graph that does many steps in one call.

Batches are gathered, differentiated, applied and counted without coming back to Python between steps,
which is where ``model.fit`` spends half of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.errors import N_
from core.network.model import build, set_weights, weights
from core.network.optimizers import make_optimizer
from core.runs.progress import Checkpoint, DamagedRecord
from core.settings import DIGITS, Settings


def cross_entropy(labels: Any, probabilities: Any) -> Any:
    """Losses (n,) of labels (n,) int32 and softmax outputs (n, 10).

    Within a graph Keras finds the inputs of the softmax and computes the loss from them, without a rounded
    probability in between.
    """
    return keras.losses.sparse_categorical_crossentropy(labels, probabilities)


def squared_error(labels: Any, probabilities: Any) -> Any:
    """Losses (n,): the mean of the ten squared differences between probabilities and the one-hot label."""
    return keras.losses.mean_squared_error(tf.one_hot(labels, DIGITS), probabilities)


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "cross-entropy": cross_entropy,
    "squared-error": squared_error,
}


def compiled(function: Callable[..., Any], *signature: Any) -> Callable[..., Any]:
    """The function as a TensorFlow graph, made when it is first called; its loops are ``tf.while_loop``.

    Its operations are done one after the other, as they are with one thread anyway. TensorFlow's usual
    executor asks after each of a step's 220 operations which others could begin, which takes as long as a
    fifth of the arithmetic in narrow layers.

    Args:
        signature: a ``tf.TensorSpec`` for each argument.
    """
    # Autograph would leave files behind when the process is killed.
    graph = tf.function(function, input_signature=signature, autograph=False)
    make = cache(graph.get_concrete_function)  # which graph to call need not be asked at each call

    @wraps(function)
    def call(*arguments: Any) -> Any:
        with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
            return make()(*arguments)

    return call


class Graph:
    """What a run computes with.

    Attributes:
        model: takes normalised images (n, 28, 28) float32.
        loss: (labels, probabilities) → losses (n,).
        steps: (order (images,) int32, first, last, sums (2, 3) float64) → sums: does the steps ``first`` to
            ``last`` - 1 of an epoch and adds to both rows of ``sums``, whose columns are those of
            ``Checkpoint.sums``. Needs ``load``.
        evaluate: (images (n, 28, 28) float32, labels (n,) int32) → sums (3,) float64.
    """

    def __init__(self, settings: Settings) -> None:
        self.model = build(settings.network, seed=settings.training.seed)
        self.optimizer = make_optimizer(settings.training)
        self.optimizer.build(self.model.trainable_variables)
        self.loss = LOSSES[settings.training.loss]
        self.batch_size = settings.training.batch_size
        whole = tf.TensorSpec([], tf.int32)
        several = tf.TensorSpec([None], tf.int32)
        self.steps = compiled(self._steps, several, whole, whole, tf.TensorSpec([2, 3], tf.float64))
        self.evaluate = compiled(self._evaluate, tf.TensorSpec([None, 28, 28], tf.float32), several)

    def load(self, images: NDArray[np.float32], labels: NDArray[np.uint8]) -> None:
        """Take the normalised images (n, 28, 28) and labels (n,) to train with."""
        self.images = tf.convert_to_tensor(images)  # tf.constant would copy 172 MB twice
        self.labels = tf.constant(labels, tf.int32)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint's weights and optimiser. Raises WrongWeights, DamagedRecord."""
        set_weights(self.model, checkpoint.weights)
        variables = self.optimizer.variables
        if [tuple(variable.shape) for variable in variables] != [kept.shape for kept in checkpoint.optimizer]:
            raise DamagedRecord(N_("The saved optimiser belongs to another run. Start the run again."))
        for variable, kept in zip(variables, checkpoint.optimizer, strict=True):
            variable.assign(kept)

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Copies of all weights by name."""
        return weights(self.model)

    def optimizer_state(self) -> list[NDArray[Any]]:
        """Copies of the optimiser's variables in its own order."""
        return [variable.value.numpy() for variable in self.optimizer.variables]

    def _steps(self, order: Any, first: Any, last: Any, sums: Any) -> Any:
        def step(number: Any, sums: Any) -> tuple[Any, Any]:
            rows = order[number * self.batch_size : (number + 1) * self.batch_size]
            # Through the graph step by step, so that the sums do not depend on where a call ends.
            return number + 1, sums + self._step(tf.gather(self.images, rows), tf.gather(self.labels, rows))

        return tf.while_loop(lambda number, _: number < last, step, (first, sums))[1]

    def _step(self, images: Any, labels: Any) -> Any:
        with tf.GradientTape() as tape:
            probabilities = self.model(images, training=True)
            losses = self.loss(labels, probabilities)
        # The gradient of the mean loss, in fewer operations than through tf.reduce_mean.
        shares = tf.ones_like(losses) / tf.cast(tf.size(losses), tf.float32)
        variables = [weight.value for weight in self.model.trainable_variables]
        gradients = tape.gradient(losses, variables, output_gradients=shares)
        self.optimizer.apply(gradients, self.model.trainable_variables)
        return _sums(losses, labels, probabilities)

    def _evaluate(self, images: Any, labels: Any) -> Any:
        probabilities = self.model(images, training=False)
        return _sums(self.loss(labels, probabilities), labels, probabilities)


def _sums(losses: Any, labels: Any, probabilities: Any) -> Any:
    """(3,) float64: the columns of ``Checkpoint.sums`` for one batch."""
    right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
    loss, right = (tf.reduce_sum(tf.cast(column, tf.float64)) for column in (losses, right))
    return tf.stack([loss, right, tf.cast(tf.size(losses), tf.float64)])
