"""Make the small trained network that travels with the lab: ``python -m benchmarks.ship_network``.

It trains the report's three-layer network as a learner's run would be, with more images than MNIST's own: two
distorted copies of every training image, some training images as the lab would read a picture of them, and
digits in styles that are rare in MNIST (``benchmarks.styles``), with distorted copies of both. It takes about
four minutes and writes ``core/data/shipped_network.npz``. The same machine and library versions give the same
file again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks import styles
from benchmarks.distortions import distorted
from core.dataset.mnist import load_mnist
from core.dataset.prepared import Extra, prepare
from core.dataset.split import split
from core.drawing import mnist_style
from core.network import training
from core.reading import shipped
from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import PRESETS, DataSettings

SEED = 1
COPIES = 2  # distorted ones of each training image
RESTYLED, RESTYLED_COPIES = 15_000, 1  # training images as a photo of them would be read
STYLED, STYLED_COPIES = 300, 6  # digits of each style


class Keep:
    """Keeps the last checkpoint and prints what each epoch came to."""

    checkpoint: Checkpoint

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, _snapshot: Snapshot | None
    ) -> bool:
        """Take note; never stop."""
        for point in points:
            if point.val_accuracy is not None:
                print(f"epoch {point.epoch:g}: validation accuracy {point.val_accuracy:.4f}", flush=True)
        if checkpoint is not None:
            self.checkpoint = checkpoint
        return True


def more_images(data: DataSettings) -> Extra:
    """Distorted training images, some as read from pictures, and digits in the world's styles."""
    dice, train = np.random.default_rng(SEED), split(data, load_mnist()).train
    written = [styles.write(style, train.images, train.labels, STYLED, dice) for style in styles.STYLES]
    styled = np.concatenate(written)
    names = np.repeat([style.digit for style in styles.STYLES], STYLED).astype(np.uint8)
    some = dice.permutation(len(train.images))[:RESTYLED]
    restyled = np.stack([mnist_style.to_mnist(train.images[place]) for place in some])
    parts = [
        (distorted(train.images, COPIES, dice), np.tile(train.labels, COPIES)),
        (restyled, train.labels[some]),
        (distorted(restyled, RESTYLED_COPIES, dice), np.tile(train.labels[some], RESTYLED_COPIES)),
        (styled, names),
        (distorted(styled, STYLED_COPIES, dice), np.tile(names, STYLED_COPIES)),
    ]
    return np.concatenate([images for images, _ in parts]), np.concatenate([names for _, names in parts])


def main() -> None:
    """Train, write the file, and read it back to see what it scores on the test images."""
    training.use_one_thread()
    settings = PRESETS["three-layer"]
    mnist, more, keep = load_mnist(), more_images(settings.data), Keep()
    print(f"{len(more[0]):,} images beside MNIST's", flush=True)
    training.train(settings, recorder=keep, microscope=False, extra=more)
    fitted = prepare(settings.data, more).normalization
    shipped.save(shipped.NETWORK_FILE, settings, fitted, keep.checkpoint.weights)
    right = shipped.load().network.probabilities(mnist.test_images).argmax(axis=1) == mnist.test_labels
    print(f"{shipped.NETWORK_FILE}: test accuracy {right.mean():.4f}")


if __name__ == "__main__":
    main()
