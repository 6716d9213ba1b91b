"""What the compiled program learns, held against stock Keras and against the same steps without XLA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from notebook import train, train_in_pieces
from numpy.typing import NDArray

from benchmarks.grid import GRID, REMEDIES
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.dataset.prepared import prepare
from core.network import arithmetic, compiled_steps
from core.network.chance import of_epoch
from core.network.compiled_steps import make_steps, make_trainee, whole_batches
from core.network.model import build, weights
from core.runs.rates import rates
from core.settings import Settings

Weights = Mapping[str, NDArray[np.float32]]
STEPS = 20
WITHOUT_BATCH_NORMALIZATION = [
    name
    for name, settings in GRID.items()
    if not settings.network.batch_normalization and name.removeprefix("three-layer, ") not in REMEDIES
]
"""Of remedies ``test_remedies.py`` knows more."""


def in_the_lab(settings: Settings, order: NDArray[np.int64]) -> Weights:
    data, trainee = prepare(settings.data), make_trainee(settings)
    images, labels = tf.constant(data.normalized(data.images)), tf.constant(data.labels, tf.int32)
    rows = whole_batches(order, settings.training.batch_size)
    steps = -(-len(order) // settings.training.batch_size)
    rest = rates(settings.training, -(-len(data.labels) // settings.training.batch_size), 0), of_epoch(0, 0)
    make_steps(trainee, len(order))(images, labels, rows, *rest, 0, steps, np.zeros((2, 3)))
    return trainee.weights()


def by_keras_fit(settings: Settings, order: NDArray[np.int64], *, jit_compile: bool = False) -> Weights:
    """Keras as it is: its optimiser, its loss, its ``fit``."""
    data, training = prepare(settings.data), settings.training
    row, loss = OPTIMIZERS[training.optimizer], LOSSES[training.loss]
    model = build(settings.network, seed=training.seed)
    optimizer = getattr(keras.optimizers, row.keras_class)(
        training.learning_rate, global_clipnorm=training.gradient_clipping or None, **row.arguments
    )
    model.compile(optimizer, loss.keras_name, jit_compile=jit_compile)
    answers = keras.utils.to_categorical(data.labels, 10) if loss.wants_one_hot else data.labels
    images = data.normalized(data.images)[order]
    model.fit(images, answers[order], batch_size=training.batch_size, shuffle=False, verbose=0)
    return weights(model)


def worst_difference(mine: Weights, theirs: Weights) -> float:
    """Length of the difference in one variable over the variable's own length: the largest of all."""
    return max(
        float(np.linalg.norm(mine[name] - weight) / np.linalg.norm(weight)) for name, weight in theirs.items()
    )


@pytest.mark.parametrize("name", WITHOUT_BATCH_NORMALIZATION)
def test_after_twenty_steps_the_weights_are_those_of_stock_keras(name: str) -> None:
    size = min(GRID[name].training.batch_size, 256)
    settings = GRID[name].change(train=STEPS * size, validation=100, batch_size=size)
    order = np.arange(STEPS * size)
    assert worst_difference(in_the_lab(settings, order), by_keras_fit(settings, order)) < 1e-5


@pytest.mark.parametrize("by_xla", [False, True])
def test_after_an_epoch_three_layers_have_the_weights_of_stock_keras(by_xla: bool) -> None:
    """Of its first epoch as the lab trains it.

    In other orders a weighted sum may come so near to ReLU's kink that rounding decides on which side it
    lies; Keras compiled by XLA rounds as the lab does, and goes to its side.
    """
    order = np.random.default_rng([0, 0] if not by_xla else 1).permutation(55_000)
    mine = in_the_lab(Settings(), order)
    theirs = by_keras_fit(Settings(), order, jit_compile=by_xla)
    length = np.sqrt(sum(np.sum(weight**2.0) for weight in theirs.values()))
    apart = np.sqrt(sum(np.sum((mine[name] - weight) ** 2.0) for name, weight in theirs.items()))
    assert apart < 1e-5 * length


@pytest.mark.parametrize("batch_size", [32, 300, 1_024])
def test_what_fills_up_the_last_batch_is_not_learnt_from(batch_size: int) -> None:
    """Batch normalisation would notice it, too: its moving averages are of real images only."""
    settings = Settings().change(
        train=310, validation=100, hidden=(12,), batch_normalization=True, batch_size=batch_size
    )
    order = np.random.default_rng(1).permutation(310)
    mine = in_the_lab(settings, order)
    for name, weight in by_keras_fit(settings, order).items():
        np.testing.assert_allclose(mine[name], weight, rtol=1e-5, atol=1e-6, err_msg=name)


def test_whole_batches_leave_what_is_there_and_add_less_than_one() -> None:
    for images, batch_size, expected in ((310, 32, 320), (320, 32, 320), (310, 1_024, 310)):
        filled = whole_batches(np.arange(images), batch_size)
        assert (len(filled), filled.dtype) == (expected, np.dtype(np.int32))
        np.testing.assert_array_equal(filled[:images], np.arange(images))


def test_a_compiled_function_takes_what_its_signature_says_and_sees_variables_as_they_are() -> None:
    factor = tf.Variable(2.0)
    signature = tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.int32)
    times = compiled_steps.compiled(
        lambda numbers, more: {"product": numbers * factor, "sum": tf.reduce_sum(numbers), "more": more + 1},
        *signature,
    )
    for numbers in (tf.constant([1.0, 3.0]), np.array([1.0, 3.0], np.float32), [1.0, 3.0]):
        found = times(numbers, 4)
        assert found["product"].numpy().tolist() == [2.0, 6.0]
        assert (found["sum"].numpy(), found["more"].numpy()) == (4.0, 5)
    factor.assign(10.0)
    assert times([5.0], np.int32(0))["product"].numpy().tolist() == [50.0]
    with pytest.raises((TypeError, ValueError)):
        times(tf.constant([1]), 4)


def test_where_xla_is_missing_the_graph_learns_the_same_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings().change(train=310, validation=100, hidden=(12,), optimizer="adam", epochs=2)
    by_xla = train(settings)
    assert arithmetic.arithmetic({}).steps == "XLA"

    def refusing(*_arguments: Any, **options: Any) -> Any:
        raise tf.errors.UnimplementedError(None, None, "Could not find compiler for platform Host")

    with monkeypatch.context() as patch:
        patch.setattr(tf, "function", refusing)
        compiled_steps.has_xla.cache_clear()
        assert not compiled_steps.has_xla()  # and remembers it
    try:
        assert arithmetic.arithmetic({}).steps == "graph"
        by_graph, pieces = train(settings), train_in_pieces(settings, calls=4)[0]
    finally:
        compiled_steps.has_xla.cache_clear()
    assert pieces.weights == by_graph.weights
    assert worst_difference(by_graph.checkpoints[-1].weights, by_xla.checkpoints[-1].weights) < 1e-5
