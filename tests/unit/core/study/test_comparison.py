"""What may be concluded from runs side by side, and the grids of sweeps."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from study_lab import run_of

from core.choices.optimizers import OPTIMIZERS
from core.runs.identity import effective
from core.settings import DEFAULT, PRESETS, InvalidSetting, Settings
from core.study import comparison, sweep
from core.study.comparison import differing, find_run
from core.study.sweep import Axis, InvalidSweep, Sweep

TANH = DEFAULT.change(activation="tanh")


# In which settings runs differ


def test_every_setting_that_differs_is_named_with_all_its_values() -> None:
    found = differing([DEFAULT, TANH.change(learning_rate=0.1), TANH])
    assert found == {"activation": ("relu", "tanh", "tanh"), "learning_rate": (0.01, 0.1, 0.01)}


def test_epochs_are_no_difference() -> None:
    assert differing([DEFAULT, DEFAULT.change(epochs=3)]) == {}
    assert comparison.family(DEFAULT.change(epochs=3, seed=8)) == comparison.family(DEFAULT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (DEFAULT, DEFAULT.change(split_seed=4)),  # nothing is drawn by lot
        (DEFAULT.change(initializer="activation"), DEFAULT.change(initializer="he")),  # ReLU wants He
        (DEFAULT, DEFAULT.change(residual=True)),  # 300-100 has no two equal layers to skip
        (DEFAULT.change(hidden=()), TANH.change(hidden=(), initializer="he", batch_normalization=True)),
    ],
)
def test_what_has_no_effect_is_no_difference(one: Settings, other: Settings) -> None:
    assert differing([one, other]) == {}


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (DEFAULT.change(split="random"), DEFAULT.change(split="random", split_seed=4), "split_seed"),
        (PRESETS["twenty-layer"], PRESETS["twenty-layer"].change(residual=True), "residual"),
        (DEFAULT.change(hidden=()), DEFAULT.change(hidden=(), optimizer="adam"), "optimizer"),
        (DEFAULT, DEFAULT.change(seed=1), "seed"),
    ],
)
def test_what_has_an_effect_is_a_difference(one: Settings, other: Settings, name: str) -> None:
    assert list(differing([one, other])) == [name]


DROPS = DEFAULT.change(schedule="step", drop_every=3)


@pytest.mark.parametrize(
    ("experiments", "names"),
    [
        ([DEFAULT, DROPS], ["schedule"]),
        ([DROPS, DEFAULT], ["schedule"]),
        ([DROPS, DROPS.change(drop_every=5)], ["drop_every"]),
        ([DEFAULT, DROPS, DROPS.change(drop_every=5)], ["schedule", "drop_every"]),
        ([DEFAULT, DEFAULT.change(split="random", split_seed=4)], ["split"]),
    ],
)
def test_what_only_says_more_about_another_difference_is_none_of_its_own(
    experiments: list[Settings], names: list[str]
) -> None:
    assert sorted(differing(experiments)) == sorted(names)


def test_an_initializer_that_follows_the_activation_is_a_second_difference() -> None:
    follows = DEFAULT.change(initializer="activation")
    assert set(differing([follows, follows.change(activation="tanh")])) == {"activation", "initializer"}


def test_accuracies_on_different_validation_images_are_not_comparable() -> None:
    assert comparison.is_measured_alike([DEFAULT, TANH.change(train=1000)])
    assert not comparison.is_measured_alike([DEFAULT, DEFAULT.change(validation=1000)])
    assert not comparison.is_measured_alike([DEFAULT, DEFAULT.change(split="random")])


# Which run answers


def test_a_run_answers_for_its_experiment_and_any_shorter_one() -> None:
    run = run_of(DEFAULT)
    assert find_run(DEFAULT.change(epochs=3, split_seed=7), [run]) is run
    assert find_run(DEFAULT.change(epochs=11), [run]) is None
    assert find_run(DEFAULT.change(seed=1), [run]) is None


def test_a_finished_run_is_preferred_and_a_broken_one_is_no_answer() -> None:
    waiting, done = run_of(DEFAULT, status="waiting", done=0), run_of(DEFAULT)
    assert find_run(DEFAULT, [waiting, done]) is done
    assert find_run(DEFAULT, [waiting]) is waiting
    assert find_run(DEFAULT, [run_of(DEFAULT, status="failed", done=2)]) is None
    assert find_run(DEFAULT, [run_of(DEFAULT, status="stopped", done=2)]) is None
    patient = run_of(DEFAULT.change(patience=3), status="waiting", done=0)
    patient = replace(patient, epochs=4)  # what another run trained says where its patience ends
    assert find_run(DEFAULT.change(patience=3), [patient]) is patient  # or it would be begun again
    assert find_run(DEFAULT, [replace(waiting, epochs=4)]) is None
    diverged = run_of(DEFAULT, status="diverged", done=2)
    assert find_run(DEFAULT, [diverged]) is diverged


def test_a_figure_is_read_at_the_end_of_the_epoch_that_was_asked_for() -> None:
    points = pd.DataFrame({"epoch": [0.0, 0.5, 1.0, 2.0], "val_accuracy": [0.1, np.nan, 0.8, 0.9]})
    assert comparison.after_epoch(points, 1) == 0.8
    assert comparison.after_epoch(points, 3) is None
    assert comparison.after_epoch(points.iloc[:0], 1) is None


def test_the_best_epoch_is_told_with_its_number() -> None:
    points = pd.DataFrame({"epoch": [0.0, 1.0, 1.5, 2.0, 3.0], "val_accuracy": [0.99, 0.8, np.nan, 0.9, 0.9]})
    assert comparison.best_epoch(points) == (2, 0.9)
    assert comparison.best_epoch(points.iloc[:1]) is None


# Luck


@pytest.mark.parametrize(
    ("used", "expected"),
    [((), list(range(8))), ({0}, list(range(1, 8))), ({3, 7, 9}, [0, 1, 2, 4, 5]), (range(9), [])],
)
def test_repeats_take_the_smallest_seeds_not_used(used: set[int], expected: list[int]) -> None:
    assert comparison.seeds_to_add(set(used)) == expected


# Sweeps


def test_a_grid_holds_every_combination_and_nothing_else_changes() -> None:
    grid = Sweep(DEFAULT, Axis("hidden", ((100,), (100,) * 5)), Axis("activation", ("relu", "tanh", "elu")))
    cells, refused = grid.cells()
    assert grid.shape == (2, 3)
    assert not refused
    assert len(cells) == len(set(cells.values())) == 6
    assert cells[1, 2] == DEFAULT.change(hidden=(100,) * 5, activation="elu")


def test_one_setting_makes_one_column() -> None:
    cells, _refused = Sweep(DEFAULT, Axis("optimizer", tuple(OPTIMIZERS))).cells()
    assert [cells[row, 0].training.optimizer for row in range(5)] == list(OPTIMIZERS)


def test_values_that_do_not_go_together_are_refused_with_a_reason() -> None:
    grid = Sweep(DEFAULT, Axis("train", (40_000, 55_000)), Axis("validation", (5_000, 10_000)))
    cells, refused = grid.cells()
    assert set(cells) == {(0, 0), (0, 1), (1, 0)}
    assert [type(error) for error in refused] == [InvalidSetting]


@pytest.mark.parametrize(
    "rows",
    [
        Axis("hidden", ((), (300, 100), (100,) * 20)),
        Axis("learning_rate", (1e-4, 3.0)),
        Axis("batch_normalization", (False, True)),
        Axis("seed", (0, 9)),
    ],
)
def test_a_sweep_survives_being_written_down(rows: Axis) -> None:
    for columns in (None, Axis("activation", ("relu", "leaky-relu"))):
        grid = Sweep(TANH.change(epochs=3), rows, columns)
        assert Sweep.from_json(grid.to_json()) == grid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"base": {}, "axes": []}',
        "[" * 10_000,
        Sweep(DEFAULT, Axis("seed", (1,))).to_json().replace('seed", ["1', 'sead", ["1'),
        Sweep(DEFAULT, Axis("seed", (1,))).to_json().replace('["1"]', '["x"]'),
        Sweep(DEFAULT, Axis("seed", (1,))).to_json().replace('["1"]', "[]"),
        Sweep(DEFAULT, Axis("seed", (1,))).to_json().replace('["1"]', "7"),
        Sweep(DEFAULT, Axis("seed", (1,))).to_json().replace('["1"]', "[7]"),
    ],
)
def test_a_damaged_sweep_is_refused_by_name(text: str) -> None:
    with pytest.raises((InvalidSweep, InvalidSetting)):
        Sweep.from_json(text)


@pytest.mark.parametrize(
    ("name", "values"), [("sead", (1,)), ("seed", ()), ("seed", (1, 1)), ("seed", tuple(range(13)))]
)
def test_an_axis_checks_itself(name: str, values: tuple[int, ...]) -> None:
    with pytest.raises((InvalidSweep, InvalidSetting)):
        Axis(name, values)


def test_both_axes_cannot_be_the_same_setting() -> None:
    with pytest.raises(InvalidSweep):
        Sweep(DEFAULT, Axis("seed", (1,)), Axis("seed", (2,)))


def test_optimisers_are_tried_each_at_its_usual_rate() -> None:
    grid = Sweep(DEFAULT, Axis("optimizer", tuple(OPTIMIZERS)), Axis("seed", (0, 1)), usual_rates=True)
    cells, _refused = grid.cells()
    tried = {(cell.training.optimizer, cell.training.learning_rate) for cell in cells.values()}
    usual = {"sgd": 0.01, "momentum": 0.01, "rmsprop": 0.001, "adam": 0.001, "nadam": 0.001}
    assert tried == set(usual.items())
    assert Sweep.from_json(grid.to_json()) == grid


def test_a_sweep_kept_before_usual_rates_keeps_its_one_rate() -> None:
    grid = Sweep(DEFAULT, Axis("optimizer", ("sgd", "adam")))
    assert Sweep.from_json(grid.to_json().replace(', "usual_rates": false', "")) == grid


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (Axis("activation", ("relu", "tanh")), None),
        (Axis("optimizer", ("sgd", "adam")), Axis("learning_rate", (0.1, 0.01))),
    ],
)
def test_usual_rates_need_optimisers_and_no_other_rates(rows: Axis, columns: Axis | None) -> None:
    with pytest.raises(InvalidSweep):
        Sweep(DEFAULT, rows, columns, usual_rates=True)


def test_an_axis_takes_a_value_written_twice_once() -> None:
    assert sweep.read_axis("learning_rate", ["0.1", "1e-1", "0.10"]).values == (0.1,)


def test_effective_settings_are_their_own_effective_settings() -> None:
    for settings in (
        DEFAULT,
        TANH.change(initializer="activation"),
        DEFAULT.change(hidden=(), residual=True),
    ):
        assert effective(effective(settings)) == effective(settings)
