"""What a run tells while it trains: points of the curve, checkpoints to go on from, snapshots of its layers.

Plain values without TensorFlow, so that the store and the pages can read what a worker wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, LabError
from core.runs.packed import pack, unpack, unpack_measures

Read = TypeVar("Read")

POINTS_PER_EPOCH = 10
PROBE_SIZE = 64
"""Training images, the first ones, on which the microscope measures every layer: the probe batch."""

PICTURES = 64
SHADES = 15
"""Of each colour, from 0 to the largest weight: beside pictures with 127 shades no eye sees a difference."""

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
        """The checkpoint as ``packed`` writes it."""
        arrays: dict[str, NDArray[Any]] = {
            "step": np.array(self.step),
            "seconds": np.array(self.seconds),
            "sums": self.sums,
        }
        arrays |= {f"weights/{name}": weight for name, weight in self.weights.items()}
        arrays |= {f"optimizer/{index}": value for index, value in enumerate(self.optimizer)}
        return pack(arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote. Raises DamagedRecord for anything else."""
        arrays = _read(unpack, data)
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
class Pictures:
    """Weights from the image to the first units of the first layer, as exact as an eye can tell.

    Attributes:
        shades: int8 (n, 28, 28) from -``SHADES`` to ``SHADES``, of the first n <= 64 units.
        scale: weight that one shade stands for.
    """

    shades: NDArray[np.int8]
    scale: float

    @classmethod
    def of(cls, kernel: NDArray[np.float32]) -> Self:
        """Pictures of the first units of a first layer, whose kernel is (784, units)."""
        shown = kernel[:, :PICTURES]
        scale = float(np.abs(shown).max()) / SHADES or 1.0
        return cls(np.rint(shown.T / scale).astype(np.int8).reshape(-1, 28, 28), scale)

    def to_bytes(self) -> bytes:
        """The pictures as ``packed`` writes them."""
        return pack({"shades": self.shades, "scale": np.array(self.scale)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote. Raises DamagedRecord for anything else."""
        shades, scale = _parts_of_snapshot(data, "shades", "scale")
        return cls(shades, float(scale))


@dataclass(frozen=True)
class Snapshot:
    """What is inside a network at one step, on the probe batch.

    Attributes:
        step: optimiser steps done.
        histogram: int32 (hidden layers, 42): weighted sums counted between ``HISTOGRAM_EDGES``; the first bin
            counts what lies below -10, the last what lies from 10 on. Maxout counts every piece. With batch
            normalisation: what the activation receives.
        pictures: of the first weights.
    """

    step: int
    histogram: NDArray[np.int32]
    pictures: Pictures


def pack_histogram(histogram: NDArray[np.int32]) -> bytes:
    """A snapshot's histogram as ``packed`` writes it."""
    return pack({"histogram": histogram})


def read_histogram(data: bytes) -> NDArray[np.int32]:
    """Read what ``pack_histogram`` wrote. Raises DamagedRecord for anything else."""
    (histogram,) = _parts_of_snapshot(data, "histogram")
    return histogram


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


def pictures_stay(epoch: int) -> bool:
    """Whether the first weights' pictures of this epoch stay when its weights go: 0, 1, 2, 5, 10, 20, 50 …"""
    return str(epoch).rstrip("0") in ("", "1", "2", "5")


def read_layers(data: bytes) -> NDArray[np.float32]:
    """A point's ``layers`` as ``packed.pack_measures`` wrote them. Raises DamagedRecord for anything else."""
    return _read(unpack_measures, data, len(LAYER_MEASURES))


def _parts_of_snapshot(data: bytes, *names: str) -> list[NDArray[Any]]:
    arrays = _read(unpack, data)
    try:
        return [arrays[name] for name in names]
    except KeyError as error:
        raise DamagedRecord(N_("A snapshot lacks {part}."), part=error.args[0]) from error


def _read(how: Callable[..., Read], data: bytes, *arguments: int) -> Read:
    try:
        return how(data, *arguments)
    except Exception as error:  # of damaged bytes zlib, json and NumPy each say what they like
        raise DamagedRecord(N_("A saved record cannot be read ({reason})."), reason=error) from error


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
