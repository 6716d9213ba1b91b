"""A network with its optimiser and its images, and the compiled program that does many steps in one call.

Batches are gathered, differentiated, applied and counted in one loop that XLA compiles whole: neither Python
nor TensorFlow's executor is asked between two steps, nor between the operations of one. ``model.fit`` spends
more than half of its time there.
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
from core.network.augmentation import augmented, is_wanted
from core.network.chance import fold_in
from core.network.model import build, forward, set_weights, weights
from core.network.optimizers import make_optimizer
from core.runs.progress import Checkpoint, DamagedRecord
from core.runs.rates import is_scheduled
from core.settings import DIGITS, NetworkSettings, Settings, TrainingSettings


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


def _objective(training: TrainingSettings, loss: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """What a step makes small of each image: the loss itself, or Keras' with smoothed labels."""
    row = LOSSES[training.loss]
    if not (training.label_smoothing and row.can_be_smoothed):
        return loss
    smoothed = getattr(keras.losses, row.smoothed_class)(
        label_smoothing=training.label_smoothing, reduction="none"
    )
    return lambda labels, probabilities: smoothed(tf.one_hot(labels, DIGITS), probabilities)


@cache
def has_xla() -> bool:
    """Whether this TensorFlow can compile with XLA: not every system's can."""
    try:
        tf.function(lambda: tf.constant(1) + 1, jit_compile=True, autograph=False)()
    except tf.errors.OpError:
        return False
    return True


def compiled(function: Callable[..., Any], *signature: Any, by_xla: bool = False) -> Callable[..., Any]:
    """The function as a TensorFlow graph, made when it is first called; its loops are ``tf.while_loop``.

    Its operations are done one after the other, as they are with one thread anyway. TensorFlow's usual
    executor asks after each of a step's 220 operations which others could begin, which takes as long as a
    fifth of the arithmetic in narrow layers.

    Args:
        signature: a ``tf.TensorSpec`` for each argument.
        by_xla: make one program of all its operations. That takes longer, and pays for what is done often.
    """
    # Autograph would leave files behind when the process is killed.
    graph = tf.function(function, input_signature=signature, autograph=False, jit_compile=by_xla)
    kinds = [each.dtype for each in signature]

    @cache
    def make() -> tuple[Callable[[list[Any]], Any], list[Any]]:
        made = graph.get_concrete_function()
        return made.inference_fn.call_preflattened, list(made.captured_inputs)

    @wraps(function)
    def call(*arguments: Any) -> Any:
        # They are what the signature says; to ask for that at each call takes as long as a short call itself.
        given = [*map(_tensor, arguments, kinds)]
        with tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR"):
            run, variables = make()
            return run(given + variables)

    return call


def _tensor(value: Any, kind: tf.DType) -> Any:
    """A number or an array as a tensor; what is one already is not looked at any further."""
    return value if isinstance(value, tf.Tensor) and value.dtype == kind else tf.constant(value, kind)


@dataclass(frozen=True, eq=False)
class Trainee:
    """A network with the optimiser that trains it.

    Attributes:
        model: takes normalised images (n, 28, 28) float32.
        network: what the model was built from.
        training: how it is trained; rate and seed are told elsewhere.
        optimizer: built for the model's variables.
        loss: (labels, probabilities) → losses (n,), as they are recorded.
        objective: the same, as a step makes them small; the loss itself unless labels are smoothed.
        evaluate: compiled (images (n, 28, 28) float32, labels (n,) int32) → sums (3,) float64, whose columns
            are those of ``Checkpoint.sums``, and probabilities (n, 10) float32.
    """

    model: keras.Model
    network: NetworkSettings
    training: TrainingSettings
    optimizer: Any
    loss: Callable[[Any, Any], Any]
    objective: Callable[[Any, Any], Any]
    evaluate: Callable[[Any, Any], Any]

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Copies of all weights by name."""
        return weights(self.model)

    def optimizer_state(self) -> list[NDArray[Any]]:
        """Copies of the optimiser's variables in its own order."""
        return [variable.value.numpy() for variable in self.optimizer.variables]


Steps = Callable[[Any, Any, Any, Any, Any, int, int, Any], Any]
"""(images (n, 28, 28) float32, labels (n,), order int32, rates (steps,) float32, chance (2,) int32, first,
last, sums (2, 3) float64) → sums.

The order is that of ``whole_batches``, the rates are those of ``core.runs.rates``, the chance is
``chance.of_epoch``. Does the steps ``first`` to ``last`` - 1 of an epoch and adds to both rows of ``sums``,
whose columns are those of ``Checkpoint.sums``. The images are handed in at each call, which copies nothing,
so that they can go while the program is kept."""


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
        losses = loss(labels, probabilities)
        return _sums(losses, labels, probabilities, tf.ones_like(losses)), probabilities

    images, labels = tf.TensorSpec([None, 28, 28], tf.float32), tf.TensorSpec([None], tf.int32)
    trainee = Trainee(
        model=model,
        network=settings.network,
        training=settings.training,
        optimizer=optimizer,
        loss=loss,
        objective=_objective(settings.training, loss),
        evaluate=compiled(evaluate, images, labels),
    )
    if checkpoint is not None:
        restore(trainee, checkpoint)
    return trainee


