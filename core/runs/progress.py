"""What a run tells while it trains: points of the curve, checkpoints to go on from, snapshots of its layers.

Plain values without TensorFlow, so that the store and the pages can read what a worker wrote.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, LabError

POINTS_PER_EPOCH = 10
PROBE_SIZE = 64
"""Training images, the first ones, on which the microscope measures every layer: the probe batch."""

LAYER_MEASURES = (
    "gradient_rms",  # root of the mean square, per weight: the loss on the probe batch by the layer's kernel
    "update_ratio",  # RMS of what the last step changed in the kernel / RMS of the kernel
    "weight_rms",  # RMS of the kernel
    "output_mean",  # of what the layer hands on, after its activation, over the probe batch
    "output_spread",  # standard deviation of the same
    "saturated_share",  # of outputs so near the ends of sigmoid or tanh that hardly any gradient passes
    "dead_share",  # of ReLU units that are 0 for every image of the probe batch
)

HISTOGRAM_EDGES: NDArray[np.float64] = np.linspace(-10.0, 10.0, 41)
"""Edges of the 40 bins in which weighted sums are counted; one more bin at each end for what lies beyond."""


class DamagedRecord(LabError):
    """Saved bytes are not what was written."""


@dataclass(frozen=True)
class Point:
    """One point of a run's curve. What was not measured here is None, never 0 or NaN.

    Attributes:
        step: optimiser steps since the run began; 0 is the fresh network.
        epoch: ``step`` / steps an epoch, so that 1.5 is the middle of the second epoch.
        seconds: training time until here, over all pieces of the run, compiling not counted.
        loss, accuracy: means over the images since the previous point; None at step 0.
        epoch_loss, epoch_accuracy: means over the images since the epoch began; at its end what Keras prints.
        val_loss, val_accuracy: of the whole validation part; at step 0 and at the end of each epoch.
        layers: float32 (``LAYER_MEASURES``, hidden layers + output), NaN where a measure does not apply.
        answers: to the witnesses, as ``core.dataset.witnesses.write_answers`` writes them.
    """

    step: int
    epoch: float
    seconds: float
    loss: float | None = None
    accuracy: float | None = None
    epoch_loss: float | None = None
    epoch_accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    layers: NDArray[np.float32] | None = None
    answers: bytes | None = None


@dataclass(frozen=True)
class Checkpoint:
    """All a run needs to go on as if it had never paused.

    Attributes:
        step: optimiser steps done.
        seconds: training time until here.
        sums: float64 (2, 3). Rows: since the epoch began, since the last point. Columns: loss summed over
            images, images answered right, images.
        weights: variable name such as "dense_1/kernel" → float32 array; moving averages included.
        optimizer: the optimiser's variables in its own order: step counter, rate, moments.
    """

    step: int
    seconds: float
    sums: NDArray[np.float64]
    weights: dict[str, NDArray[np.float32]]
    optimizer: list[NDArray[Any]]

    def to_bytes(self) -> bytes:
        """The checkpoint as an uncompressed .npz file."""
        arrays: dict[str, NDArray[Any]] = {
            "step": np.array(self.step),
            "seconds": np.array(self.seconds),
            "sums": self.sums,
        }
        arrays |= {f"weights/{name}": weight for name, weight in self.weights.items()}
        arrays |= {f"optimizer/{index}": value for index, value in enumerate(self.optimizer)}
        return _pack(arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote. Raises DamagedRecord for anything else."""
        arrays = _unpack(data)
        try:
            return cls(
                step=int(arrays["step"]),
                seconds=float(arrays["seconds"]),
                sums=arrays["sums"],
                weights=_under("weights/", arrays),
                optimizer=list(_under("optimizer/", arrays).values()),
            )
        except KeyError as error:
            raise DamagedRecord(
                N_("A checkpoint lacks {part}. Start the run again."), part=error.args[0]
            ) from error


@dataclass(frozen=True)
class Snapshot:
    """What is inside a network at one step, on the probe batch.

    Attributes:
        step: optimiser steps done.
        histogram: int32 (hidden layers, 42): weighted sums counted between ``HISTOGRAM_EDGES``; the first bin
            counts what lies below -10, the last what lies from 10 on. Maxout counts every piece. With batch
            normalisation: what the activation receives.
        pictures: int8 (n, 28, 28): weights from the image to the first n <= 64 units of the first layer,
            times ``scale``.
        scale: weight that one step of ``pictures`` stands for.
    """

    step: int
    histogram: NDArray[np.int32]
    pictures: NDArray[np.int8]
    scale: float

    def to_bytes(self) -> bytes:
        """The snapshot as an uncompressed .npz file."""
        return _pack(
            {
                "step": np.array(self.step),
                "histogram": self.histogram,
                "pictures": self.pictures,
                "scale": np.array(self.scale),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote. Raises DamagedRecord for anything else."""
        arrays = _unpack(data)
        try:
            return cls(int(arrays["step"]), arrays["histogram"], arrays["pictures"], float(arrays["scale"]))
        except KeyError as error:
            raise DamagedRecord(N_("A snapshot lacks {part}."), part=error.args[0]) from error


class Recorder(Protocol):
    """Who listens to a run."""

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Keep what is new; also called with nothing new, as a sign of life.

        Returns:
            True to go on, False to stop the run here.
        """
        ...


def steps_per_epoch(images: int, batch_size: int) -> int:
    """Steps in which every image is seen once; the last batch may be smaller. 55,000 / 32 → 1,719."""
    return -(-images // batch_size)


def recorded_steps(epoch: int, steps_per_epoch: int) -> list[int]:
    """Steps of a run after which a point is recorded in one of its epochs, counted from 0; rising.

    They are 10, spread evenly, fewer in a shorter epoch, and the last one is the epoch's end: epoch 0 of 1719
    steps → [172, 344, …, 1719], epoch 1 of 3 steps → [4, 5, 6].
    """
    count = min(POINTS_PER_EPOCH, steps_per_epoch)
    return [steps_per_epoch * epoch + round(steps_per_epoch * n / count) for n in range(1, count + 1)]


def _pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _unpack(data: bytes) -> dict[str, NDArray[Any]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception as error:  # of damaged bytes zipfile, tokenize and NumPy each say what they like
        raise DamagedRecord(N_("A saved record cannot be read ({reason})."), reason=error) from error


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
