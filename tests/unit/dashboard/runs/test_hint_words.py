"""Every hint in words, in every language, with the numbers of a run that calls for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hint_lab import FINE, curve, layers, seen

from core.hints.elsewhere import DrawingSeen, ExamSeen, PairSeen
from core.hints.rules import RULES, hints
from core.hints.seen import Seen
from core.settings import PRESETS, Settings
from core.translation import speaking
from dashboard.runs.hint_words import because, change_told, told

DEEP = PRESETS["twenty-layer"].change(epochs=4)
RAW = FINE.change(normalization="none")
BROKEN = curve([], [])
STUCK = curve([2.3] * 4, [0.11] * 4)
SLOW = curve([2.2, 1.9, 1.9, 1.9], [0.2, 0.3, 0.3, 0.3])
JUMPING = curve([0.5, 0.3, 0.4, 0.3, 0.4, 0.3], [0.85, 0.9, 0.88, 0.9, 0.88, 0.9])
BETTER = curve([1.0, 0.8, 0.6, 0.4], [0.75, 0.8, 0.85, 0.9])
FEW_STEPS = curve([1.0, 0.8, 0.6, 0.4], [0.75, 0.8, 0.85, 0.9], steps=100)
POOR = curve([0.5] * 4, [0.85] * 4)
OVERFIT = curve([0.5, 0.10, 0.108, 0.113], [0.90, 0.95, 0.95, 0.95], trained=[0.5, 0.3, 0.2, 0.1])
OVERFIT["epoch_accuracy"] = [np.nan, 0.95, 0.98, 0.99, 1.0]
GAP = curve([0.5] * 4, [0.88] * 4, training=[0.99] * 4)
ABOVE = curve([0.5], [0.90], training=[0.80])
WELL = curve([0.5, 0.3, 0.2, 0.199], [0.90, 0.960, 0.962, 0.963])
SHRUNK = pd.concat(layers(step, weight_rms=[size, size, 0.1]) for step, size in ((0, 0.05), (4_000, 0.001)))
FADED = layers(0, gradient_rms=[1e-9, 1e-5, 1e-2])
FAINT = layers(0, output_spread=[1.0, 1e-3, 0.3])


def broken(settings: Settings) -> Seen:
    return seen(BROKEN, settings, status="diverged")


RUNS: Mapping[str, Seen] = {
    "diverged-rate": broken(FINE.change(learning_rate=1.0)),
    "diverged-raw": broken(RAW),
    "diverged-twice": broken(RAW.change(learning_rate=1.0)),
    "diverged-start": broken(FINE.change(activation="selu")),
    "diverged-steps": broken(FINE.change(initializer="he")),
    "diverged-unknown": broken(FINE.change(initializer="he", gradient_clipping=1.0)),
    "stuck-alike": seen(STUCK, FINE.change(l2=0.3), SHRUNK),
    "stuck-batch": seen(STUCK, FINE.change(batch_size=1)),
    "stuck-dead": seen(STUCK, FINE, layers(4_000, dead_share=[1.0, np.nan])),
    "stuck-saturated": seen(STUCK, FINE, layers(4_000, saturated_share=[0.9, np.nan])),
    "stuck-rate-high": seen(STUCK, FINE.change(learning_rate=1.0)),
    "stuck-raw": seen(STUCK, RAW),
    "stuck-twice": seen(STUCK, RAW.change(learning_rate=1.0)),
    "stuck-several": seen(STUCK, DEEP.change(learning_rate=1e-6), FADED),
    "stuck-rate-low": seen(STUCK, FINE.change(learning_rate=1e-5)),
    "stuck-few-steps": seen(curve([2.3] * 4, [0.11] * 4, steps=10), FINE.change(batch_size=256)),
    "stuck-vanishing": seen(STUCK, DEEP, FADED),
    "stuck-weak-start": seen(STUCK, DEEP, FAINT),
    "stuck-scale": seen(STUCK, FINE.change(normalization="min-max", learning_rate=0.03)),
    "stuck-begun": seen(curve([2.3], [0.11], steps=16), FINE.change(train=500, epochs=1)),
    "stuck-unknown": seen(STUCK, FINE),
    "jumping-rate": seen(JUMPING, FINE.change(learning_rate=1.0)),
    "jumping-batch": seen(JUMPING, FINE.change(batch_size=1)),
    "jumping-steps": seen(JUMPING, FINE.change(learning_rate=0.03)),
    "overfitting-stop": seen(OVERFIT, FINE.change(train=2_000)),
    "overfitting-images": seen(OVERFIT, FINE.change(train=2_000)),
    "overfitting-l2": seen(OVERFIT, FINE.change(train=2_000)),
    "overfitting-shift": seen(OVERFIT, FINE.change(train=2_000)),
    "slow-rate-high": seen(SLOW, FINE.change(learning_rate=1.0)),
    "slow-batch": seen(SLOW, FINE.change(batch_size=1)),
    "slow-raw": seen(SLOW, RAW),
    "slow-twice": seen(SLOW, RAW.change(learning_rate=1.0)),
    "slow-rate-low": seen(SLOW, FINE.change(learning_rate=1e-4)),
    "slow-few-steps": seen(curve([2.2] + [1.9] * 3, [0.3] * 4, steps=10), FINE.change(batch_size=256)),
    "slow-begun": seen(curve([2.2, 1.9, 1.9, 1.9], [0.2, 0.3, 0.3, 0.3], steps=16), FINE.change(train=500)),
    "slow-scale": seen(SLOW, FINE.change(normalization="min-max", learning_rate=0.03)),
    "slow-depth": seen(SLOW, DEEP),
    "bottleneck": seen(POOR, FINE.change(hidden=(100, 3, 100))),
    "no-bend": seen(POOR, FINE.change(activation="linear")),
    "poor-rate-high": seen(POOR, FINE.change(learning_rate=1.0)),
    "too-small": seen(POOR, FINE.change(hidden=(8,))),
    "few-images": seen(GAP, FINE.change(train=500)),
    "slow-unknown": seen(SLOW, FINE),
    "large-batch": seen(FEW_STEPS, FINE.change(batch_size=256)),
    "begun": seen(curve([0.5], [0.85]), FINE.change(epochs=1)),
    "improving": seen(BETTER, FINE),
    "well": seen(WELL, FINE),
    "levelled-off": seen(WELL, FINE),
    "learning": seen(WELL, FINE, status="running"),
    "averages": seen(
        curve([0.9], [0.70], training=[0.85], steps=100), FINE.change(batch_normalization=True, epochs=1)
    ),
    "handicap": seen(ABOVE, FINE.change(dropout=0.5)),
    "running-average": seen(ABOVE, FINE),
    "unused-units": seen(WELL, FINE, layers(4_000, dead_share=[0.6, np.nan])),
}
ELSEWHERE: Mapping[str, Any] = {
    "test-worse": ExamSeen(400, 10_000, 100, 5_000, 1),
    "test-luck": ExamSeen(210, 10_000, 100, 5_000, 3),
    "tuned": ExamSeen(210, 10_000, 100, 5_000, 3),
    "too-close": PairSeen(0.97, 0.969, 5_000),
    **dict.fromkeys(("drawing-stroke", "drawing-place"), DrawingSeen(8.0, 9.0, 6.0)),
}
UNTOLD = re.compile(r"[{}]|\binf\b|\bnan\b|[0-9]e[-+][0-9]")
"""Places without a number, and numbers that are none."""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_a_hint_is_told_in_every_language_with_its_numbers(code: str, language: str) -> None:
    whole = RUNS.get(code) or ELSEWHERE[code]
    (hint,) = (each for each in hints(whole) if each.code == code)
    settings = whole.settings if isinstance(whole, Seen) else None
    with speaking(language):
        words = told(hint, settings)
        change = "" if hint.remedy is None or settings is None else change_told(settings, hint.remedy)
    assert not UNTOLD.search(words + change)
    assert (re.search(r"[\u4e00-\u9fff]", words) is not None) == (language == "zh-CN")
    assert bool(change) == (hint.remedy is not None)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (layers(0, gradient_rms=[0.0, 1e-5, 1e-2]), "no gradient at all comes back to layer 1"),
        (layers(0, output_spread=[1.0, 0.0, 0.3]), "images do not differ at all behind 2 layers"),
    ],
)
def test_what_is_infinitely_weak_is_told_without_a_number(record: pd.DataFrame, said: str) -> None:
    (hint,) = hints(seen(STUCK, DEEP, record))
    assert said in told(hint, DEEP)


def test_a_measure_is_told_to_three_digits() -> None:
    (hint,) = hints(broken(RAW.change(learning_rate=1.0)))
    assert "about 729,000 times as long" in told(hint, hint.remedy)  # 728,600
    assert "1,250 times what is usual" in told(hints(broken(FINE.change(learning_rate=12.5)))[0], FINE)


def test_what_a_few_steps_leave_is_told_like_what_goes_on() -> None:
    (hint,) = (each for each in hints(RUNS["large-batch"]) if each.code == "large-batch")
    assert told(hint).startswith("**Still improving.** Batches of 256 images")


def test_what_may_help_besides_is_told_without_saying_again_what_is_seen() -> None:
    first, *beside = hints(RUNS["overfitting-l2"])
    assert told(first).startswith("**It overfits.**")
    said = [because(hint, FINE) for hint in beside]
    assert [text.split()[:3] for text in said] == [
        ["It", "learns", "from"],
        ["An", "L2", "penalty"],
        ["Images", "that", "are"],
    ]
