"""A network with its optimiser and its images, and the compiled graph that does many steps in one call.

Batches are gathered, differentiated, applied and counted without coming back to Python between steps,
which is where ``model.fit`` spends half of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.choices.losses import LOSSES
from core.errors import N_
from core.network.model import build, set_weights, weights
from core.network.optimizers import make_optimizer
from core.runs.progress import Checkpoint, DamagedRecord
from core.settings import DIGITS, Settings


def keras_loss(code: str) -> Callable[[Any, Any], Any]:
    """Keras' loss of a code of ``LOSSES``: labels (n,) int32, softmax outputs (n, 10) → losses (n,).

    Within a graph Keras finds the inputs of the softmax and computes the cross-entropy from them, without a
    rounded probability in between.
    """
    row = LOSSES[code]
    function: Callable[[Any, Any], Any] = keras.losses.get(row.keras_name)
    if row.wants_one_hot:
        return lambda labels, probabilities: function(tf.one_hot(labels, DIGITS), probabilities)
    return function


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


@dataclass(frozen=True, eq=False)
class Trainee:
    """A network with the optimiser that trains it.

    Attributes:
        model: takes normalised images (n, 28, 28) float32.
        optimizer: built for the model's variables.
        loss: (labels, probabilities) → losses (n,).
        batch_size: images a step.
        evaluate: compiled (images (n, 28, 28) float32, labels (n,) int32) → sums (3,) float64, whose columns
            are those of ``Checkpoint.sums``.
    """

    model: keras.Model
    optimizer: Any
    loss: Callable[[Any, Any], Any]
    batch_size: int
    evaluate: Callable[[Any, Any], Any]

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Copies of all weights by name."""
        return weights(self.model)

    def optimizer_state(self) -> list[NDArray[Any]]:
        """Copies of the optimiser's variables in its own order."""
        return [variable.value.numpy() for variable in self.optimizer.variables]


Steps = Callable[[Any, Any, Any, int, int, Any], Any]
"""(images (n, 28, 28) float32, labels (n,), order (n,) int32, first, last, sums (2, 3) float64) → sums.

Does the steps ``first`` to ``last`` - 1 of an epoch and adds to both rows of ``sums``, whose columns are
those of ``Checkpoint.sums``. The images are handed in at each call, which copies nothing, so that they can go
while the graph is kept."""


def make_trainee(settings: Settings, checkpoint: Checkpoint | None = None) -> Trainee:
    """The network of these settings, fresh or as a checkpoint left it.

    Raises WrongWeights, DamagedRecord: the checkpoint is not one of these settings.
    """
    model = build(settings.network, seed=settings.training.seed)
    optimizer = make_optimizer(settings.training)
    optimizer.build(model.trainable_variables)
    loss = keras_loss(settings.training.loss)

    def evaluate(images: Any, labels: Any) -> Any:
        probabilities = model(images, training=False)
        return _sums(loss(labels, probabilities), labels, probabilities)

    images, labels = tf.TensorSpec([None, 28, 28], tf.float32), tf.TensorSpec([None], tf.int32)
    trainee = Trainee(
        model, optimizer, loss, settings.training.batch_size, compiled(evaluate, images, labels)
    )
    if checkpoint is not None:
        restore(trainee, checkpoint)
    return trainee


def restore(trainee: Trainee, checkpoint: Checkpoint) -> None:
    """Bring network and optimiser to where a checkpoint left them, bit for bit.

    Raises WrongWeights, DamagedRecord: the checkpoint is not one of these settings.
    """
    set_weights(trainee.model, checkpoint.weights)
    variables = trainee.optimizer.variables
    if [tuple(variable.shape) for variable in variables] != [kept.shape for kept in checkpoint.optimizer]:
        raise DamagedRecord(N_("The saved optimiser belongs to another run. Start the run again."))
    for variable, kept in zip(variables, checkpoint.optimizer, strict=True):
        variable.assign(kept)


def make_steps(trainee: Trainee) -> Steps:
    """Steps that train this trainee; compiled when they are first called."""

    def steps(images: Any, labels: Any, order: Any, first: Any, last: Any, sums: Any) -> Any:
        def step(number: Any, sums: Any) -> tuple[Any, Any]:
            rows = order[number * trainee.batch_size : (number + 1) * trainee.batch_size]
            # Through the graph step by step, so that the sums do not depend on where a call ends.
            return number + 1, sums + _step(trainee, tf.gather(images, rows), tf.gather(labels, rows))

        return tf.while_loop(lambda number, _: number < last, step, (first, sums))[1]

    pictures = tf.TensorSpec([None, 28, 28], tf.float32)
    numbers, whole = tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int32)
    return compiled(steps, pictures, numbers, numbers, whole, whole, tf.TensorSpec([2, 3], tf.float64))


def _step(trainee: Trainee, images: Any, labels: Any) -> Any:
    with tf.GradientTape() as tape:
        probabilities = trainee.model(images, training=True)
        losses = trainee.loss(labels, probabilities)
    # The gradient of the mean loss, in fewer operations than through tf.reduce_mean.
    shares = tf.ones_like(losses) / tf.cast(tf.size(losses), tf.float32)
    variables = [weight.value for weight in trainee.model.trainable_variables]
    gradients = tape.gradient(losses, variables, output_gradients=shares)
    trainee.optimizer.apply(gradients, trainee.model.trainable_variables)
    return _sums(losses, labels, probabilities)


def _sums(losses: Any, labels: Any, probabilities: Any) -> Any:
    """(3,) float64: the columns of ``Checkpoint.sums`` for one batch."""
    right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
    loss, right = (tf.reduce_sum(tf.cast(column, tf.float64)) for column in (losses, right))
    return tf.stack([loss, right, tf.cast(tf.size(losses), tf.float64)])
