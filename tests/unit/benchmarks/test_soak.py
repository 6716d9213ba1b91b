"""What the soak counts: failures outside announced downtimes, and memory that grows."""

import time

import pytest

from benchmarks import soak
from benchmarks.soak import Downtimes


def test_a_downtime_lasts_as_long_as_was_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    downtimes = Downtimes()
    assert not downtimes.are_now()
    downtimes.announce(30.0)
    assert downtimes.are_now()
    now = 130.0
    assert downtimes.are_now()
    now = 130.1
    assert not downtimes.are_now()


@pytest.mark.parametrize(
    ("megabytes", "grown"),
    [([], 0.0), ([300.0, 400.0], 0.0), ([300.0] * 9, 0.0), ([300.0, 900.0, 300.0] * 3, 0.0)],
)
def test_memory_that_stays_is_flat(megabytes: list[float], grown: float) -> None:
    assert soak._grown(megabytes) == grown


def test_memory_that_grows_is_told() -> None:
    assert soak._grown([300.0 + number for number in range(30)]) == 20.0


def test_every_way_of_training_is_a_link_that_the_lab_takes() -> None:
    from core.settings import Settings

    for way in soak.WAYS:
        _settings, refused = Settings.from_query({name: str(value) for name, value in way.items()})
        assert refused == []
