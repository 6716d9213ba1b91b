"""An epoch as one compiled loop, written from the formulas: the limit that the lab is measured against.

Nothing here is the lab's or Keras': a network is a list of arrays, a step is a function from arrays to
arrays, an epoch is that function in a loop which XLA compiles whole. TensorFlow and JAX say the same in other
words (``Library``). Neither validated, nor recorded, nor interrupted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.loop_remedies import Dice, augmented, dropped, rate
from core.settings import DIGITS, PIXELS, NetworkSettings, Settings, TrainingSettings

Arrays = list[Any]
Epoch = Callable[[NDArray[np.int64]], None]

BATCH_NORMALIZATION = {"epsilon": 1e-3, "momentum": 0.99}
BETA_1, BETA_2, EPSILON, RHO, MOMENTUM, NADAM_DECAY = 0.9, 0.999, 1e-7, 0.9, 0.9, 0.96


@dataclass(frozen=True)
class Library:
    """What TensorFlow and JAX name differently.

    Attributes:
        nn: activations and softmax by their usual names.
        xp: ``sqrt``, ``square``, ``reshape``, ``maximum``.
        mean, total, largest: of an array along an axis.
        at: rows of an array by number. one_hot: labels (n,) → (n, 10).
        differentiate: (function of arrays → (loss, more), arrays) → (loss, more, gradients).
        dice: for what is drawn in a step.
    """

    nn: Any
    xp: Any
    mean: Callable[..., Any]
    total: Callable[..., Any]
    largest: Callable[..., Any]
    at: Callable[[Any, Any], Any]
    one_hot: Callable[[Any], Any]
    differentiate: Callable[[Callable[[Arrays], tuple[Any, Any]], Arrays], tuple[Any, Any, Arrays]]
    dice: Dice


def activations(library: Library) -> Mapping[str, Callable[[Any], Any]]:
    """Code of a setting → function of a layer's sums (n, units), for maxout (n, 2 · units)."""
    nn = library.nn
    return {
        "sigmoid": nn.sigmoid,
        "tanh": nn.tanh,
        "relu": nn.relu,
        "leaky-relu": lambda sums: nn.leaky_relu(sums, 0.2),
        "elu": nn.elu,
        "maxout": lambda sums: library.largest(library.xp.reshape(sums, (sums.shape[0], -1, 2)), 2),
        "gelu": lambda sums: nn.gelu(sums, approximate=False),
        "selu": nn.selu,
        "swish": nn.silu,
        "softplus": nn.softplus,
        "linear": lambda sums: sums,
    }


def first_arrays(network: NetworkSettings) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """What is learnt, and the moving means and variances.

    Learnt are for each layer kernel and bias, with batch normalisation scale and shift as well.
    """
    generator = np.random.default_rng(0)
    learnt: list[NDArray[Any]] = []
    moving: list[NDArray[Any]] = []
    pieces = 2 if network.activation == "maxout" else 1
    for inputs, width in itertools.pairwise((PIXELS, *network.hidden, DIGITS)):
        is_output = len(learnt) // (4 if network.batch_normalization else 2) == len(network.hidden)
        sums = width if is_output else width * pieces
        limit = np.sqrt(6 / (inputs + sums))
        learnt += [generator.uniform(-limit, limit, (inputs, sums)), np.zeros(sums)]
        if network.batch_normalization and not is_output:
            learnt += [np.ones(sums), np.zeros(sums)]
            moving += [np.zeros(sums), np.ones(sums)]
    return [array.astype(np.float32) for array in learnt], [array.astype(np.float32) for array in moving]


