"""Duels differ in one thing, and verdicts are made of the runs' own numbers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from study_lab import run_of

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import DEFAULT, Settings
from core.study.comparison import differing
from core.study.duel import DUELS, MOST_SIDES, InvalidPrediction, Prediction, freeing, sides
from core.study.fairness import OPTIMIZER_AND_RATE, is_fair


def run(settings: Settings, accuracy: float | None, minute: int = 0) -> Run:
    return replace(
        run_of(settings, run_id=f"run{minute}"),
        created=datetime(2026, 1, 1, 0, minute, tzinfo=UTC),
        val_accuracy=accuracy,
        origin=Origin("duel", "x"),
    )


@pytest.mark.parametrize("name", DUELS)
def test_every_duel_differs_in_one_thing(name: str) -> None:
    first, *others = DUELS[name]
    wanted = OPTIMIZER_AND_RATE if name == "optimizer" else None
    for other in others:
        found = set(differing([first, other]))
        assert found == wanted or len(found) == 1
    assert is_fair(DUELS[name])
    assert 1 <= len(others) < MOST_SIDES


def test_what_may_free_a_network_differs_from_it_in_one_thing_each() -> None:
    deep = DUELS["depth"][1]
    found = [set(differing([deep, other])) for other in freeing(deep)]
    assert found == [
        {"initializer"},
        {"activation"},
        {"batch_normalization"},
        {"residual"},
        OPTIMIZER_AND_RATE,
    ]
    assert freeing(deep)[-1].training.learning_rate == 0.001


def test_what_a_network_has_already_frees_it_no_more() -> None:
    free = DUELS["depth"][1].change(initializer="he", activation="elu", batch_normalization=True)
    assert [set(differing([free, other])) for other in freeing(free)] == [{"residual"}, OPTIMIZER_AND_RATE]
    assert not any(other.network.residual for other in freeing(DEFAULT.change(hidden=(100,))))


def test_optimisers_fight_each_at_its_usual_rate() -> None:
    """S11: at 0.001 SGD reads 11 % where Adam reads 94 %."""
    found = [(side.training.optimizer, side.training.learning_rate) for side in DUELS["optimizer"]]
    assert found == [("sgd", 0.01), ("adam", 0.001)]


def test_runs_of_one_experiment_and_other_seeds_are_one_side() -> None:
    deep = DEFAULT.change(hidden=(100,) * 20)
    runs = [
        run(DEFAULT, 0.9),
        run(deep, 0.8, 1),
        run(DEFAULT.change(seed=1), 0.92, 2),
        run(deep.change(seed=1), 0.7, 3),
    ]
    first, second = sides(runs[::-1])
    assert [one.val_accuracy for one in first.runs] == [0.9, 0.92]
    assert second.settings == deep


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
