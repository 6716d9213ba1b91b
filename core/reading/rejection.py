"""Whether an image is a digit at all, whoever reads it.

A network with ten outputs divides 100 % among ten digits, whatever it is shown, and it is often sure of
nonsense: its largest probability tells digits from other things only poorly (Hendrycks and Gimpel, "A
baseline for detecting misclassified and out-of-distribution examples in neural networks", ICLR 2017). So two
things that do not depend on the network that answers are asked, for every network alike:

1. Three small convolutional networks with eleven outputs, the ten digits and "none of them". They were
   trained on MNIST's training images, on drawn ones and on scribbles; learning from any odd things helps
   against odd things of other kinds (Hendrycks, Mazeika and Dietterich, "Deep anomaly detection with outlier
   exposure", ICLR 2019).
2. The distance to the nearest training image (``core.reading.similarity``), in units of what is usual for
   that digit: what resembles nothing that was seen is not answered but rejected (Chow, "On optimum
   recognition error and reject tradeoff", IEEE Transactions on Information Theory 16(1), 1970).

    strangeness = σ(a + b · log-odds of "none" + c · log of the relative distance)

with a, b and c of a logistic regression. An image stranger than the limit gets no answer. The limit is the
lowest by which no more than 11 in a thousand of MNIST's validation digits lose their answer, and no more of
drawn ones; where the shipped network is not sure counts as lost. That is less than the 2 % that test digits
may lose, because drawn test digits lose up to half a point more than drawn validation digits.

The file is made by ``python -m benchmarks.ship_detector``; ``python -m benchmarks.no_digits`` measures with
digits and scribbles of which nothing was used to teach or to weigh. 11 was taken after a look at its usual
drawings with 12 and 10; what other seeds draw was looked at only afterwards.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from core.errors import N_, LabError
from core.reading import similarity
from core.settings import DIGITS

DETECTOR_FILE = Path(__file__).parents[1] / "data" / "digit_detector.npz"
COMMAND = similarity.COMMAND
NETWORKS, MAPS, HIDDEN = 3, (24, 48), 96
"""Trained alike from other first weights; the mean of what they say errs less than any alone."""
SHAPES: dict[str, tuple[int, ...]] = {
    "conv_1/kernel": (NETWORKS, 5, 5, 1, MAPS[0]),
    "conv_1/bias": (NETWORKS, MAPS[0]),
    "conv_2/kernel": (NETWORKS, 3, 3, *MAPS),
    "conv_2/bias": (NETWORKS, MAPS[1]),
    "dense/kernel": (NETWORKS, 25 * MAPS[1], HIDDEN),
    "dense/bias": (NETWORKS, HIDDEN),
    "output/kernel": (NETWORKS, HIDDEN, 11),
    "output/bias": (NETWORKS, 11),
    "regression": (3,),
    "limit": (),
    "refused": (3,),
}
RARE = 50
"""Of 1,000 training images: a shape as unusual as so few of them is called rare."""
CLOSEST = 1e-3
"""Keeps the logarithm finite for a training image itself."""
STRIDE = 2
CHUNK = 500

Array = NDArray[np.float32]


class DamagedDetector(LabError):
    """The detector's file is missing or is not what was written."""


@dataclass(frozen=True)
class Opinion:
    """What is thought of one image before a network is asked.

    Attributes:
        strangeness: 0 surely a digit … 1 surely none.
        refused: whether it is stranger than the limit.
        digit: the digit it would be for the detector.
        as_unusual: for each digit, how many of 1,000 training images of it lie as far from their own kind.
    """

    strangeness: float
    refused: bool
    digit: int
    as_unusual: tuple[int, ...]

    def is_rare(self, digit: int) -> bool:
        """Whether few training images of ``digit`` are as unusual."""
        return self.as_unusual[digit] <= RARE