def beginning(settings: Settings) -> Checkpoint:
    """Where a run of these settings begins: the first weights of its seed, an optimiser that did no step."""
    fresh = make_trainee(settings)
    return Checkpoint(0, 0.0, np.zeros((2, 3)), fresh.weights(), fresh.optimizer_state())


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


def make_steps(trainee: Trainee, images: int) -> Steps:
    """Steps that train this trainee on so many images; compiled when they are first called.

    The last batch of an epoch may be smaller. It is filled up with images that count for nothing, so that one
    program does every step of a run, and its bits do not depend on which steps a call does.
    """
    size = min(trainee.training.batch_size, images)

    def steps(
        pictures: Any, labels: Any, order: Any, rates: Any, chance: Any, first: Any, last: Any, sums: Any
    ) -> Any:
        def step(number: Any, sums: Any) -> tuple[Any, Any]:
            places = number * size + tf.range(size)
            rows = tf.slice(order, [number * size], [size])
            if is_scheduled(trainee.training):
                trainee.optimizer.learning_rate = rates[number]
            batch = tf.gather(pictures, rows), tf.gather(labels, rows), places < images
            # Through the loop step by step, so that the sums do not depend on where a call ends.
            return number + 1, sums + _step(trainee, *batch, fold_in(chance, number))

        return tf.while_loop(lambda number, _: number < last, step, (first, sums))[1]

    whole = tf.TensorSpec([], tf.int32)
    signature = (
        tf.TensorSpec([images, 28, 28], tf.float32),
        tf.TensorSpec([images], tf.int32),
        tf.TensorSpec([-(-images // size) * size], tf.int32),
        tf.TensorSpec([-(-images // size)], tf.float32),
        tf.TensorSpec([2], tf.int32),
        whole,
        whole,
        tf.TensorSpec([2, 3], tf.float64),
    )
    return compiled(steps, *signature, by_xla=has_xla())


def whole_batches(order: NDArray[Any], batch_size: int) -> NDArray[np.int32]:
    """The order of an epoch's images (n,) filled up with zeros to whole batches, as ``Steps`` takes it."""
    filling = -len(order) % min(batch_size, len(order))
    return np.pad(order, (0, filling)).astype(np.int32)


def _step(trainee: Trainee, images: Any, labels: Any, real: Any, chance: Any) -> Any:
    """Learn from the real ones of a batch; (3,) float64: the columns of ``Checkpoint.sums`` for them."""
    if is_wanted(trainee.training):
        images = augmented(images, trainee.training, fold_in(chance, 0))
    with tf.GradientTape() as tape:
        probabilities = forward(trainee.model, trainee.network, images, real, fold_in(chance, 1))
        costs = trainee.objective(labels, probabilities)
    counts = tf.cast(real, tf.float32)
    variables = [weight.value for weight in trainee.model.trainable_variables]
    # The gradient of the mean loss over the real ones.
    gradients = tape.gradient(costs, variables, output_gradients=counts / tf.reduce_sum(counts))
    trainee.optimizer.apply(_with_decay(trainee, gradients), trainee.model.trainable_variables)
    losses = costs if trainee.objective is trainee.loss else trainee.loss(labels, probabilities)
    return _sums(losses, labels, probabilities, counts)


def _with_decay(trainee: Trainee, gradients: list[Any]) -> list[Any]:
    """The gradients, and those of ``l2`` times the sum of each kernel's squares, as Keras' L2 has it."""
    factor = 2 * trainee.training.l2
    if not factor:
        return gradients
    weights = trainee.model.trainable_variables
    return [
        gradient + factor * weight.value if weight.name == "kernel" else gradient
        for weight, gradient in zip(weights, gradients, strict=True)
    ]


def _sums(losses: Any, labels: Any, probabilities: Any, counts: Any) -> Any:
    """(3,) float64: the columns of ``Checkpoint.sums``, each image counted 0 or 1 times."""
    right = tf.equal(tf.argmax(probabilities, axis=1, output_type=tf.int32), labels)
    columns = tf.stack([losses * counts, tf.cast(right, tf.float32) * counts, counts])
    return tf.reduce_sum(tf.cast(columns, tf.float64), axis=1)
