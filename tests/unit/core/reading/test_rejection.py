"""What is no digit is told from digits, by a rule that no network's own certainty enters."""

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate
from scipy.special import softmax

from benchmarks.no_digits import strangeness
from core.dataset.mnist import load_mnist
from core.drawing import strokes
from core.reading import rejection, shipped
from core.reading.answer import answer
from core.reading.rejection import NETWORKS, SHAPES, DamagedDetector, Detector, features

ZIGZAG = [[40, 60], [230, 75], [45, 110], [225, 130], [50, 165], [230, 185], [45, 225]]
LETTER_K = [[80, 40], [80, 240]], [[200, 40], [80, 150], [200, 240]]
LETTER_M = [[50, 240], [60, 40], [140, 170], [220, 40], [230, 240]]
SEVEN = [[60, 50], [210, 50], [120, 240]]
RING = np.stack([140 + 65 * np.cos(np.arange(33) / 5), 140 + 105 * np.sin(np.arange(33) / 5)], 1)
SLASH = [[195, 60], [85, 220]]


def drawn(*paths: object) -> np.ndarray:
    """The image of straight strokes between points on the pad."""
    lines = [np.asarray(path, float).tolist() for path in paths]
    commands = [[["M", *first], *(["L", *point] for point in others)] for first, *others in lines]
    objects = [{"type": "Path", "strokeWidth": 18, "path": path} for path in commands]
    return strokes.to_mnist(strokes.read({"objects": objects}))


def test_scribbles_and_letters_are_refused_though_the_network_is_sure_of_one() -> None:
    detector, network = rejection.load(), shipped.load().network
    images = [drawn(ZIGZAG), drawn(*LETTER_K), drawn(LETTER_M)]
    assert all(detector.opinion(image).refused for image in images)
    assert any(answer(network.probabilities(image[None])[0]).sure for image in images)


def test_digits_keep_their_answer() -> None:
    detector, mnist = rejection.load(), load_mnist()
    assert not detector.opinion(drawn(SEVEN)).refused
    refused = strangeness(detector, mnist.test_images[:300]) > detector.limit
    assert refused.sum() <= 6


def test_a_slashed_zero_is_a_rare_digit_and_not_refused() -> None:
    opinion = rejection.load().opinion(drawn(RING, SLASH))
    assert not opinion.refused
    assert opinion.digit == 0
    assert opinion.is_rare(0)
    assert not rejection.load().opinion(drawn(RING)).is_rare(0)


def test_one_image_is_judged_as_many_are() -> None:
    detector, images = rejection.load(), load_mnist().test_images[:30]
    together = strangeness(detector, images)
    alone = [detector.opinion(image) for image in images]
    np.testing.assert_allclose([opinion.strangeness for opinion in alone], together, atol=1e-4)
    assert [opinion.refused for opinion in alone] == list(together > detector.limit)
    assert detector.logits(images[:0]).shape == (0, 11)


def test_the_small_networks_are_convolutions_as_scipy_knows_them() -> None:
    detector, image = rejection.load(), load_mnist().test_images[3]
    expected = np.mean([by_scipy(detector, image, network) for network in range(NETWORKS)], axis=0)
    np.testing.assert_allclose(detector.logits(image[None])[0], expected, rtol=1e-3, atol=1e-3)


def by_scipy(detector: Detector, image: np.ndarray, network: int) -> np.ndarray:
    """The eleven sums of one network, one map at a time."""
    weights = {name: values[network] for name, values in detector.weights.items() if "/" in name}
    maps = [image / 255]
    for layer in ("conv_1", "conv_2"):
        kernel, bias = weights[f"{layer}/kernel"], weights[f"{layer}/bias"]
        sums = [
            np.sum([correlate(old, kernel[:, :, c, new], "valid") for c, old in enumerate(maps)], axis=0)
            for new in range(kernel.shape[3])
        ]
        maps = [np.maximum(total[::2, ::2] + shift, 0) for total, shift in zip(sums, bias, strict=True)]
    hidden = np.stack(maps, axis=2).reshape(-1) @ weights["dense/kernel"] + weights["dense/bias"]
    return np.asarray(np.maximum(hidden, 0) @ weights["output/kernel"] + weights["output/bias"])


def test_the_odds_are_those_of_the_softmax_and_a_distance_of_nothing_is_finite() -> None:
    logits = np.random.default_rng(0).normal(0, 3, (5, 11)).astype(np.float32)
    found = features(logits, np.array([0, 0.5, 1, 2, 3], np.float32))
    none = softmax(logits.astype(float), axis=1)[:, 10]
    np.testing.assert_allclose(found[:, 0], np.log(none / (1 - none)), rtol=1e-4)
    assert np.isfinite(found).all()
    assert found[1, 1] == pytest.approx(np.log(0.5))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_said_with_the_command_that_mends_it(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "detector.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedDetector, match=r"benchmarks\.ship_detector"):
        rejection.load(path)


def test_a_file_of_another_detector_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "detector.npz"
    arrays = {name: np.zeros((2, *shape)) for name, shape in SHAPES.items()}
    np.savez(path, allow_pickle=False, **arrays)
    with pytest.raises(DamagedDetector, match="conv_1/kernel"):
        rejection.load(path)
