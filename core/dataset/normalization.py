"""How pixel values are scaled before a network sees them; fitted on the training part only.

All three methods are x ↦ (x − offset) / scale with one offset and one scale for all pixels, and a pixel has
only 256 values. So a fitted normalisation is a table of 256 numbers, and fitting needs only how often each
value occurs: exact, and a thousand times less work than 43 million rows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, LabError
from core.settings import NORMALIZATIONS, PIXELS

LEVELS = 256
_CHUNK = 500


class UnreadableNormalization(LabError):
    """A saved normalisation cannot be read back."""


@dataclass(frozen=True)
class PixelNumbers:
    """Mean, standard deviation (of the whole population), smallest and largest pixel value."""

    mean: float
    standard_deviation: float
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Normalization:
    """A fitted scaling: ``method``, its two numbers, and what it was fitted on.

    ``images`` is how many training images there were, ``fitted`` their pixel numbers on the scale 0 to 255.
    """

    method: str
    offset: float
    scale: float
    images: int
    fitted: PixelNumbers

    @cached_property
    def table(self) -> NDArray[np.float32]:
        """(256,) float32: what each pixel value from 0 to 255 becomes."""
        # Rounded to float32 after each of the two steps, as the report's scaler did: the published range
        # -0.4241323 … 2.8209424 comes out to the last digit.
        shifted = (np.arange(LEVELS) - self.offset).astype(np.float32)
        table = (shifted / np.float64(self.scale)).astype(np.float32)
        table.setflags(write=False)
        return table

    def transform(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scale uint8 images of any shape; the result has the same shape, in float32."""
        return self.table[images]

    def describe(self) -> PixelNumbers:
        """The pixel numbers of the training part after scaling."""
        return self.rescale(self.fitted)

    def rescale(self, numbers: PixelNumbers) -> PixelNumbers:
        """What pixel numbers on the scale 0 to 255 are after scaling."""
        return PixelNumbers(
            mean=(numbers.mean - self.offset) / self.scale,
            standard_deviation=numbers.standard_deviation / self.scale,
            minimum=(numbers.minimum - self.offset) / self.scale,
            maximum=(numbers.maximum - self.offset) / self.scale,
        )

    def to_json(self) -> str:
        """All five fields as a JSON object."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Normalization:
        """Read what ``to_json`` wrote. Raises UnreadableNormalization for anything else."""
        try:
            tree = json.loads(text)
            return cls(**{**tree, "fitted": PixelNumbers(**tree["fitted"])})
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableNormalization(
                N_("The normalisation saved with this run cannot be read ({reason}). Train the run again."),
                reason=error,
            ) from error


def fit(method: str, train_images: NDArray[np.uint8]) -> Normalization:
    """Fit a method of ``core.settings.NORMALIZATIONS`` on training images (n, 28, 28) uint8, n ≥ 1.

    "none" leaves 0 to 255 as they are, "min-max" maps the smallest and largest value to 0 and 1, "z-score"
    gives mean 0 and variance 1. A part with one single pixel value is only shifted.
    """
    return fit_counts(method, pixel_counts(train_images))


def fit_counts(method: str, counts: NDArray[np.int64]) -> Normalization:
    """Fit a method as ``fit`` does, on the ``pixel_counts`` (256,) of the training images."""
    if method not in NORMALIZATIONS:
        raise ValueError(f"method is {method!r}, expected one of {NORMALIZATIONS}")
    offset, scale = _offset_and_scale(method, counts)
    return Normalization(method, offset, scale, int(counts.sum()) // PIXELS, pixel_numbers(counts))


def pixel_counts(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(256,) int64: how often each pixel value occurs in uint8 images (n, 28, 28)."""
    # np.bincount widens to 64 bits: in chunks that is 3 MB instead of 340 MB.
    counts = np.zeros(LEVELS, np.int64)
    for start in range(0, len(images), _CHUNK):
        counts += np.bincount(images[start : start + _CHUNK].ravel(), minlength=LEVELS)
    return counts


def pixel_numbers(counts: NDArray[np.int64]) -> PixelNumbers:
    """The numbers of pixel counts (256,), at least one of them positive."""
    levels = np.arange(LEVELS)
    mean = float(np.average(levels, weights=counts))
    variance = float(np.average((levels - mean) ** 2, weights=counts))
    present = levels[counts > 0]
    return PixelNumbers(mean, variance**0.5, float(present[0]), float(present[-1]))


def constant_pixels(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(28, 28) True where a pixel has the same value in all of the images (n, 28, 28)."""
    return np.asarray(images.min(axis=0) == images.max(axis=0))


def _offset_and_scale(method: str, counts: NDArray[np.int64]) -> tuple[float, float]:
    """The two numbers of scikit-learn's scaler, fitted on the 256 levels weighted by their counts."""
    from sklearn.preprocessing import MinMaxScaler, StandardScaler  # takes a second: not at every start

    column = np.arange(LEVELS, dtype=np.float64).reshape(-1, 1)
    if method == "z-score":
        standard = StandardScaler().fit(column, sample_weight=counts)
        return float(standard.mean_[0]), float(standard.scale_[0])
    if method == "min-max":
        extremes = MinMaxScaler().fit(column[counts > 0])
        return float(extremes.data_min_[0]), float(1 / extremes.scale_[0])
    return 0.0, 1.0
