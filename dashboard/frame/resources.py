"""What all sessions of this server share, made once: thin skins over core."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cluster.engine import Engine
from core.dataset.gallery import Gallery
from core.dataset.mnist import Mnist, load_mnist
from core.dataset.neighbors import Neighbors
from core.dataset.normalization import Normalization, fit_counts
from core.dataset.split import Parts, split
from core.dataset.witnesses import witnesses as choose_witnesses
from core.drawing import strokes
from core.drawing.strokes import Drawn, Stroke
from core.errors import LabError
from core.reading import rejection, shipped
from core.reading.exam import read_right
from core.reading.rejection import Opinion
from core.reading.signal import signal, silent_shares
from core.reading.trained_network import TrainedNetwork
from core.record.database import read_url
from core.record.store import Store
from core.runs.run import Run
from core.settings import DEFAULT, DataSettings, NetworkSettings, Settings, part_as_if
from core.study.guessing import Guessing
from core.study.guessing import guessing as guess
from dashboard.frame import turns
from dashboard.frame.sharing import Once, shared

T = TypeVar("T")

FIRST_BATCH = 32
"""Training images sent through first weights; a usual batch."""
SILENT_IMAGES = 500
"""Training images for which a unit of first weights must be 0 to be told of."""


FEW = 1_000
"""Bytes of a result that is a few numbers, its key told all, at most."""


def _started() -> Engine:
    started = Engine(store(), greeting=next(iter(_greetings), None))
    started.start()
    return started


def train_on(greeting: str) -> None:
    """Train on the cluster that said this, which another process keeps; before the engine is asked for."""
    _greetings.append(greeting)


_greetings: list[str] = []

store = Once(Store)
"""The record of everything; where it lies is told by DIGITS_DATABASE_URL."""

engine = Once(_started)
"""The started engine; its cluster's address is told by DASK_SCHEDULER_ADDRESS."""


def compute(function: Callable[..., T], *args: Any, timeout: float = 60.0) -> T:
    """``Engine.compute``, for a page: others are drawn while it waits."""
    turns.pass_on()
    return engine().compute(function, *args, timeout=timeout)


def log_file() -> Path | None:
    """Where this process's log is kept: beside the database's file; None where the database is a server."""
    try:
        url = read_url()
    except LabError:  # the store will say it
        return None
    name = f"lab-{_numbers[-1]}.log" if _numbers else "lab.log"
    return Path(str(url.database)).parent / name if url.get_backend_name() == "sqlite" else None


def log_as(number: int) -> None:
    """Keep a log of this process's own: it is one of several, with this number."""
    _numbers.append(number)


_numbers: list[int] = []


def mnist() -> Mnist:
    """The data set; read-only, so all sessions can share it."""
    return load_mnist()


def parts(settings: DataSettings) -> Parts:
    """Training, validation and test part of a split."""
    return gallery(settings).parts


def gallery(settings: DataSettings) -> Gallery:
    """The pictures of a split, with what is computed about them."""
    return _gallery(_only_split(settings))


@shared(96, size=lambda gallery: gallery.nbytes)
def _gallery(settings: DataSettings) -> Gallery:
    return Gallery(split(settings, load_mnist()))


def witnesses(settings: DataSettings) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The validation digits that a run of this split is asked at every point: (24, 28, 28), and labels."""
    return _witnesses(_only_split(settings))


@shared(4, size=lambda found: sum(array.nbytes for array in found))
def _witnesses(settings: DataSettings) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    part = parts(settings).validation
    rows = choose_witnesses(part)
    return part.pick(rows), part.labels[rows]


def neighbors(settings: DataSettings) -> Neighbors:
    """Finds the training images that look most like a drawing."""
    return _neighbors(_only_split(settings))


@shared(16, size=lambda neighbors: neighbors.nbytes)
def _neighbors(settings: DataSettings) -> Neighbors:
    return Neighbors(parts(settings).train)


def _only_split(settings: DataSettings) -> DataSettings:
    """The settings without what changes nothing about which image is in which part."""
    usual = DEFAULT.data
    return part_as_if(settings, normalization=usual.normalization, handwriting=usual.handwriting)


def normalization(settings: DataSettings) -> Normalization:
    """The normalisation fitted on the split's training part."""
    return _normalization(part_as_if(settings, handwriting=DEFAULT.data.handwriting))


