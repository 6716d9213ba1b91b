"""Curves, layers, snapshots and weights come back as they were written."""

from dataclasses import replace
from typing import Any

import numpy as np
import sqlalchemy as sa
from record_lab import SETTINGS, checkpoint, point, seeded, snapshot, take

from core.record.curves import POINT_COLUMNS
from core.record.store import Store
from core.runs.progress import LAYER_MEASURES, Point

GENERATOR = np.random.default_rng(0)


def test_points_come_back_in_order_with_nan_only_where_nothing_was_measured(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.curves.points(run_id).empty
    assert list(lab.curves.points(run_id)) == list(POINT_COLUMNS)
    claim = take(lab, run_id)
    lab.claims.record(claim, [Point(0, 0.0, 0.0, val_loss=2.3, val_accuracy=0.1), point(5)])
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10))
    frame = lab.curves.points(run_id)
    assert frame["step"].tolist() == [0, 5, 10]
    assert frame["loss"].isna().tolist() == [True, False, False]
    assert frame["val_accuracy"].isna().tolist() == [False, True, False]
    assert lab.curves.points(run_id, after_step=5)["step"].tolist() == [10]
    assert [str(kind) for kind in frame.dtypes] == ["int64"] + ["float64"] * 8


def test_infinite_and_missing_numbers_stay_what_they_are(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    narrow: Any = np.float32(0.25)  # as training sums it
    lab.claims.record(claim, [Point(1, 0.1, 0.1, float("inf"), narrow, None)])
    frame = lab.curves.points(run_id)
    assert frame["loss"][0] == float("inf")
    assert frame["accuracy"][0] == 0.25
    assert np.isnan(frame["epoch_loss"][0])


def test_layers_and_snapshots_come_back(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run_id)
    assert list(lab.curves.layers(run_id)) == ["step", "epoch", "layer", *LAYER_MEASURES]
    layers = GENERATOR.normal(size=(len(LAYER_MEASURES), 3)).astype(np.float32)
    layers[2, 1] = np.nan
    lab.claims.record(claim, [point(5, layers=layers), point(7)], None, snapshot(0))
    lab.claims.record(claim, [], None, snapshot(10))
    frame = lab.curves.layers(run_id)
    assert frame["layer"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(frame[list(LAYER_MEASURES)].to_numpy(), layers.T, rtol=2**-15)
    assert lab.curves.snapshot_steps(run_id) == lab.curves.picture_steps(run_id) == [0, 10]
    histogram, pictures = lab.curves.histogram(run_id, 10), lab.curves.pictures(run_id, 10)
    assert histogram is not None
    assert pictures is not None
    np.testing.assert_array_equal(histogram, snapshot(10).histogram, strict=True)
    np.testing.assert_array_equal(pictures.shades, snapshot(10).pictures.shades, strict=True)
    assert pictures.scale == 0.01
    assert lab.curves.histogram(run_id, 5) is None
    assert lab.curves.pictures(run_id, 5) is None


def test_weights_are_those_of_the_last_checkpoint(lab: Store) -> None:
    run_id = lab.runs.create("anna", SETTINGS)
    assert lab.curves.weights(run_id) is None
    claim = take(lab, run_id)
    lab.claims.record(claim, [point(10, end=True)], checkpoint(10, 1.0))
    lab.claims.record(claim, [point(20, end=True)], checkpoint(20, 2.0))
    weights = lab.curves.weights(run_id)
    assert weights is not None
    np.testing.assert_array_equal(weights["dense_1/kernel"], np.full((784, 3), 2, np.float32), strict=True)


def test_what_is_new_of_several_runs_comes_with_one_look(lab: Store) -> None:
    first, second, quiet = (lab.runs.create("anna", seeded(seed)) for seed in range(3))
    for run in (first, second, quiet):
        lab.claims.record(take(lab, run), [point(2), point(10, end=True)])
    new = lab.curves.new_points({first: 2, second: -1, quiet: 10, "no-such-run": -1})
    steps = {run: [point.figures[0] for point in points] for run, points in new.items()}
    assert steps == {first: [10], second: [2, 10]}
    assert dict(zip(POINT_COLUMNS, new[second][0].figures, strict=True))["val_loss"] is None
    whole = lab.curves.points(second)
    figures = np.array([point.figures for point in new[second]], float)
    np.testing.assert_array_equal(figures, whole[list(POINT_COLUMNS)].to_numpy(float))


def test_answers_come_back_with_new_points_and_are_shared_by_who_shares_the_training(lab: Store) -> None:
    run = lab.runs.create("anna", SETTINGS)
    claim = take(lab, run)
    lab.claims.record(claim, [replace(point(2), answers=b"abc"), point(4)])
    same = lab.runs.create("ben", SETTINGS)
    for each in (run, same):
        (points,) = lab.curves.new_points({each: -1}).values()
        assert [point.answers for point in points] == [b"abc", None]
    with lab.database.reading() as connection:
        assert connection.execute(sa.text("SELECT COUNT(*) FROM points")).scalar_one() == 2


def test_a_class_of_watched_runs_is_read_in_pieces(lab: Store) -> None:
    run = lab.runs.create("anna", SETTINGS)
    lab.claims.record(take(lab, run), [point(10, end=True)])
    others = {f"run-{number}": -1 for number in range(1200)}
    assert list(lab.curves.new_points({**others, run: -1})) == [run]
    assert lab.curves.new_points({}) == {}
