"""Times that are told beforehand are within a factor of 1.5 of what was measured."""

from __future__ import annotations

from itertools import permutations

from core.runs.speed import kind, work
from core.settings import DEFAULT, PRESETS

FIFTH = {"train": 11_000, "validation": 1_000}
DEEP = PRESETS["twenty-layer"].change(**FIFTH)
USUAL = DEFAULT.change(**FIFTH)
MEASURED = {
    USUAL.change(hidden=()): 0.082,
    USUAL.change(hidden=(16,)): 0.083,
    USUAL: 0.337,
    USUAL.change(hidden=(1_000, 1_000)): 2.05,
    USUAL.change(batch_size=8): 0.125,
    USUAL.change(batch_size=1_024): 9.93,
    USUAL.change(optimizer="adam", learning_rate=0.001): 0.405,
    USUAL.change(activation="tanh"): 0.369,
    USUAL.change(train=1_000, validation=5_000): 1.61,
    USUAL.change(hidden=(30,) * 50): 0.562,
    DEEP: 0.555,
    DEEP.change(batch_normalization=True, optimizer="adam", learning_rate=0.001): 1.136,
}
"""Settings → milliseconds of processor time a step, of two epochs on one machine; compiling is not in it."""


def test_from_any_setting_that_was_measured_any_other_is_told_within_a_factor_of_1_5() -> None:
    for known, other in permutations(MEASURED, 2):
        told = MEASURED[known] * work(other) / work(known)
        assert 1 / 1.5 < told / MEASURED[other] < 1.5, (known, other)


def test_likeness_is_what_decides_the_speed_and_nothing_else() -> None:
    alike = [USUAL.change(seed=5), USUAL.change(learning_rate=0.5), USUAL.change(initializer="glorot")]
    assert {kind(settings) for settings in (USUAL, *alike)} == {kind(USUAL)}
    others = [USUAL.change(optimizer="adam"), USUAL.change(batch_size=64), USUAL.change(hidden=(300,))]
    assert len({kind(settings) for settings in (USUAL, *others)}) == 4


def test_nothing_costs_nothing() -> None:
    assert work(USUAL.change(hidden=(1,))) > 0