@shared(1, size=lambda _normalization: FEW)
def _normalization(settings: DataSettings) -> Normalization:
    return fit_counts(settings.normalization, gallery(settings).pixel_counts["train"])


def guessing(settings: Settings) -> Guessing:
    """What guessing scores on this experiment's validation part."""
    return _guessing(_only_split(settings.data), settings.training.loss)


@shared(1, size=lambda _guessing: FEW)
def _guessing(data: DataSettings, loss: str) -> Guessing:
    return guess(parts(data).validation.labels, loss)


@shared(1, size=lambda _share: FEW)
def shipped_accuracy() -> float:
    """What the shipped network reads right of the images that validated it."""
    loaded = shipped.load()
    part = parts(loaded.settings.data).validation
    right, count = read_right(loaded.network, part.images, part.labels)
    return right / count


@shared(8, size=lambda drawn: drawn.nbytes)
def drawn(lines: tuple[Stroke, ...]) -> Drawn:
    """A drawing, read; the same strokes are read once, whoever asks. Raises BlankDrawing, FullDrawing."""
    return strokes.drawn(lines)


def _content(image: NDArray[np.uint8]) -> bytes:
    return image.tobytes()


@shared(4, size=lambda _opinion: FEW + 28 * 28, key=_content)
def opinion(image: NDArray[np.uint8]) -> Opinion:
    """What is thought of an image (28, 28) before a network is asked; the same image is looked at once."""
    return rejection.load().opinion(image)


def warm_up() -> None:
    """Load what nearly every lesson asks for, before anybody does. Raises DamagedData."""
    normalization(DEFAULT.data)
    shipped_accuracy()
    rejection.load()


def first_signal(settings: Settings) -> pd.DataFrame:
    """The signal that some training images send through a network's first weights, and its gradient."""
    return _first_signal(settings.network, settings.data, settings.training.loss, settings.training.seed)


@shared(4, size=lambda table: table.memory_usage(deep=True).sum())
def _first_signal(network: NetworkSettings, data: DataSettings, loss: str, seed: int) -> pd.DataFrame:
    training, rows = parts(data).train, np.arange(FIRST_BATCH)
    images, labels = training.pick(rows), training.labels[rows]
    return signal(network, normalization(data), images, labels, loss=loss, seed=seed)


def first_silent(settings: Settings) -> list[float]:
    """Share of each hidden layer's units that first weights leave at 0 for all of many training images."""
    return _first_silent(settings.network, settings.data, settings.training.seed)


@shared(1, size=lambda shares: FEW + 8 * len(shares))
def _first_silent(network: NetworkSettings, data: DataSettings, seed: int) -> list[float]:
    images = parts(data).train.pick(np.arange(min(SILENT_IMAGES, data.train)))
    return silent_shares(network, normalization(data), images, seed)


def _weights(run: Run) -> Hashable:
    """A key for a run's weights: they are the same for all that share its training and end where it does."""
    return run.trajectory, run.weights_step, run.moves


@shared(64, size=lambda network: network.nbytes, key=_weights)
def trained_network(run: Run) -> TrainedNetwork:
    """The trained network of a run as it was saved last, in NumPy."""
    weights = store().curves.weights(run.id)
    if weights is None or run.normalization is None:
        raise ValueError(f"run {run.id} has saved no weights yet")
    return TrainedNetwork(run.settings.network, weights, run.normalization)


def _size_of_curve(curve: pd.DataFrame) -> float:
    """A curve without a point is not kept: the fresh network's is recorded before the first step."""
    return float(curve.memory_usage().sum()) if len(curve) else math.inf


def _record(run: Run) -> Hashable:
    """A key for what is recorded of a run up to where it is: what was recorded stays as it is.

    Of one that moves more may be there by the time it is read, which is not for those that ended here.
    """
    return run.trajectory, run.step, run.moves


@shared(16, size=_size_of_curve, key=_record)
def points(run: Run) -> pd.DataFrame:
    """The curve of a run; shared with all runs of the same training, so not to be changed."""
    return store().curves.points(run.id)


@shared(16, size=lambda record: record.memory_usage().sum(), key=_record)
def layers(run: Run) -> pd.DataFrame:
    """The microscope's record of a run; shared with all runs of the same training, so not to be changed."""
    return store().curves.layers(run.id)