def scores(
    library: Library, network: NetworkSettings, learnt: Arrays, moving: Arrays, signal: Any, step: Any
) -> Any:
    """(n, 10) before the softmax, and the new moving means and variances; ``step`` decides what drops."""
    activate, rest, kept = activations(library)[network.activation], iter(learnt), list(moving)
    pair_input = signal
    for number in range(1, len(network.hidden) + 1):
        sums = signal @ next(rest) + next(rest)
        if network.batch_normalization:
            place = 2 * (number - 1)
            sums, kept[place : place + 2] = _normalized(
                library, sums, next(rest), next(rest), *kept[place : place + 2]
            )
        signal = dropped(library.dice, network.dropout, activate(sums), step, number)
        if number % 2 == 0:
            if network.residual and signal.shape == pair_input.shape:
                signal = signal + pair_input
            pair_input = signal
    return signal @ next(rest) + next(rest), kept


def _normalized(library: Library, sums: Any, scale: Any, shift: Any, mean: Any, variance: Any) -> Any:
    """Sums over this batch's mean and spread, and the moving ones (Ioffe and Szegedy 2015)."""
    momentum = BATCH_NORMALIZATION["momentum"]
    here = library.mean(sums, 0)
    spread = library.mean(library.xp.square(sums - here), 0)
    normal = (sums - here) / library.xp.sqrt(spread + BATCH_NORMALIZATION["epsilon"])
    moved = [mean * momentum + here * (1 - momentum), variance * momentum + spread * (1 - momentum)]
    return normal * scale + shift, moved


def loss(library: Library, training: TrainingSettings, outputs: Any, labels: Any) -> Any:
    """Mean over a batch, of smoothed labels where they are wanted."""
    wanted = library.one_hot(labels)
    if training.loss == "cross-entropy":
        wanted = wanted * (1 - training.label_smoothing) + training.label_smoothing / DIGITS
        return -library.mean(library.total(wanted * library.nn.log_softmax(outputs), 1), 0)
    squares = library.xp.square(library.nn.softmax(outputs) - wanted)
    return library.mean(library.mean(squares, 1), 0)


def first_state(training: TrainingSettings, learnt: Sequence[NDArray[np.float32]]) -> list[NDArray[Any]]:
    """What the optimiser remembers: step and product of Nadam's momenta, then arrays like those learnt."""
    copies = {"sgd": 0, "momentum": 1, "rmsprop": 1, "adam": 2, "nadam": 2}[training.optimizer]
    return [
        np.zeros((), np.float32),
        np.ones((), np.float32),
        *(np.zeros_like(array) for _ in range(copies) for array in learnt),
    ]


def update(
    library: Library, training: TrainingSettings, rate: Any, learnt: Arrays, state: Arrays, gradients: Arrays
) -> tuple[Arrays, Arrays]:
    """What is learnt after a step, and what the optimiser remembers then."""
    if training.l2:  # of kernels, the only arrays of two dimensions
        penalties = [2 * training.l2 * array if len(array.shape) == 2 else 0.0 for array in learnt]
        gradients = [gradient + more for gradient, more in zip(gradients, penalties, strict=True)]
    if training.gradient_clipping:
        squares = [library.total(library.xp.square(gradient), None) for gradient in gradients]
        norm = library.xp.sqrt(sum(squares))
        scale = training.gradient_clipping / library.xp.maximum(norm, training.gradient_clipping)
        gradients = [gradient * scale for gradient in gradients]
    count = len(learnt)
    step, product, slots = state[0] + 1, state[1], state[2:]
    moments = [slots[place::count] for place in range(count)]
    rule = _RULES[training.optimizer](library, rate, step, product)
    moved = [rule(*each) for each in zip(learnt, gradients, moments, strict=True)]
    remembered = [moment for kind in zip(*(new[1] for new in moved), strict=True) for moment in kind]
    return [new[0] for new in moved], [step, product * _nadam_momentum(step), *remembered]


Rule = Callable[[Any, Any, Arrays], tuple[Any, Arrays]]


def _sgd(_library: Library, rate: Any, _step: Any, _product: Any) -> Rule:
    return lambda weight, gradient, _moments: (weight - rate * gradient, [])