class Detector:
    """Tells digits from other things. Never changes.

    Args:
        arrays: by the names and with the shapes of ``SHAPES``. "refused" holds the shares of MNIST's
            validation digits, of drawn validation digits and of validation scribbles above the limit.
        similar: compares images with the training images.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.floating]], similar: similarity.Similarity) -> None:
        self.weights = {name: np.asarray(arrays[name], np.float32) for name in SHAPES}
        self.similar = similar
        self.limit = float(arrays["limit"])
        self.refused_digits, self.refused_drawn, self.refused_scribbles = map(float, arrays["refused"])

    def opinion(self, image: NDArray[np.uint8]) -> Opinion:
        """What is thought of one image (28, 28) uint8."""
        distances = self.similar.distances(image[np.newaxis])
        logits = self.logits(image[np.newaxis])
        strangeness = float(self.strangeness(logits, distances)[0])
        return Opinion(
            strangeness=strangeness,
            refused=strangeness > self.limit,
            digit=int(logits[0, :DIGITS].argmax()),
            as_unusual=tuple(
                self.similar.as_unusual(float(distance), digit) for digit, distance in enumerate(distances[0])
            ),
        )

    def logits(self, images: NDArray[np.uint8]) -> Array:
        """(n, 28, 28) uint8 → (n, 11) float32: the mean sums before the softmax, "none" the last."""
        pieces = [images[start : start + CHUNK] for start in range(0, len(images), CHUNK)]
        found = [np.mean(self._forward(piece), axis=0) for piece in pieces]
        return np.concatenate([np.zeros((0, DIGITS + 1), np.float32), *found])

    def _forward(self, images: NDArray[np.uint8]) -> Array:
        """(n, 28, 28) uint8 → (networks, n, 11) float32."""
        outputs: Array = images[np.newaxis, ..., np.newaxis].astype(np.float32) / np.float32(255)
        for layer in ("conv_1", "conv_2"):
            outputs = _convolved(outputs, self.weights[f"{layer}/kernel"])
            outputs = np.maximum(outputs + self.weights[f"{layer}/bias"][:, None, None, None], 0)
        outputs = outputs.reshape(NETWORKS, len(images), -1)
        outputs = np.maximum(outputs @ self.weights["dense/kernel"] + self.weights["dense/bias"][:, None], 0)
        logits: Array = outputs @ self.weights["output/kernel"] + self.weights["output/bias"][:, None]
        return logits

    def strangeness(self, logits: Array, distances: Array) -> Array:
        """(n,) float32, 0 surely a digit … 1 surely none, of images with these ``logits`` and distances.

        Args:
            logits: (n, 11) float32. distances: (n, 10) float32, as ``similar`` gives them.
        """
        start, *slopes = self.weights["regression"]
        seen = features(logits, self.similar.least(distances))
        strange: Array = expit(start + seen @ np.array(slopes, np.float32))
        return strange


def features(logits: Array, relative: Array) -> Array:
    """(n, 11) weighted sums and (n,) relative distances → (n, 2): log-odds of "none", log of the distance."""
    odds = logits[:, DIGITS] - logsumexp(logits[:, :DIGITS], axis=1)
    return np.stack([odds, np.log(np.maximum(relative, CLOSEST))], axis=1).astype(np.float32)


def _convolved(images: Array, kernel: Array) -> Array:
    """Every second place of a "valid" convolution, in each of g networks, which may share their images.

    (g or 1, n, h, w, c) and (g, k, k, c, m) → (g, n, h', w', m).
    """
    networks, side, _, channels, maps = kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view(images, (side, side), axis=(2, 3))
    windows = windows[:, :, ::STRIDE, ::STRIDE].transpose(0, 1, 2, 3, 5, 6, 4)
    inputs, count, height, width = windows.shape[:4]
    flat = windows.reshape(inputs, count * height * width, side * side * channels)
    result: Array = flat @ kernel.reshape(networks, -1, maps)
    return result.reshape(networks, count, height, width, maps)


@cache
def load(path: Path = DETECTOR_FILE) -> Detector:
    """Read the shipped detector; once a process. Raises DamagedDetector or DamagedSimilarity."""
    similar = similarity.load()
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in SHAPES}
        wrong = [name for name, shape in SHAPES.items() if found[name].shape != shape]
        if wrong:
            raise ValueError(", ".join(wrong))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedDetector(
            N_("The shipped detector in {file} cannot be read ({reason}). Make it again: {command}."),
            file=path.name,
            reason=error,
            command=COMMAND,
        ) from error
    return Detector(found, similar)
