"""A caution is said where it is true, and not where it is not."""

from typing import Any

import pytest

from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.hints.before_training import Caution, cautions
from core.reading.signal import signal
from core.settings import NetworkSettings

DEEP = (100,) * 20
IMAGES, LABELS = load_mnist().train_images[5_000:5_032], load_mnist().train_labels[5_000:5_032]
Z_SCORE = fit("z-score", load_mnist().train_images[5_000:7_000])


def found(**settings: Any) -> dict[str, Caution]:
    network = NetworkSettings(**settings)
    return {caution.code: caution for caution in cautions(network, signal(network, Z_SCORE, IMAGES, LABELS))}


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({"hidden": DEEP, "activation": "sigmoid"}, {"fading"}),
        ({"hidden": (100,) * 5, "activation": "sigmoid", "initializer": "he"}, {"fading"}),
        ({"hidden": DEEP}, {"fading", "better-start"}),
        ({"hidden": DEEP, "activation": "swish", "initializer": "he"}, {"fading"}),
        ({"hidden": DEEP, "activation": "linear", "initializer": "he"}, {"growing", "linear"}),
        ({"activation": "linear"}, {"linear"}),
        ({"hidden": (100, 4, 100)}, {"bottleneck"}),
        ({"residual": True}, {"no-skip"}),
        ({"hidden": (), "residual": True}, {"no-skip"}),
    ],
)
def test_said_where_true(settings: dict[str, Any], codes: set[str]) -> None:
    assert set(found(**settings)) == codes


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"hidden": ()},
        {"hidden": DEEP, "initializer": "he"},
        {"hidden": DEEP, "initializer": "activation"},
        {"hidden": DEEP, "batch_normalization": True},
        {"hidden": DEEP, "residual": True},
        {"hidden": DEEP, "activation": "sigmoid", "batch_normalization": True},
        {"hidden": (30,), "activation": "linear"},
        {"hidden": (10, 10)},
        {"hidden": (100, 100), "activation": "sigmoid"},
    ],
)
def test_silent_where_not(settings: dict[str, Any]) -> None:
    assert found(**settings) == {}


def test_numbers_of_the_sentences() -> None:
    (narrow,) = found(hidden=(100, 9, 4, 100)).values()
    assert narrow.values == {"layer": 3, "width": 4}
    deep = found(hidden=DEEP)
    assert deep["better-start"].values["initializer"] == "he"
    assert 0.1 < deep["better-start"].values["gradient"] < 10
    assert 200 < deep["fading"].values["gradient"] < 3_000


def test_he_lets_more_of_a_sigmoids_gradient_through_than_glorot() -> None:
    """The old sentence named the same number for both."""
    lost = {
        code: found(hidden=DEEP, activation="sigmoid", initializer=code)["fading"].values["gradient"]
        for code in ("glorot", "he")
    }
    assert lost["glorot"] > 50 * lost["he"]


@pytest.mark.parametrize(
    ("hidden", "layer"),
    [
        ((100, 100, 5, 100), None),  # the second pair's input is added to its output: around the narrow layer
        ((100, 100, 100, 100, 5, 100), None),
        ((5, 100, 100, 100), 1),  # 784 pixels cannot be added to 100 units: no way around
        ((100, 5, 100, 5), 2),  # the second pair's way around begins and ends in 5 numbers
        ((100, 100, 5, 100, 7, 50), 5),  # only the last pair has no skip
    ],
)
def test_a_narrow_layer_with_a_way_around_is_no_bottleneck(
    hidden: tuple[int, ...], layer: int | None
) -> None:
    caution = found(hidden=hidden, residual=True).get("bottleneck")
    assert (caution and caution.values["layer"]) == layer
    assert "bottleneck" in found(hidden=hidden, residual=False)


def test_a_dead_start_is_said_without_numbers() -> None:
    blocked = found(hidden=(1,) * 50)
    assert blocked["blocked"].values == {"depth": 50}
    assert "fading" not in blocked
