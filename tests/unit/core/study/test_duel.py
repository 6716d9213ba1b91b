"""Duels differ in one thing, and verdicts are made of the runs' own numbers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import DEFAULT, Settings
from core.study.duel import DUELS, MOST_SIDES, InvalidPrediction, Prediction, Side, sides, verdict


def run(settings: Settings, accuracy: float | None, minute: int = 0) -> Run:
    return Run(
        id=f"run{minute}",
        learner="a",
        name=None,
        created=datetime(2026, 1, 1, 0, minute, tzinfo=UTC),
        settings=settings,
        epochs=3,
        status="finished",
        message=None,
        step=30,
        steps_per_epoch=10,
        epochs_done=3,
        seconds=3.0,
        val_loss=0.1,
        val_accuracy=accuracy,
        best_val_accuracy=accuracy,
        normalization=None,
        note="",
        starred=False,
        hidden=False,
        origin=Origin("duel", "x"),
        position=None,
    )


@pytest.mark.parametrize("name", DUELS)
def test_every_duel_differs_in_exactly_one_setting(name: str) -> None:
    first, *others = DUELS[name]
    assert [len(first.differences(other)) for other in others] == [1] * len(others)
    assert 1 <= len(others) < MOST_SIDES


def test_runs_of_one_experiment_and_other_seeds_are_one_side() -> None:
    deep = DEFAULT.change(hidden=(100,) * 20)
    runs = [
        run(DEFAULT, 0.9),
        run(deep, 0.8, 1),
        run(DEFAULT.change(seed=1), 0.92, 2),
        run(deep.change(seed=1), 0.7, 3),
    ]
    first, second = sides(runs[::-1])
    assert first.accuracies == (0.9, 0.92)
    assert second.settings == deep


def test_verdict_needs_both_and_never_takes_none_for_zero() -> None:
    done, fresh = Side(DEFAULT, (run(DEFAULT, 0.9),)), Side(DEFAULT, (run(DEFAULT, None),))
    assert verdict([done, fresh]) is None
    assert verdict([done, done]) is not None


@pytest.mark.parametrize(
    ("first", "second", "winner", "luck"),
    [
        ((0.90,), (0.95,), 1, None),
        ((0.95,), (0.951,), None, None),
        ((0.90, 0.91, 0.92), (0.95, 0.96, 0.97), 1, "few"),
        ((0.90, 0.96), (0.95, 0.97), 1, "overlap"),
        ((0.90, 0.91, 0.92, 0.91, 0.90), (0.95, 0.96, 0.97, 0.94, 0.93), 1, "apart"),
    ],
)
def test_verdict(first: tuple, second: tuple, winner: int | None, luck: str | None) -> None:
    made = [Side(DEFAULT, tuple(run(DEFAULT, value) for value in values)) for values in (first, second)]
    found = verdict(made)
    assert found is not None
    assert found.winner == winner
    assert (found.luck and found.luck.kind) == luck
    assert found.points == pytest.approx(100 * (sum(second) / len(second) - sum(first) / len(first)))


def test_the_best_of_many_is_held_against_the_next_best() -> None:
    sides_of_a_duel = [Side(DEFAULT, (run(DEFAULT, value),)) for value in (0.2, 0.9, 0.5)]
    found = verdict(sides_of_a_duel)
    assert found is not None
    assert found.order == (1, 2, 0)
    assert found.points == pytest.approx(40)


def test_prediction_survives_the_store() -> None:
    prediction = Prediction(1, 12.5)
    assert Prediction.from_json(prediction.to_json()) == prediction


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"winner": "me", "points": 3}',
        '{"winner": 4, "points": 3}',
        '{"winner": -1, "points": 3}',
        '{"winner": true, "points": 3}',
        '{"winner": 0, "points": -1}',
        '{"winner": 0, "points": "x"}',
        '{"winner": 0, "points": NaN}',
    ],
)
def test_a_damaged_prediction_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidPrediction):
        Prediction.from_json(text)


def test_hidden_runs_stay_in_their_duel() -> None:
    hidden = replace(run(DEFAULT, 0.9), hidden=True)
    assert sides([hidden])[0].runs == (hidden,)
