"""Reading a digit: the shipped network, what its probabilities say, and the images most like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import styles
from core.dataset.mnist import load_mnist
from core.dataset.neighbors import Neighbors
from core.dataset.split import Part
from core.reading import shipped
from core.reading.answer import NoAnswer, answer
from core.settings import PRESETS


def test_the_shipped_network_is_the_report_s_trained_on_more_and_reads_test_digits() -> None:
    loaded = shipped.load()
    mnist = load_mnist()
    assert loaded.settings == PRESETS["three-layer"]
    right = loaded.network.probabilities(mnist.test_images[:2000]).argmax(1) == mnist.test_labels[:2000]
    assert right.mean() > 0.975
    assert loaded.network.normalization.method == "z-score"
    assert loaded.network.normalization.images > 55_000


def test_the_shipped_network_reads_how_the_world_writes() -> None:
    mnist, network = load_mnist(), shipped.load().network
    for style in styles.STYLES:
        written = styles.write(style, mnist.test_images, mnist.test_labels, 3, np.random.default_rng(3))
        assert (network.probabilities(written).argmax(axis=1) == style.digit).sum() >= 2, style.name


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    loaded = shipped.load()
    copy = tmp_path / "copy.npz"
    shipped.save(copy, loaded.settings, loaded.network.normalization, loaded.network.weights)
    again = shipped.load(copy)
    image = load_mnist().test_images[:1]
    np.testing.assert_array_equal(again.network.probabilities(image), loaded.network.probabilities(image))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_said_with_the_command_that_mends_it(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "network.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(shipped.DamagedNetwork, match=r"benchmarks\.ship_network"):
        shipped.load(path)


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    loaded = shipped.load()
    path = tmp_path / "network.npz"
    weights = dict(loaded.network.weights)
    weights.pop("dense_1/kernel")
    shipped.save(path, loaded.settings, loaded.network.normalization, weights)
    with pytest.raises(shipped.DamagedNetwork, match="dense_1/kernel"):
        shipped.load(path)


def probabilities(**digits: Any) -> Any:
    values = np.zeros(10, np.float32)
    for digit, value in digits.items():
        values[int(digit[1:])] = value
    return values


def test_a_clear_lead_is_sure_and_a_small_one_is_not() -> None:
    clear = answer(probabilities(d7=0.8, d1=0.2))
    assert (clear.digit, clear.second, clear.sure) == (7, 1, True)
    close = answer(probabilities(d4=0.5, d9=0.45, d0=0.05))
    assert (close.digit, close.second, close.sure) == (4, 9, False)
    assert close.probability == pytest.approx(0.5)


def test_broken_weights_have_no_answer() -> None:
    with pytest.raises(NoAnswer):
        answer(np.full(10, np.nan, np.float32))


def test_the_nearest_images_are_those_of_a_plain_search() -> None:
    mnist = load_mnist()
    images = mnist.train_images[:2500]
    neighbors = Neighbors(Part(mnist.train_images, mnist.train_labels, slice(2500)))
    for wanted in mnist.test_images[:5]:
        differences = images.astype(float) - wanted
        plain = np.sqrt((differences**2).mean(axis=(1, 2)))
        places, distances = neighbors.nearest(wanted, 4)
        assert list(places) == list(np.argsort(plain, kind="stable")[:4])
        np.testing.assert_allclose(distances, plain[places], rtol=1e-4)


def test_an_image_is_nearest_to_itself_and_a_small_set_gives_all_it_has() -> None:
    mnist, rows = load_mnist(), np.array([7, 1, 9])
    part = Part(mnist.train_images, mnist.train_labels, rows)
    places, distances = Neighbors(part).nearest(mnist.train_images[1], 10)
    assert len(places) == 3
    assert places[0] == 1
    assert distances[0] < 0.5
