"""Damage: each kind does what its name says, nothing else, and within limits."""

from dataclasses import replace

import numpy as np
import pytest

from core.dataset.mnist import load_mnist
from core.dataset.split import split
from core.reading import shipped
from core.reading.damage import ASKED, LEVELS, LIMITS, Damage, InvalidDamage, apply, robustness


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return load_mnist().test_images[:20]


def test_no_damage_changes_nothing(images: np.ndarray) -> None:
    np.testing.assert_array_equal(apply(images, Damage()), images)


@pytest.mark.parametrize("name", LIMITS)
def test_every_damage_changes_the_image_and_keeps_its_form(images: np.ndarray, name: str) -> None:
    before = images.copy()
    damaged = apply(images, replace(Damage(), **{name: LIMITS[name][1]}))
    assert damaged.shape == images.shape
    assert damaged.dtype == np.uint8
    assert (damaged != images).any()
    np.testing.assert_array_equal(images, before)  # the original stays


def test_a_shift_is_a_shift(images: np.ndarray) -> None:
    moved = apply(images, Damage(shift_x=2, shift_y=-3))
    np.testing.assert_array_equal(moved[:, :-3, 2:], images[:, 3:, :-2])


def test_a_quarter_turn_is_clockwise(images: np.ndarray) -> None:
    turned = apply(images, Damage(rotation=90))
    np.testing.assert_array_equal(turned, np.rot90(images, -1, axes=(1, 2)))


def test_strokes_grow_and_shrink_by_what_was_asked() -> None:
    bar = np.zeros((1, 28, 28), np.uint8)
    bar[0, 4:24, 12:16] = 255  # 4 pixels wide
    for growth in (-1.0, 1.0, 3.0):
        width = apply(bar, Damage(thickness=growth))[0, 14].sum() / 255
        assert width == pytest.approx(4 + growth, abs=0.35)


def test_a_stroke_thinner_than_what_is_taken_off_leaves_an_empty_image() -> None:
    hair = np.zeros((1, 28, 28), np.uint8)
    hair[0, 4:24, 14] = 255
    assert not apply(hair, Damage(thickness=-1.5)).any()
    assert not apply(np.zeros_like(hair), Damage(thickness=3)).any()


def test_occlusion_empties_a_square_in_the_middle_only(images: np.ndarray) -> None:
    hidden = apply(images, Damage(occlusion=8))
    assert not hidden[:, 10:18, 10:18].any()
    outside = np.ones((28, 28), bool)
    outside[10:18, 10:18] = False
    np.testing.assert_array_equal(hidden[:, outside], images[:, outside])


def test_noise_has_the_spread_asked_for_and_its_seed_makes_it_again() -> None:
    grey = np.full((30, 28, 28), 128, np.uint8)
    noisy = apply(grey, Damage(noise=0.1), seed=1)
    assert noisy.astype(float).std() == pytest.approx(25.5, rel=0.03)
    assert noisy.mean() == pytest.approx(128, abs=1)
    np.testing.assert_array_equal(noisy, apply(grey, Damage(noise=0.1), seed=1))
    assert (noisy != apply(grey, Damage(noise=0.1), seed=2)).any()


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e9, 1e9, "3", None])
def test_what_is_outside_the_limits_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidDamage, match=name):
        Damage(**{name: value})  # type: ignore[arg-type]


def test_robustness_is_the_accuracy_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.reading.damage.LEVELS", {"noise": (0.0, 0.8), "rotation": (0.0, 60.0)})
    loaded = shipped.load()
    found = robustness(
        loaded.settings.network, loaded.network.weights, loaded.network.normalization, loaded.settings.data
    )
    validation = split(loaded.settings.data, load_mnist()).validation
    answers = loaded.network.probabilities(validation.images[:ASKED]).argmax(axis=1)
    undamaged = (answers == validation.labels[:ASKED]).mean()
    assert found["noise"][0] == found["rotation"][0] == pytest.approx(undamaged)
    assert found["noise"][1] < 0.6 * undamaged
    assert found["rotation"][1] < 0.6 * undamaged


def test_every_level_is_within_the_limits() -> None:
    for name, levels in LEVELS.items():
        assert 0.0 in levels
        for level in levels:
            replace(Damage(), **{name: level})
