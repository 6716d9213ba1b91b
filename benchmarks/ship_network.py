"""Make the small trained network that travels with the lab: ``python -m benchmarks.ship_network``.

It trains the report's three-layer network as a learner's run would be, ten epochs in about half a minute, and
writes ``core/data/shipped_network.npz``. The same machine and library versions give the same file again.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.dataset import normalization
from core.dataset.mnist import load_mnist
from core.dataset.split import split
from core.network import training
from core.reading import shipped
from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import PRESETS


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


def main() -> None:
    """Train, write the file, and read it back to see what it scores on the test images."""
    training.use_one_thread()
    settings = PRESETS["three-layer"]
    mnist = load_mnist()
    keep = Keep()
    training.train(settings, recorder=keep, microscope=False)
    fitted = normalization.fit(settings.data.normalization, split(settings.data, mnist).train.images)
    shipped.save(shipped.NETWORK_FILE, settings, fitted, keep.checkpoint.weights)
    right = shipped.load().network.probabilities(mnist.test_images).argmax(axis=1) == mnist.test_labels
    print(f"{shipped.NETWORK_FILE}: test accuracy {right.mean():.4f}")


if __name__ == "__main__":
    main()
