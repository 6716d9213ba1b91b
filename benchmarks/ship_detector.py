"""Make what tells digits from other things: ``python -m benchmarks.ship_detector``, a quarter of an hour.

It writes ``core/data/similarity.npz`` (principal components of the training images and how far they lie from
each other) and ``core/data/digit_detector.npz`` (three small convolutional networks, how their answer and the
distance are weighed, and the limit). Training images, drawn training digits and scribbles teach; validation
images, drawn validation digits and other scribbles weigh and choose the limit; test images are not used.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks import drawing, redraw, scribbles, styles
from benchmarks.distortions import distorted
from benchmarks.no_digits import lowest_limit, strangeness, unsure
from core.dataset.mnist import Mnist, load_mnist
from core.drawing import mnist_style, strokes
from core.errors import LabError
from core.network import training
from core.reading import rejection, similarity
from core.reading.rejection import DETECTOR_FILE, HIDDEN, MAPS, NETWORKS, Detector, features
from core.reading.similarity import FIRST, REFERENCES, SIMILARITY_FILE, Similarity
from core.settings import DIGITS, PIXELS

COMPONENTS = 50
SEED = 0
DRAWN, DRAWN_VALIDATION = 8_000, 4_000
RESTYLED = 4_000  # training images brought to MNIST's style again, as a photo of them would be
STYLED = 200  # digits of each of the world's styles
SCRIBBLES, SCRIBBLES_VALIDATION = 12_000, 2_000
OF_WHICH = 1_000  # digits that pairs and lying ones are made of
COPIES = 3  # distorted ones of what was drawn
EPOCHS, BATCH, RATE, DROPOUT = 10, 64, 1.5e-3, 0.2

Images = NDArray[np.uint8]
Examples = tuple[Images, Images]  # (n, 28, 28) and labels (n,), 10 for "none"


def written(images: Images, labels: Images, count: int, dice: np.random.Generator) -> Examples:
    """Write so many of the digits anew on the pad, as a learner would: their images and labels."""
    chosen = dice.permutation(len(images))[:count]
    cells = dice.choice(drawing.cells(), count).tolist()
    read = [
        strokes.to_mnist(drawing.written(redraw.paths_of(images[place]), size, pen, dice))
        for place, (size, pen) in zip(chosen, cells, strict=True)
    ]
    return np.stack(read), labels[chosen]


def scribbled(images: Images, labels: Images, count: int, dice: np.random.Generator) -> Images:
    """So many scribbles as a learner would draw them; some are made of the digits."""
    upright = np.flatnonzero(labels)  # a 0 that lies is still a 0
    digits = [redraw.paths_of(images[place]) for place in dice.permutation(upright)[:OF_WHICH]]
    read: list[Images] = []
    while len(read) < count:
        with suppress(LabError):
            read.append(strokes.to_mnist(redraw.anywhere(scribbles.draw(digits, dice), dice)))
    return np.stack(read)


def principal_components(images: Images) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(n, 28, 28) → mean (784,) and the first 50 components (784, 50), float32."""
    pixels = images.reshape(-1, PIXELS).astype(np.float32)
    mean = pixels.mean(axis=0)
    pixels -= mean
    _, vectors = np.linalg.eigh(pixels.T @ pixels)
    return mean, np.ascontiguousarray(vectors[:, : -COMPONENTS - 1 : -1], np.float32)


def ship_similarity(mnist: Mnist) -> Similarity:
    """Fit the components, measure training images against their own kind, and write both."""
    mean, components = principal_components(mnist.train_images[FIRST:])
    references = np.zeros((DIGITS, REFERENCES), np.float32)
    dice = np.random.default_rng(SEED)
    kinds = Similarity(mean, components, references).kinds
    for digit, kind in enumerate(kinds):
        chosen = dice.permutation(len(kind))[:REFERENCES]
        squares = np.square(kind).sum(axis=1) - 2 * kind[chosen] @ kind.T
        squares[np.arange(REFERENCES), chosen] = np.inf
        nearest = squares.min(axis=1) + np.square(kind[chosen]).sum(axis=1)
        references[digit] = np.sort(np.sqrt(np.maximum(nearest, 0)))
    np.savez_compressed(SIMILARITY_FILE, mean=mean, components=components, references=references)
    return Similarity(mean, components, references)


def all_digits(mnist: Mnist, known: Examples, dice: np.random.Generator) -> Examples:
    """The digits that the networks learn from: MNIST's, drawn ones, and the world's styles."""
    images, labels = mnist.train_images[FIRST:], mnist.train_labels[FIRST:]
    some = dice.permutation(len(images))[:RESTYLED]
    restyled = np.stack([mnist_style.to_mnist(images[place]) for place in some])
    world = [styles.write(style, images, labels, STYLED, dice) for style in styles.STYLES]
    new = np.concatenate([known[0], *world])
    names = np.concatenate([known[1], *(np.full(STYLED, style.digit, np.uint8) for style in styles.STYLES)])
    bent = distorted(new, COPIES, dice)
    return (
        np.concatenate([images, restyled, new, bent]),
        np.concatenate([labels, labels[some], names, np.tile(names, COPIES)]),
    )


