"""Scaling against scikit-learn on full pixel columns, and against the published numbers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from core.dataset.mnist import load_mnist
from core.dataset.normalization import (
    Normalization,
    UnreadableNormalization,
    constant_pixels,
    fit,
    pixel_counts,
    pixel_numbers,
)
from core.dataset.split import split
from core.settings import NORMALIZATIONS, DataSettings


@pytest.fixture(scope="module")
def report() -> Any:
    return split(DataSettings(), load_mnist())


@pytest.fixture(scope="module")
def some() -> Any:
    return load_mnist().train_images[7_000:9_000]


def test_published_mean_and_standard_deviation(report: Any) -> None:
    fitted = fit("z-score", report.train.images)
    assert fitted.fitted.mean == pytest.approx(33.3286, abs=5e-5)
    assert fitted.fitted.standard_deviation == pytest.approx(78.5806, abs=5e-5)
    assert (fitted.offset, fitted.scale) == pytest.approx((33.3286, 78.5806), abs=5e-5)
    assert fitted.images == 55_000


def test_published_range_to_the_last_digit(report: Any) -> None:
    table = fit("z-score", report.train.images).table
    assert table[0] == np.float32(-0.4241323)
    assert table[255] == np.float32(2.8209424)


def test_z_score_equals_the_scaler_on_the_full_column(some: Any) -> None:
    column = some.astype(np.float32).reshape(-1, 1)
    expected = StandardScaler().fit_transform(column).reshape(some.shape)
    np.testing.assert_allclose(fit("z-score", some).transform(some), expected, rtol=0, atol=3e-7)


def test_min_max_equals_the_scaler_on_the_full_column() -> None:
    images = np.random.default_rng(0).integers(17, 203, (40, 28, 28), dtype=np.uint8)
    expected = MinMaxScaler().fit_transform(images.astype(np.float32).reshape(-1, 1)).reshape(images.shape)
    actual = fit("min-max", images).transform(images)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=2e-7)
    assert (actual.min(), actual.max()) == (0, 1)


def test_none_changes_nothing(some: Any) -> None:
    transformed = fit("none", some).transform(some)
    assert transformed.dtype == np.float32
    np.testing.assert_array_equal(transformed, some)


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_describes_what_transform_does(method: Any, some: Any) -> None:
    fitted = fit(method, some)
    after = fitted.transform(some).astype(np.float64)
    expected = (after.mean(), after.std(), after.min(), after.max())
    numbers = fitted.describe()
    actual = (numbers.mean, numbers.standard_deviation, numbers.minimum, numbers.maximum)
    assert actual == pytest.approx(expected, abs=1e-5)


def test_z_score_gives_mean_0_and_variance_1(some: Any) -> None:
    after = fit("z-score", some).transform(some).astype(np.float64)
    assert after.mean() == pytest.approx(0, abs=1e-6)
    assert after.var() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_only_the_training_part_is_fitted(method: Any) -> None:
    images = load_mnist().train_images[:6_000].copy()
    labels = load_mnist().train_labels
    changed = images.copy()
    changed[:1_000] = 255 - changed[:1_000]  # the validation part
    mnist = load_mnist()
    data = DataSettings(validation=1_000, train=5_000)
    fits = []
    for version in (images, changed):
        parts = split(data, type(mnist)(version, labels[:6_000], 255 - mnist.test_images, mnist.test_labels))
        fits.append(fit(method, parts.train.images))
    assert fits[0] == fits[1]
    assert fit("z-score", changed) != fit("z-score", images)


@pytest.mark.parametrize("method", NORMALIZATIONS)
@pytest.mark.parametrize("shape", [(28, 28), (0, 28, 28), (3, 784), ()])
def test_transform_keeps_the_shape(method: Any, shape: Any, some: Any) -> None:
    transformed = fit(method, some).transform(np.full(shape, 7, np.uint8))
    assert transformed.shape == shape
    assert transformed.dtype == np.float32


@pytest.mark.parametrize("method", NORMALIZATIONS)
@pytest.mark.parametrize("value", [0, 255])
def test_a_single_pixel_value_gives_finite_numbers(method: Any, value: int) -> None:
    images = np.full((2, 28, 28), value, np.uint8)
    fitted = fit(method, images)
    assert np.isfinite(fitted.table).all()
    assert fitted.describe().standard_deviation == 0


@pytest.mark.parametrize("method", NORMALIZATIONS)
def test_json_there_and_back_gives_the_same_table(method: Any, some: Any) -> None:
    fitted = fit(method, some)
    again = Normalization.from_json(fitted.to_json())
    assert again == fitted
    np.testing.assert_array_equal(again.table, fitted.table)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"fitted": 3}', json.dumps({"fitted": {}})])
def test_unreadable_json_is_named(text: Any) -> None:
    with pytest.raises(UnreadableNormalization, match="Train the run again"):
        Normalization.from_json(text)


def test_an_unknown_method_is_refused(some: Any) -> None:
    with pytest.raises(ValueError, match="robust"):
        fit("robust", some)


def test_counts_are_those_of_numpy_unique(some: Any) -> None:
    levels, expected = np.unique(some, return_counts=True)
    counts = pixel_counts(some)
    np.testing.assert_array_equal(counts[levels], expected)
    assert counts.sum() == some.size


def test_numbers_of_a_case_by_hand() -> None:
    counts = np.zeros(256, np.int64)
    counts[[10, 20]] = 3, 1
    numbers = pixel_numbers(counts)
    assert (numbers.mean, numbers.minimum, numbers.maximum) == (12.5, 10, 20)
    assert numbers.standard_deviation == pytest.approx((3 / 4 * 2.5**2 + 1 / 4 * 7.5**2) ** 0.5)


def test_67_pixels_never_change_in_all_training_images() -> None:
    constant = constant_pixels(load_mnist().train_images)
    assert constant.sum() == 67
    assert not load_mnist().train_images[:, constant].any()


def test_the_table_cannot_be_written(some: Any) -> None:
    with pytest.raises(ValueError, match="read-only"):
        fit("none", some).table[0] = 1
