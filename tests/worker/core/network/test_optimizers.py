from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.network.optimizers import make_optimizer
from core.settings import TrainingSettings

KERAS = {
    "sgd": lambda **options: keras.optimizers.SGD(**options),
    "momentum": lambda **options: keras.optimizers.SGD(momentum=0.9, **options),
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "nadam": keras.optimizers.Nadam,
}


def walk(optimizer: Any, steps: Any) -> Any:
    """Two weights after some steps with gradients of very different sizes."""
    generator = np.random.default_rng(3)
    weights = [keras.Variable(generator.normal(size=shape).astype(np.float32)) for shape in ((7, 5), (5,))]
    optimizer.build(weights)
    sizes = 10.0 ** generator.integers(-6, 3, size=steps)

    @tf.function  # type: ignore[untyped-decorator]
    def step(*gradients: Any) -> None:
        optimizer.apply(gradients, weights)

    for size in sizes:
        step(*[tf.constant(size * generator.normal(size=w.shape), tf.float32) for w in weights])
    return [weight.numpy() for weight in weights]


@pytest.mark.parametrize("clipping", [0.0, 0.5])
@pytest.mark.parametrize("name", KERAS)
def test_it_walks_as_keras_does(name: Any, clipping: float) -> None:
    settings = TrainingSettings(optimizer=name, learning_rate=0.1, gradient_clipping=clipping)
    theirs = walk(KERAS[name](learning_rate=0.1, global_clipnorm=clipping or None), 12)
    for ours, expected in zip(walk(make_optimizer(settings), 12), theirs, strict=True):
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("name", KERAS)
def test_its_state_is_all_in_its_variables(name: Any) -> None:
    """Two halves with the state carried over by hand are one whole, bit for bit."""
    training = TrainingSettings(optimizer=name)
    gradients = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)

    def steps(state: Any, weight: Any, rows: Any) -> Any:
        optimizer, variable = make_optimizer(training), keras.Variable(weight)
        optimizer.build([variable])
        for kept, value in zip(optimizer.variables, state, strict=False):
            kept.assign(value)
        for row in rows:
            optimizer.apply([tf.constant(row)], [variable])
        return [kept.numpy() for kept in optimizer.variables], variable.numpy()

    start = np.ones(4, np.float32)
    _, whole = steps([], start, gradients)
    state, half = steps([], start, gradients[:3])
    _, continued = steps(state, half, gradients[3:])
    assert whole.tobytes() == continued.tobytes()
    assert whole.tobytes() != half.tobytes()


def test_a_gradient_over_the_limit_is_cut_to_it() -> None:
    weight = keras.Variable(np.zeros(2, np.float32))
    optimizer = make_optimizer(TrainingSettings(learning_rate=1.0, gradient_clipping=5.0))
    optimizer.apply([tf.constant([30.0, 40.0])], [weight])
    np.testing.assert_allclose(weight.numpy(), [-3.0, -4.0], rtol=1e-6)
