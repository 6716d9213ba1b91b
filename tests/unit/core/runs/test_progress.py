from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from core.errors import LabError
from core.runs.progress import (
    Checkpoint,
    DamagedRecord,
    Pictures,
    pack_histogram,
    pictures_stay,
    read_histogram,
    read_layers,
    recorded_steps,
    steps_per_epoch,
)


def checkpoint() -> Checkpoint:
    generator = np.random.default_rng(0)
    return Checkpoint(
        step=1719,
        seconds=1.25,
        sums=np.array([[0.1, 7.0, 32.0], [np.pi, 1.0, 2.0]]),
        weights={
            "dense_1/kernel": generator.normal(size=(784, 3)).astype(np.float32),
            "dense_1/bias": np.array([np.nan, -0.0, np.float32(1e-45)], np.float32),
        },
        optimizer=[np.array(index, np.int64) for index in range(12)],
    )


def test_a_checkpoint_comes_back_bit_for_bit() -> None:
    written = checkpoint()
    read = Checkpoint.from_bytes(written.to_bytes())
    assert (read.step, read.seconds) == (1719, 1.25)
    assert read.sums.tobytes() == written.sums.tobytes()
    assert list(read.weights) == list(written.weights)
    for name, weight in written.weights.items():
        assert read.weights[name].dtype == np.float32
        assert read.weights[name].tobytes() == weight.tobytes()


def test_the_optimizer_keeps_its_order_beyond_ten_variables() -> None:
    assert [int(value) for value in Checkpoint.from_bytes(checkpoint().to_bytes()).optimizer] == list(
        range(12)
    )


def test_a_histogram_and_pictures_come_back() -> None:
    histogram = np.arange(84, dtype=np.int32).reshape(2, 42)
    np.testing.assert_array_equal(read_histogram(pack_histogram(histogram)), histogram, strict=True)
    written = Pictures(np.full((1, 28, 28), -7, np.int8), 0.5)
    read = Pictures.from_bytes(written.to_bytes())
    np.testing.assert_array_equal(read.shades, written.shades, strict=True)
    assert read.scale == 0.5


@pytest.mark.parametrize("units", [1, 10, 64, 300])
def test_pictures_are_the_first_units_weights_to_half_a_shade(units: int) -> None:
    kernel = np.random.default_rng(0).normal(size=(784, units)).astype(np.float32)
    pictures = Pictures.of(kernel)
    assert pictures.shades.shape == (min(units, 64), 28, 28)
    assert pictures.shades.dtype == np.int8
    assert np.abs(pictures.shades).max() == 15
    shown = kernel.T[:64].reshape(-1, 28, 28)
    np.testing.assert_allclose(pictures.shades * pictures.scale, shown, atol=0.501 * pictures.scale)


def test_weights_that_are_all_0_have_a_picture() -> None:
    pictures = Pictures.of(np.zeros((784, 2), np.float32))
    assert not pictures.shades.any()
    assert pictures.scale == 1


def test_pictures_stay_more_often_in_the_beginning() -> None:
    assert [epoch for epoch in range(501) if pictures_stay(epoch)] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500]


READERS: list[Callable[[bytes], object]] = [
    Checkpoint.from_bytes,
    Pictures.from_bytes,
    read_histogram,
    read_layers,
]


@pytest.mark.parametrize("read", READERS)
def test_damaged_bytes_are_named(read: Callable[[bytes], object]) -> None:
    whole = checkpoint().to_bytes()
    torn = [b"", b"PK", whole[: len(whole) // 2], b"\x93NUMPY" + bytes(20), b"\x80\x04N."]
    for data in [*torn, np.random.default_rng(0).bytes(500)]:
        with pytest.raises(DamagedRecord):
            read(data)


def test_a_flipped_bit_is_noticed_wherever_it_is() -> None:
    whole = checkpoint().to_bytes()
    for place in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        with suppress(DamagedRecord):
            assert Checkpoint.from_bytes(bytes(damaged)).to_bytes() == whole


def test_a_checkpoint_is_no_snapshot() -> None:
    with pytest.raises(LabError, match="histogram"):
        read_histogram(checkpoint().to_bytes())


@pytest.mark.parametrize("steps", [1, 2, 11, 12, 13, 100, 1719, 54_000])
@pytest.mark.parametrize("epoch", [0, 1, 7])
def test_recorded_steps_rise_evenly_and_end_with_the_epoch(epoch: int, steps: int) -> None:
    recorded = recorded_steps(epoch, steps)
    assert len(recorded) == min(10, steps)
    assert recorded[-1] == (epoch + 1) * steps
    gaps = np.diff([epoch * steps, *recorded])
    assert gaps.min() >= 1
    assert gaps.max() - gaps.min() <= 1


@pytest.mark.parametrize(
    ("images", "batch", "steps"), [(55_000, 32, 1719), (64, 32, 2), (65, 32, 3), (5, 32, 1)]
)
def test_steps_per_epoch_counts_the_smaller_last_batch(images: int, batch: int, steps: int) -> None:
    assert steps_per_epoch(images, batch) == steps
