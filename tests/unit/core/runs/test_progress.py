from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from core.errors import LabError
from core.runs.progress import Checkpoint, DamagedRecord, Snapshot, recorded_steps, steps_per_epoch


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


def test_a_snapshot_comes_back() -> None:
    written = Snapshot(
        3, np.arange(84, dtype=np.int32).reshape(2, 42), np.full((1, 28, 28), -7, np.int8), 0.5
    )
    read = Snapshot.from_bytes(written.to_bytes())
    assert (read.step, read.scale) == (3, 0.5)
    np.testing.assert_array_equal(read.histogram, written.histogram)
    np.testing.assert_array_equal(read.pictures, written.pictures)
    assert read.pictures.dtype == np.int8


@pytest.mark.parametrize("kind", [Checkpoint, Snapshot])
def test_damaged_bytes_are_named(kind: Any) -> None:
    whole = checkpoint().to_bytes()
    torn = [b"", b"PK", whole[: len(whole) // 2], b"\x93NUMPY" + bytes(20), b"\x80\x04N."]
    for data in [*torn, np.random.default_rng(0).bytes(500)]:
        with pytest.raises(DamagedRecord):
            kind.from_bytes(data)


def test_a_checkpoint_is_no_snapshot() -> None:
    with pytest.raises(LabError, match="histogram"):
        Snapshot.from_bytes(checkpoint().to_bytes())


def test_no_pickle_is_ever_read() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, step=np.array([print], dtype=object))
    with pytest.raises(DamagedRecord):
        Checkpoint.from_bytes(buffer.getvalue())


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
