"""Shares of known and of new images against counting by hand."""

from __future__ import annotations

from core.dataset.mnist import load_mnist
from core.reading import shipped
from core.settings import DEFAULT
from core.theory.known_images import known_and_new


def test_training_and_validation_images_are_counted_apart() -> None:
    loaded = shipped.load()
    network, data = loaded.network, DEFAULT.change(validation=400, train=900).data
    found = known_and_new(loaded.settings.network, network.weights, network.normalization, data)
    images, labels = load_mnist().train_images, load_mnist().train_labels
    right = network.probabilities(images[:800]).argmax(axis=1) == labels[:800]
    # The first 400 validate; as many of those that follow are known.
    assert found == (right[400:].mean(), right[:400].mean())
