"""How far an image lies from the training images, and how many of them lie as far."""

from pathlib import Path

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.reading import similarity
from core.reading.similarity import FIRST, REFERENCES, DamagedSimilarity


def test_the_components_are_orthonormal_and_distances_are_those_of_a_plain_search() -> None:
    similar, mnist = similarity.load(), load_mnist()
    unit = similar.components.T @ similar.components
    np.testing.assert_allclose(unit, np.eye(similar.components.shape[1]), atol=1e-4)
    images, labels = mnist.train_images[FIRST:], mnist.train_labels[FIRST:]
    wanted = mnist.test_images[:2]
    found = similar.distances(wanted)
    for digit in (0, 7):
        kind = images[labels == digit].reshape(-1, 784).astype(float)
        for row, image in zip(found, wanted.reshape(-1, 784).astype(float), strict=True):
            plain = np.sqrt(np.square((kind - image) @ similar.components).sum(axis=1).min())
            assert row[digit] == pytest.approx(plain, rel=1e-3)


def test_a_training_image_lies_at_itself_and_validation_images_are_not_looked_up() -> None:
    similar, mnist = similarity.load(), load_mnist()
    seen, unseen = mnist.train_images[FIRST : FIRST + 20], mnist.train_images[:20]
    assert similar.distances(seen).min(axis=1).max() < 20
    assert similar.distances(unseen).min(axis=1).min() > 100


def test_a_relative_distance_is_one_where_it_is_what_is_usual_for_its_digit() -> None:
    similar, image = similarity.load(), load_mnist().test_images[:1]
    usual = np.median(similar.references, axis=1)
    far = np.full((1, 10), 1e6, np.float32)
    far[0, 1] = usual[1]
    assert similar.least(far) == pytest.approx(1.0)
    expected = (similar.distances(image)[0] / usual).min()
    assert similar.least(similar.distances(image)) == pytest.approx(expected)


def test_rarity_is_counted_from_the_training_images_themselves() -> None:
    similar = similarity.load()
    for digit in (0, 1):
        references = similar.references[digit]
        assert (np.diff(references) >= 0).all()
        assert similar.as_unusual(0.0, digit) == REFERENCES
        assert similar.as_unusual(float(references[-1]) + 1, digit) == 0
        assert similar.as_unusual(float(references[900]), digit) == REFERENCES - 900


def test_test_digits_are_as_unusual_as_training_digits() -> None:
    """One in twenty test digits lies among the twentieth of the training images that lie farthest."""
    similar, mnist = similarity.load(), load_mnist()
    ones = mnist.test_images[:1500][mnist.test_labels[:1500] == 1]
    rare = [similar.as_unusual(float(row[1]), 1) <= 50 for row in similar.distances(ones)]
    assert 0.01 < np.mean(rare) < 0.12


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_said_with_the_command_that_mends_it(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "similarity.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedSimilarity, match=r"benchmarks\.ship_detector"):
        similarity.load(path)


def test_a_file_of_other_shapes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "similarity.npz"
    np.savez(path, mean=np.zeros(3), components=np.zeros((784, 2)), references=np.zeros((10, REFERENCES)))
    with pytest.raises(DamagedSimilarity):
        similarity.load(path)
