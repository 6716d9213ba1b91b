"""The experiments of ``benchmarks.hints``: some that go wrong in every way the rules know, and healthy ones.

Each group names what it is made to provoke; which hints speak is up to the rules. Runs of one network and
optimiser stand together, so that it is compiled once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from core.settings import DEFAULT, Settings

SMALL = DEFAULT.change(train=2_000, epochs=5, hidden=(64, 32))
"""315 steps: less than a second of training."""
ADAM = SMALL.change(optimizer="adam", learning_rate=0.001)
MOMENTUM = SMALL.change(optimizer="momentum")
KNOWING = ADAM.change(train=500, epochs=40)
"""Few images, many epochs."""
LARGER = ADAM.change(train=6_000, epochs=8, hidden=(64,))


def healthy() -> Iterator[Settings]:
    """Usual settings on enough images, for long enough: nothing is to be said against any of these."""
    for group in HEALTHY:
        yield from GROUPS[group]()


def _healthy(**changes: Any) -> Callable[[], Iterator[Settings]]:
    return lambda: (LARGER.change(**changes, seed=seed) for seed in range(12))


def _rates() -> Iterator[Settings]:
    """Rates far from the usual one, up and down."""
    for rate, seed in product((30.0, 10.0, 3.0, 1.0, 1e-3, 3e-4, 1e-5, 1e-6), range(6)):
        yield SMALL.change(learning_rate=rate, seed=seed)
    for rate, seed in product((100.0, 30.0, 10.0, 3.0), range(3)):
        yield SMALL.change(activation="tanh", learning_rate=rate, seed=seed)


def _high_rates() -> Iterator[Settings]:
    """Rates so high that little is learnt though nothing breaks."""
    for rate, seed in product((1.0, 0.3, 0.1), range(6)):
        yield ADAM.change(activation="elu", learning_rate=rate, seed=seed)
        yield ADAM.change(activation="sigmoid", learning_rate=rate, seed=seed)
    for rate, seed in product((0.3, 1.0), range(5)):
        yield MOMENTUM.change(activation="tanh", learning_rate=rate, seed=seed)
        yield MOMENTUM.change(activation="sigmoid", learning_rate=3 * rate, seed=seed)


def _raw() -> Iterator[Settings]:
    """Pixels from 0 to 255, at usual rates and at rates that are too high as well."""
    raw = SMALL.change(normalization="none")
    for activation, seed in product(("relu", "elu"), range(6)):
        yield raw.change(activation=activation, seed=seed)
        yield ADAM.change(normalization="none", activation=activation, seed=seed, epochs=3)
    for rate, seed in product((0.3, 3.0), range(6)):
        yield raw.change(activation="elu", learning_rate=rate, seed=seed)
    for rate, seed in product((1e-2, 1.0, 10.0, 100.0), range(6)):
        yield raw.change(optimizer="momentum", learning_rate=rate, seed=seed)
    for hidden, seed in product(((64, 32), (64,) * 3), range(6)):
        yield raw.change(activation="linear", hidden=hidden, seed=seed)
    for seed in range(6):
        yield raw.change(activation="selu", seed=seed)
        yield raw.change(activation="selu", learning_rate=0.3, seed=seed)
        yield ADAM.change(normalization="none", learning_rate=0.03, seed=seed)
    for seed in range(10):
        yield ADAM.change(normalization="none", learning_rate=0.01, activation="tanh", seed=seed)


def _fading() -> Iterator[Settings]:
    """Signals or gradients that fade through many layers, and what is slow besides."""
    for (activation, depth), seed in product({"sigmoid": 10, "gelu": 10}.items(), range(5)):
        deep = SMALL.change(hidden=(32,) * depth, activation=activation, seed=seed)
        for rate in (0.01, 0.005, 1e-5):
            yield deep.change(learning_rate=rate)
    for seed in range(10):
        yield SMALL.change(hidden=(32,) * 12, activation="gelu", seed=seed)
    for seed, rate in product(range(4), (0.01, 0.02, 0.03)):
        yield SMALL.change(hidden=(32,) * 8, activation="softplus", seed=seed, learning_rate=rate)


def _wide_starts() -> Iterator[Settings]:
    """First weights that let signals grow, and steps that break off at rates that are not far from usual."""
    deep = SMALL.change(hidden=(64,) * 12, initializer="he", learning_rate=0.03)
    for seed in range(7):
        for rate in (0.03, 0.02):
            yield deep.change(activation="selu", learning_rate=rate, seed=seed)
            yield deep.change(optimizer="momentum", learning_rate=rate, seed=seed)
    fitting = deep.change(initializer="activation")
    for seed in range(6):
        yield fitting.change(activation="linear", seed=seed)
        for activation in ("linear", "selu"):
            yield fitting.change(activation=activation, optimizer="momentum", seed=seed)


def _pulled() -> Iterator[Settings]:
    """Weights pulled to 0, and training images that are hard to read."""
    for activation, seed in product(("relu", "tanh"), range(6)):
        yield SMALL.change(activation=activation, l2=0.3, learning_rate=0.03, seed=seed, epochs=8)
    for seed in range(6):
        yield ADAM.change(dropout=0.5, seed=seed)
        yield ADAM.change(shift=4.0, seed=seed)


def _batches() -> Iterator[Settings]:
    """Batches so large that few steps are left."""
    for batch, seed in product((256, 1024), range(6)):
        yield SMALL.change(batch_size=batch, seed=seed)
        yield MOMENTUM.change(batch_size=batch, seed=seed)
        yield SMALL.change(activation="sigmoid", batch_size=batch, seed=seed)
    for seed in range(6):
        yield LARGER.change(optimizer="sgd", learning_rate=0.01, batch_size=256, epochs=4, seed=seed)
        yield LARGER.change(optimizer="momentum", learning_rate=0.01, batch_size=1024, epochs=6, seed=seed)


def _jumping() -> Iterator[Settings]:
    """Steps too long to settle, and steps that follow one image each."""
    long = {"epochs": 10}
    for rate, seed in product((0.3, 0.4), range(4)):
        yield SMALL.change(learning_rate=rate, seed=seed, **long)
    for rate, seed in product((0.1, 0.06), range(4)):
        yield MOMENTUM.change(learning_rate=rate, seed=seed, **long)
    for batch, seed in product((1, 4), range(10)):
        yield MOMENTUM.change(
            train=1_000, activation="tanh" if batch == 1 else "elu", batch_size=batch, seed=seed, **long
        )
    for seed in range(11):
        yield MOMENTUM.change(train=1_000, batch_size=1, seed=seed)
    for seed in range(10, 30):
        yield MOMENTUM.change(train=1_000, activation="tanh", batch_size=1, seed=seed, **long)
    for seed in range(20):
        yield MOMENTUM.change(batch_size=16, learning_rate=0.03, activation="elu", seed=seed, **long)


def _overfitting() -> Iterator[Settings]:
    """Few images, many epochs."""
    for seed in range(14):
        yield KNOWING.change(seed=seed)


def _scaled() -> Iterator[Settings]:
    """Pixels from 0 to 1, for which plain gradient descent takes short steps."""
    for seed in range(12):
        yield SMALL.change(activation="sigmoid", normalization="min-max", seed=seed)
        yield SMALL.change(activation="sigmoid", normalization="min-max", hidden=(64, 32, 32), seed=seed)
    for seed in range(20):
        yield SMALL.change(activation="sigmoid", normalization="min-max", epochs=2, seed=seed)


def _small() -> Iterator[Settings]:
    """Networks that cannot hold the digits, on enough images."""
    for hidden, seed in product(((3,), (4,)), range(6)):
        yield LARGER.change(hidden=hidden, epochs=4, seed=seed)
    for hidden, seed in product(((6,), (7,), (8,)), range(6)):
        yield LARGER.change(hidden=hidden, epochs=15, seed=seed)
    for seed in range(12):
        yield LARGER.change(train=20_000, epochs=6, activation="linear", seed=seed)


def _few_images() -> Iterator[Settings]:
    """So few images that a network knows them by heart and reads others badly."""
    for train, seed in product((200, 500), range(6)):
        yield ADAM.change(train=train, epochs=8, activation="tanh", seed=seed)


def _hardly_begun() -> Iterator[Settings]:
    """An epoch or two of few images: a handful of steps."""
    for train, activation, seed in product((200, 500), ("relu", "sigmoid", "elu"), range(5)):
        yield SMALL.change(train=train, activation=activation, epochs=1, seed=seed)
    for seed in range(30):
        yield SMALL.change(train=500, epochs=2, hidden=(64,) * 5, seed=seed)
    for seed in range(10):
        yield DEFAULT.change(train=500, epochs=1, activation="sigmoid", seed=seed)


def _unfinished() -> Iterator[Settings]:
    """What goes well and was ended early, and what batch normalisation shows too early."""
    for epochs, seed in product((1, 2, 3), range(4)):
        yield LARGER.change(optimizer="sgd", learning_rate=0.01, epochs=epochs, seed=seed)
    for seed in range(12):
        yield SMALL.change(batch_normalization=True, learning_rate=0.1, epochs=1, seed=seed)
        yield MOMENTUM.change(batch_normalization=True, train=1_000, epochs=2, seed=seed)
    for seed in range(15):
        yield ADAM.change(learning_rate=0.02, epochs=8, seed=seed)


HEALTHY = ("usual", "tanh", "momentum", "min-max", "normalised")
GROUPS: Mapping[str, Callable[[], Iterator[Settings]]] = {
    "jumping": _jumping,
    "overfitting": _overfitting,
    "rates": _rates,
    "raw": _raw,
    "fading": _fading,
    "wide-starts": _wide_starts,
    "small": _small,
    "high-rates": _high_rates,
    "batches": _batches,
    "scaled": _scaled,
    "hardly-begun": _hardly_begun,
    "unfinished": _unfinished,
    "pulled": _pulled,
    "few-images": _few_images,
    "usual": _healthy(),
    "tanh": _healthy(activation="tanh"),
    "momentum": _healthy(optimizer="momentum", learning_rate=0.01),
    "min-max": _healthy(optimizer="sgd", learning_rate=0.1, normalization="min-max"),
    "normalised": _healthy(optimizer="sgd", learning_rate=0.03, batch_normalization=True),
}
"""What is trained, by what it is made to provoke; what takes longest first, so that no process waits."""