def _momentum(_library: Library, rate: Any, _step: Any, _product: Any) -> Rule:
    def rule(weight: Any, gradient: Any, moments: Arrays) -> tuple[Any, Arrays]:
        velocity = MOMENTUM * moments[0] - rate * gradient
        return weight + velocity, [velocity]

    return rule


def _rmsprop(library: Library, rate: Any, _step: Any, _product: Any) -> Rule:
    def rule(weight: Any, gradient: Any, moments: Arrays) -> tuple[Any, Arrays]:
        size = RHO * moments[0] + (1 - RHO) * library.xp.square(gradient)
        return weight - rate * gradient / library.xp.sqrt(size + EPSILON), [size]

    return rule


def _adam(library: Library, rate: Any, step: Any, _product: Any) -> Rule:
    scale = rate * library.xp.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)

    def rule(weight: Any, gradient: Any, moments: Arrays) -> tuple[Any, Arrays]:
        mean = moments[0] + (1 - BETA_1) * (gradient - moments[0])
        size = moments[1] + (1 - BETA_2) * (library.xp.square(gradient) - moments[1])
        return weight - scale * mean / (library.xp.sqrt(size) + EPSILON), [mean, size]

    return rule


def _nadam(library: Library, rate: Any, step: Any, product: Any) -> Rule:
    now, following = _nadam_momentum(step), _nadam_momentum(step + 1)
    product = product * now
    of_mean, of_gradient = following / (1 - product * following), (1 - now) / (1 - product)

    def rule(weight: Any, gradient: Any, moments: Arrays) -> tuple[Any, Arrays]:
        mean = moments[0] + (1 - BETA_1) * (gradient - moments[0])
        size = moments[1] + (1 - BETA_2) * (library.xp.square(gradient) - moments[1])
        ahead = of_mean * mean + of_gradient * gradient
        return weight - rate * ahead / (library.xp.sqrt(size / (1 - BETA_2**step)) + EPSILON), [mean, size]

    return rule


def _nadam_momentum(step: Any) -> Any:
    """Dozat (2016): the momentum warms up."""
    return BETA_1 * (1 - 0.5 * NADAM_DECAY**step)


_RULES = {"sgd": _sgd, "momentum": _momentum, "rmsprop": _rmsprop, "adam": _adam, "nadam": _nadam}


