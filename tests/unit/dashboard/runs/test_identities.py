"""A run's line and name: the same whatever comes later, its activation's colour where that is compared."""

from typing import Any

from core.choices.activations import ACTIVATIONS
from core.runs.origin import Origin
from core.runs.roll import Entry
from core.settings import DEFAULT, PRESETS, Settings
from dashboard.look import style
from dashboard.runs.identities import APART, lines_of

SWEEP = Origin.read("sweep:1234")


def roll(*experiments: Settings, origin: Origin | None = None, first: int = 0) -> list[Entry]:
    return [
        Entry(str(first + place), None, settings, settings.training.epochs, origin)
        for place, settings in enumerate(experiments)
    ]


def rates(count: int, **changes: Any) -> list[Settings]:
    return [DEFAULT.change(learning_rate=0.001 * (1 + place), **changes) for place in range(count)]


def test_a_run_keeps_its_line_whatever_is_trained_after_it() -> None:
    entries = roll(*rates(40), *(DEFAULT.change(activation=code) for code in ACTIVATIONS))
    whole = lines_of(entries)
    for count in range(1, len(entries)):
        assert lines_of(entries[:count]).items() <= whole.items()


def test_the_first_experiment_has_its_activations_colour_and_so_has_another_activation() -> None:
    found = lines_of(roll(DEFAULT, DEFAULT.change(activation="tanh"), PRESETS["twenty-layer"]))
    assert found["0"] == style.choice_line(ACTIVATIONS, "relu")
    assert found["1"] == style.choice_line(ACTIVATIONS, "tanh")
    assert found["2"].color not in (found["0"].color, found["1"].color)


def test_experiments_in_a_row_differ_in_colour_and_the_last_eight_lines_of_one_are_told_apart() -> None:
    lines = list(lines_of(roll(*rates(48))).values())
    for start in range(len(lines) - APART + 1):
        assert len({line.color for line in lines[start : start + APART]}) == APART
    assert len(set(lines)) >= 40


def test_seeds_and_longer_runs_of_an_experiment_share_its_colour_and_differ_in_dashes() -> None:
    seeds = [DEFAULT.change(seed=seed) for seed in range(5)]
    found = lines_of(roll(*seeds, DEFAULT.change(epochs=3)))
    assert {line.color for line in found.values()} == {style.choice_line(ACTIVATIONS, "relu").color}
    assert len({line.dash for line in found.values()}) == 6


def test_activations_that_are_compared_have_their_own_colours_whatever_was_there_before() -> None:
    before = roll(*rates(10), DEFAULT, DEFAULT.change(hidden=(10,)))
    sweep = [DEFAULT.change(activation=code, train=1000) for code in ACTIVATIONS]
    found = lines_of([*before, *roll(*sweep, origin=SWEEP, first=100)])
    for place, code in enumerate(ACTIVATIONS):
        assert found[str(100 + place)].color == style.choice_line(ACTIVATIONS, code).color
    assert len({found[str(100 + place)] for place in range(len(sweep))}) == len(sweep)


def test_runs_started_together_with_one_activation_take_any_colours() -> None:
    found = lines_of(roll(*rates(4), origin=SWEEP))
    assert len({line.color for line in found.values()}) == 4
