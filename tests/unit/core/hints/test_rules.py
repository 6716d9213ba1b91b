"""The table of hints: which rule speaks, what it would change, and when none does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hint_lab import FINE, codes, curve, first, layers, seen

from core.dataset.mnist import load_mnist
from core.dataset.normalization import fit
from core.hints.elsewhere import DrawingSeen, ExamSeen, PairSeen
from core.hints.remedies import SIZES, SQUARES
from core.hints.rules import RULES, hints
from core.settings import PRESETS, Settings

STUCK = curve([2.31, 2.30], [0.1135, 0.1135])
BROKEN = curve([], [])
DEEP = PRESETS["twenty-layer"]
SMALL = FINE.change(train=2_000)


def test_every_rule_has_a_code_of_its_own_that_an_origin_can_hold() -> None:
    every = [rule.code for rule in RULES]
    assert len(set(every)) == len(every) >= 26
    assert all(len(code) <= 40 - 13 and "_" not in code for code in every)


@pytest.mark.parametrize(
    ("settings", "expected", "change"),
    [
        (FINE.change(learning_rate=1.0), "diverged-rate", {"learning_rate": 0.01}),
        (FINE.change(normalization="none"), "diverged-raw", {"normalization": "z-score"}),
        (
            FINE.change(normalization="none", learning_rate=1.0),
            "diverged-twice",
            {"batch_normalization": True},
        ),
        (FINE.change(activation="selu"), "diverged-start", {"initializer": "activation"}),
        (FINE.change(initializer="he"), "diverged-steps", {"gradient_clipping": 1.0}),
        (FINE.change(normalization="none", learning_rate=1e-6, initializer="he"), "diverged-steps", None),
    ],
)
def test_what_broke_off_is_told_its_cause(
    settings: Settings, expected: str, change: Mapping[str, Any] | None
) -> None:
    hint = first(seen(BROKEN, settings, status="diverged"))
    assert hint.code == expected
    assert hint.remedy == settings.change(**(change or {"gradient_clipping": 1.0}))
    kept = first(seen(BROKEN, settings.as_if(batch_size=8_192), status="diverged"))
    assert (kept.code, kept.remedy) == (expected, None)  # what may not be trained today is not offered


@pytest.mark.parametrize(
    ("settings", "record", "expected"),
    [
        (FINE.change(learning_rate=1.0), layers(2_000, dead_share=[1.0, np.nan]), "stuck-dead"),
        (FINE.change(learning_rate=1.0), layers(2_000, dead_share=[0.5, np.nan]), "stuck-rate-high"),
        (FINE.change(activation="tanh"), layers(2_000, saturated_share=[0.9, np.nan]), "stuck-saturated"),
        (FINE.change(learning_rate=1e-5), None, "stuck-rate-low"),
        (FINE.change(normalization="none"), None, "stuck-raw"),
        (DEEP, layers(0, gradient_rms=[1e-9, 1e-5, 1e-2]), "stuck-vanishing"),
        (DEEP, layers(0, output_spread=[1.0, 1e-3, 0.3]), "stuck-weak-start"),
        (DEEP.change(learning_rate=1e-6), layers(0, gradient_rms=[1e-9, 1e-5, 1e-2]), "stuck-several"),
        (FINE.change(batch_size=1), layers(2_000, dead_share=[1.0, np.nan]), "stuck-batch"),
        (FINE, None, "stuck-unknown"),
    ],
)
def test_the_guess_line_is_told_its_cause(settings: Settings, record: Any, expected: str) -> None:
    assert codes(seen(STUCK, settings, record)) == [expected]


def test_a_penalty_that_shrank_the_weights_is_named() -> None:
    record = [layers(step, weight_rms=[size, size, 0.1]) for step, size in ((0, 0.05), (2_000, 0.001))]
    hint = first(seen(STUCK, FINE.change(l2=0.3), np_concat(record)))
    assert (hint.code, hint.values["layer"], hint.remedy) == ("stuck-alike", 1, FINE)


def np_concat(frames: list[Any]) -> Any:
    """The records one after the other."""
    import pandas as pd

    return pd.concat(frames)


def test_overfitting_offers_every_remedy_that_is_not_there_yet() -> None:
    points = curve(
        [0.5, 0.10, 0.108, 0.113],
        [0.90, 0.95, 0.95, 0.95],
        trained=[0.5, 0.3, 0.2, 0.1],
        training=[0.95, 0.98, 0.99, 1.0],
    )
    assert codes(seen(points, SMALL)) == [
        "overfitting-stop",
        "overfitting-images",
        "overfitting-l2",
        "overfitting-shift",
    ]
    assert first(seen(points, SMALL)).remedy == SMALL.change(epochs=2)
    held = SMALL.change(l2=0.001, shift=1.0, train=55_000)
    assert codes(seen(points, held)) == ["overfitting-stop"]


def test_what_leaps_up_is_not_told_to_keep_its_weights_small() -> None:
    points = curve(
        [0.5, 0.1, 0.12, 0.13],
        [0.90, 0.95, 0.95, 0.95],
        trained=[0.5, 0.3, 0.2, 0.1],
        training=[0.95, 0.98, 0.99, 1.0],
    )
    assert codes(seen(points, SMALL)) == ["overfitting-stop", "overfitting-images"]


@pytest.mark.parametrize(
    ("rate", "change"),
    [
        (0.1, {"batch_normalization": True}),
        (3.0, {"batch_normalization": True}),
        (10.0, {"learning_rate": 4e-6}),  # beyond what batch normalisation bears
    ],
)
def test_two_reasons_have_one_change_that_makes_up_for_both(rate: float, change: Mapping[str, Any]) -> None:
    settings = FINE.change(normalization="none", learning_rate=rate)
    hint = first(seen(STUCK, settings))
    assert hint.code == "stuck-twice"
    assert hint.remedy == settings.change(**change)
    assert hint.values["times"] == pytest.approx(7_286 * rate / 0.01)


def test_one_thing_at_a_time_and_no_praise_beside_it() -> None:
    slow = curve([2.2, 2.0, 1.9, 1.8], [0.2, 0.3, 0.4, 0.5])
    assert codes(seen(slow, FINE.change(learning_rate=1e-4))) == ["slow-rate-low"]
    assert codes(seen(slow, FINE)) == ["improving"]
    level = curve([2.2, 1.9, 1.9, 1.9], [0.2, 0.3, 0.3, 0.3])
    assert codes(seen(level, FINE)) == ["slow-unknown"]  # and not praised for having levelled off
    assert codes(seen(level, FINE.change(batch_size=1))) == ["slow-batch"]
    raw = FINE.change(optimizer="adam", learning_rate=0.03, normalization="none")
    assert codes(seen(level, raw)) == ["slow-twice"]


def test_a_healthy_run_is_told_so() -> None:
    fine = curve([0.5, 0.3, 0.2, 0.199], [0.90, 0.960, 0.962, 0.963])
    assert codes(seen(fine)) == ["well", "levelled-off"]
    assert codes(seen(fine, status="running")) == ["learning"]
    assert codes(seen(curve([], []), status="waiting")) == []


def test_what_looks_like_a_gap_is_explained() -> None:
    early = curve([0.9], [0.70], training=[0.85], steps=100)
    assert "averages" in codes(seen(early, FINE.change(batch_normalization=True)))
    late = curve([0.9] * 9, [0.70] * 9, training=[0.85] * 9)
    assert "averages" not in codes(seen(late, FINE.change(batch_normalization=True)))
    above = curve([0.5], [0.90], training=[0.80])
    assert "running-average" in codes(seen(above))
    assert "handicap" in codes(seen(above, FINE.change(dropout=0.5)))


def test_an_exam_a_pair_and_a_drawing_have_their_own() -> None:
    assert [hint.code for hint in hints(ExamSeen(400, 10_000, 100, 5_000, 1))] == ["test-worse"]
    assert [hint.code for hint in hints(ExamSeen(210, 10_000, 100, 5_000, 3))] == ["test-luck", "tuned"]
    assert [hint.code for hint in hints(PairSeen(0.97, 0.969, 5_000))] == ["too-close"]
    assert hints(PairSeen(0.97, 0.95, 5_000)) == []
    assert hints(DrawingSeen(2.5, 18.0, 1.0)) == []
    assert [hint.code for hint in hints(DrawingSeen(8.0, 9.0, 6.0))] == ["drawing-stroke", "drawing-place"]


def test_the_best_of_equal_networks_is_ahead_by_at_most_what_is_said() -> None:
    """Each on images of its own it is ahead by that; on the same images, of which some are hard, by less."""
    points = hints(ExamSeen(300, 10_000, 150, 5_000, 5))[-1].values["points"]
    draw = np.random.default_rng(0).binomial
    alone = draw(10_000, 0.03, (5_000, 5)).min(axis=1)
    hard = draw(10_000, 0.02, 5_000)  # all five misread these, and each one in a hundred of the others
    together = (hard[:, None] + draw(10_000 - hard[:, None], 0.01 / 0.98, (5_000, 5))).min(axis=1)
    assert 3 - alone.mean() / 100 == pytest.approx(points, abs=0.01)
    assert 0.3 * points < 3 - together.mean() / 100 < 0.7 * points  # the root of a third is 0.58


@pytest.mark.parametrize("normalization", list(SQUARES))
def test_pixels_are_as_large_as_the_pace_of_steps_takes_them_for(normalization: str) -> None:
    images = load_mnist().train_images[:5_000]
    pixels = fit(normalization, images).transform(images).astype(float)
    assert np.mean(pixels**2) == pytest.approx(SQUARES[normalization], rel=0.05)
    assert np.mean(np.abs(pixels)) == pytest.approx(SIZES[normalization], rel=0.05)