def joined(digits: Examples, strange: Images, dice: np.random.Generator) -> Examples:
    """Digits and scribbles, these with distorted copies, as one lesson."""
    odd = np.concatenate([strange, distorted(strange, COPIES, dice)])
    none = np.full(len(odd), DIGITS, np.uint8)
    return np.concatenate([digits[0], odd]), np.concatenate([digits[1], none])


def all_trained(images: Images, labels: Images) -> dict[str, NDArray[np.float16]]:
    """Train the convolutional networks; their weights by the names of ``rejection.SHAPES``."""
    networks = [trained(images, labels, seed) for seed in range(NETWORKS)]
    return {name: np.stack([network[name] for network in networks]) for name in networks[0]}


def trained(images: Images, labels: Images, seed: int) -> dict[str, NDArray[np.float16]]:
    """Train one network from first weights and an order that follow from the seed."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    network = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(MAPS[0], 5, strides=2, activation="relu", name="conv_1"),
            layers.Conv2D(MAPS[1], 3, strides=2, activation="relu", name="conv_2"),
            layers.Flatten(),
            layers.Dropout(DROPOUT),
            layers.Dense(HIDDEN, activation="relu", name="dense"),
            layers.Dropout(DROPOUT),
            layers.Dense(DIGITS + 1, name="output"),
        ]
    )
    steps = EPOCHS * -(-len(images) // BATCH)
    falling = keras.optimizers.schedules.PolynomialDecay(RATE, steps)
    network.compile(keras.optimizers.Adam(falling), keras.losses.SparseCategoricalCrossentropy(True))
    network.fit(images[..., None] / np.float32(255), labels, epochs=EPOCHS, batch_size=BATCH, verbose=2)
    return {
        f"{layer.name}/{variable.name}": np.asarray(variable.numpy(), np.float16)
        for layer in network.layers
        for variable in layer.weights
        if variable.name in ("kernel", "bias")
    }


def weighed(
    weights: dict[str, NDArray[np.float16]], similar: Similarity, groups: tuple[Images, Images, Images]
) -> dict[str, NDArray[Any]]:
    """Add to the weights how both signs of strangeness are weighed, and the limit.

    Args:
        weights: of the networks.
        similar: compares images with the training images.
        groups: MNIST's validation digits, drawn ones, and scribbles.
    """
    unweighed = {"regression": np.zeros(3), "limit": np.zeros(()), "refused": np.zeros(3)}
    detector = Detector({**weights, **unweighed}, similar)
    found = [features(detector.logits(images), similar.least(similar.distances(images))) for images in groups]
    strange = np.repeat([0, 0, 1], [len(group) for group in groups])
    fitted = LogisticRegression(C=1e6, class_weight="balanced").fit(np.concatenate(found), strange)
    regression = np.array([fitted.intercept_[0], *fitted.coef_[0]], np.float32)
    detector = Detector({**weights, **unweighed, "regression": regression}, similar)
    scores = [strangeness(detector, images) for images in groups]
    limit = max(
        lowest_limit(score, unsure(digits)) for score, digits in zip(scores[:2], groups, strict=False)
    )
    refused = np.array([(score > limit).mean() for score in scores], np.float32)
    print(f"weighed {regression}, limit {limit:.4f}, refused {refused}", flush=True)
    return {**weights, "regression": regression, "limit": np.array(limit, np.float32), "refused": refused}


def main() -> None:
    """Draw, train, weigh, and write both files."""
    training.use_one_thread()
    mnist = load_mnist()
    images, labels = mnist.train_images, mnist.train_labels
    taught, kept = (images[FIRST:], labels[FIRST:]), (images[:FIRST], labels[:FIRST])
    dice = [np.random.default_rng(SEED + place) for place in range(6)]  # one for each thing that is drawn
    similar = ship_similarity(mnist)
    digits = all_digits(mnist, written(*taught, DRAWN, dice[0]), dice[4])
    weights = all_trained(*joined(digits, scribbled(*taught, SCRIBBLES, dice[1]), dice[5]))
    drawn, _ = written(*kept, DRAWN_VALIDATION, dice[2])
    groups = (kept[0], drawn, scribbled(*kept, SCRIBBLES_VALIDATION, dice[3]))
    np.savez_compressed(DETECTOR_FILE, allow_pickle=False, **weighed(weights, similar, groups))
    similarity.load.cache_clear()
    print(f"{DETECTOR_FILE.name}: limit {rejection.load().limit:.3f}")


if __name__ == "__main__":
    main()
