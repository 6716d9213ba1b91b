from datetime import UTC, datetime, timedelta, timezone

import pytest

from dashboard.language import numbers


@pytest.mark.parametrize(
    ("step", "steps_per_epoch", "told"),
    [
        (0, 430, "0"),
        (430, 430, "1"),
        (430_000, 430, "1,000"),
        (215, 430, "0.5"),
        (43, 430, "0.1"),
        (1, 430, "0.00233"),
        (1, 55_000, "0.0000182"),
        (5_300, 430, "12.3"),
        (430_100, 430, "1,000.2"),
        (429, 430, "0.998"),
        (42_999, 430, "100"),
    ],
)
def test_epochs_are_told_without_powers_of_ten(step: int, steps_per_epoch: int, told: str) -> None:
    assert numbers.epochs_text(step, steps_per_epoch) == told


def test_a_thousand_epochs_of_a_thousand() -> None:
    assert numbers.out_of(1000, 1000) == "1,000 / 1,000"
    assert numbers.out_of(0, 3) == "0 / 3"


@pytest.mark.parametrize(
    ("share", "told"), [(0.97354, "97.35%"), (1.0, "100.00%"), (0.0, "0.00%"), (None, "–")]
)
def test_percent(share: float | None, told: str) -> None:
    assert numbers.percent(share) == told


def test_percent_with_fewer_digits() -> None:
    assert numbers.percent(0.97354, 1) == "97.4%"


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.004, ""), (0.512, "51 %"), (0.9949, "99 %"), (0.997, "99.7 %"), (0.99999, "≥ 99.9 %")],
)
def test_no_bar_is_called_100_percent(share: float, told: str) -> None:
    assert numbers.short_probability(share) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.97354, "97.4 %"), (0.9997, "≥ 99.9 %"), (0.9995, "≥ 99.9 %"), (0.9994, "99.9 %"), (0.1, "10.0 %")],
)
def test_probability(share: float, told: str) -> None:
    assert numbers.probability(share) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "1 s"), (12.3, "12 s"), (89.9, "90 s"), (90, "2 min"), (3600, "60 min")]
)
def test_duration(seconds: float, told: str) -> None:
    assert numbers.duration(seconds) == told


def test_a_moment_is_told_in_universal_time() -> None:
    assert numbers.moment(datetime(2026, 11, 26, 20, 40, tzinfo=UTC)) == "2026-11-26 20:40 UTC"
    there = timezone(timedelta(hours=8))
    assert numbers.moment(datetime(2026, 11, 27, 4, 40, tzinfo=there)) == "2026-11-26 20:40 UTC"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        *[(0.0, "0"), (55_000.0, "55,000"), (2.302585, "2.3"), (0.0087, "0.0087"), (0.000126, "0.000126")],
        *[(1.26e-5, "1.3 × 10⁻⁵"), (-1e-7, "-1.0 × 10⁻⁷"), (9.96e-5, "1.0 × 10⁻⁴")],
        *[(float("nan"), "–"), (float("inf"), "–")],
    ],
)
def test_numbers_are_rounded_and_never_in_a_programmer_s_powers(value: float, said: str) -> None:
    assert numbers.rounded(value) == said