def make_step(library: Library, settings: Settings) -> Callable[[Any, Any, Any, Sequence[Any]], Arrays]:
    """One step: (images (n, 784), labels (n,), rows of a batch, state) → state, that of ``first_values``."""
    network, training = settings.network, settings.training
    learnt_count, moving_count = map(len, first_arrays(network))

    def step(images: Any, labels: Any, rows: Any, state: Sequence[Any]) -> Arrays:
        rest, memory = list(state), list(state[learnt_count + moving_count + 1 :])
        learnt, moving = rest[1 : learnt_count + 1], rest[learnt_count + 1 : learnt_count + moving_count + 1]
        number, wanted = memory[0], library.at(labels, rows)
        signal = augmented(library.dice, training, library.at(images, rows), number)

        def mean_loss(arrays: Arrays) -> tuple[Any, Arrays]:
            outputs, moved = scores(library, network, arrays, moving, signal, number)
            return loss(library, training, outputs, wanted), moved

        value, moving, gradients = library.differentiate(mean_loss, learnt)
        speed = rate(library.dice, training, number, -(-images.shape[0] // training.batch_size))
        learnt, memory = update(library, training, speed, learnt, memory, gradients)
        return [rest[0] + value, *learnt, *moving, *memory]

    return step


def first_values(settings: Settings) -> list[NDArray[Any]]:
    """Summed loss, what is learnt, moving means and variances, what the optimiser remembers."""
    learnt, moving = first_arrays(settings.network)
    return [np.zeros((), np.float32), *learnt, *moving, *first_state(settings.training, learnt)]


def with_tensorflow(settings: Settings, images: NDArray[np.float32], labels: NDArray[np.uint8]) -> Epoch:
    """An epoch as one ``tf.while_loop`` that XLA compiles."""
    import tensorflow as tf

    def differentiate(function: Any, arrays: Arrays) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(arrays)
            value, more = function(arrays)
        return value, more, tape.gradient(value, arrays)

    library = Library(
        nn=tf.nn,
        xp=tf,
        mean=tf.reduce_mean,
        total=tf.reduce_sum,
        largest=tf.reduce_max,
        at=tf.gather,
        one_hot=lambda numbers: tf.one_hot(numbers, DIGITS),
        differentiate=differentiate,
        dice=Dice(
            xp=tf,
            uniform=lambda shape, step, place: tf.random.stateless_uniform(
                shape, [tf.cast(step, tf.int32), place]
            ),
            pick=lambda array, places: tf.gather(array, places, batch_dims=1),
            whole=lambda array: tf.cast(array, tf.int32),
            join=tf.concat,
        ),
    )
    pictures, answers = tf.constant(images), tf.constant(labels, tf.int32)
    size, step = settings.training.batch_size, make_step(library, settings)

    def epoch(pictures: Any, answers: Any, order: Any, *state: Any) -> Any:
        def body(number: Any, *state: Any) -> Any:
            rows = tf.slice(order, [number * size], [size])
            return number + 1, *step(pictures, answers, rows, state)

        whole = len(labels) // size
        state = tf.while_loop(lambda number, *_: number < whole, body, (0, *state))[1:]
        left = order[whole * size :]  # the last batch is smaller
        return step(pictures, answers, left, state) if left.shape[0] else state

    compiled = tf.function(epoch, jit_compile=True, autograph=False)
    return _epochs(settings, lambda order, state: compiled(pictures, answers, tf.constant(order), *state))


def with_jax(settings: Settings, images: NDArray[np.float32], labels: NDArray[np.uint8]) -> Epoch:
    """An epoch as one ``jax.lax.scan``."""
    import jax
    import jax.numpy as jnp

    def differentiate(function: Any, arrays: Arrays) -> Any:
        (value, more), gradients = jax.value_and_grad(function, has_aux=True)(arrays)
        return value, more, gradients

    library = Library(
        nn=jax.nn,
        xp=jnp,
        mean=jnp.mean,
        total=jnp.sum,
        largest=jnp.max,
        at=lambda array, rows: array[rows],
        one_hot=lambda numbers: jax.nn.one_hot(numbers, DIGITS),
        differentiate=differentiate,
        dice=Dice(
            xp=jnp,
            uniform=lambda shape, step, place: jax.random.uniform(
                jax.random.key(step.astype(int) * 2_000 + place), shape
            ),
            pick=lambda array, places: jnp.take_along_axis(array, places, 1),
            whole=lambda array: array.astype(int),
            join=jnp.concatenate,
        ),
    )
    pictures, answers = jnp.asarray(images), jnp.asarray(labels, jnp.int32)
    size, step = settings.training.batch_size, make_step(library, settings)

    def scan(pictures: Any, answers: Any, order: Any, state: Any) -> Any:
        whole = len(labels) // size * size
        batches = order[:whole].reshape(-1, size)
        state, _ = jax.lax.scan(
            lambda state, rows: (step(pictures, answers, rows, state), None), state, batches
        )
        left = order[whole:]  # the last batch is smaller
        return step(pictures, answers, left, state) if left.shape[0] else state

    compiled = jax.jit(scan, donate_argnums=3)
    return _epochs(
        settings, lambda order, state: jax.block_until_ready(compiled(pictures, answers, order, state))
    )


def _epochs(settings: Settings, compiled: Callable[[NDArray[np.int32], Any], Any]) -> Epoch:
    """The compiled epoch with the state that goes from one to the next."""
    kept = {"state": first_values(settings)}

    def epoch(order: NDArray[np.int64]) -> None:
        kept["state"] = compiled(order.astype(np.int32), kept["state"])
        if not np.isfinite(np.asarray(kept["state"][0])):
            raise SystemExit("The compiled loop diverged.")

    return epoch
