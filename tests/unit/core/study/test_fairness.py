"""One cause at a time, and no optimiser at a rate made for another."""

import pytest

from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import codes
from core.settings import DEFAULT, Settings
from core.study.comparison import differing
from core.study.fairness import at_usual_rate, is_at_usual_rate, is_fair, is_rate_lent, separating

TANH = DEFAULT.change(activation="tanh")
ADAM = DEFAULT.change(optimizer="adam")


def test_every_optimiser_has_a_row() -> None:
    assert tuple(OPTIMIZERS) == codes("optimizer")


def test_an_optimiser_with_its_usual_rate_is_one_thing() -> None:
    assert is_fair([DEFAULT, at_usual_rate(ADAM)])
    assert not is_fair([DEFAULT, ADAM.change(learning_rate=0.003)])
    assert not is_fair([DEFAULT, at_usual_rate(ADAM).change(activation="tanh")])
    assert not is_fair([DEFAULT, DEFAULT.change(activation="tanh", learning_rate=0.001)])


def test_rates_that_were_found_best_are_their_own_too() -> None:
    best = {0.1, 0.003}
    pair = [DEFAULT.change(learning_rate=0.1), ADAM.change(learning_rate=0.003)]
    assert is_fair(pair, is_own_rate=lambda settings: settings.training.learning_rate in best)
    assert not is_fair(pair)


@pytest.mark.parametrize(
    ("others", "is_lent"),
    [
        ([ADAM], True),  # Adam at SGD's 0.01
        ([DEFAULT.change(activation="tanh"), ADAM], True),
        ([at_usual_rate(ADAM)], False),
        ([DEFAULT.change(optimizer="momentum")], False),  # 0.01 is usual for both
        ([DEFAULT.change(learning_rate=0.1)], False),
    ],
)
def test_an_optimiser_at_another_ones_rate_is_seen(others: list[Settings], is_lent: bool) -> None:
    assert is_rate_lent([DEFAULT, *others]) is is_lent


def test_the_default_is_at_its_usual_rate() -> None:
    assert is_at_usual_rate(DEFAULT)
    assert not is_at_usual_rate(ADAM)


# The runs that are missing


def test_missing_runs_each_differ_from_the_first_in_exactly_one_setting() -> None:
    other = DEFAULT.change(activation="tanh", batch_size=64, optimizer="momentum")
    missing = separating(DEFAULT, [other])
    assert [list(differing([DEFAULT, one])) for one in missing] == [
        ["activation"],
        ["optimizer"],
        ["batch_size"],
    ]


def test_a_schedule_is_told_apart_with_all_that_belongs_to_it() -> None:
    drops = DEFAULT.change(schedule="step", drop_every=3, drop_to=0.2)
    assert is_fair([DEFAULT, drops])
    assert separating(DEFAULT, [drops.change(activation="tanh")]) == [TANH, drops]
    back = DEFAULT.change(activation="tanh")
    assert separating(drops, [back]) == [drops.change(activation="tanh"), DEFAULT]


def test_an_optimiser_is_told_apart_at_its_usual_rate_never_at_a_lent_one() -> None:
    adam = at_usual_rate(ADAM)
    assert separating(DEFAULT, [adam.change(activation="tanh")]) == [TANH, adam]
    assert separating(DEFAULT, [ADAM.change(activation="tanh")]) == [TANH, adam]
    assert separating(DEFAULT, [ADAM.change(learning_rate=0.005)]) == [
        adam,
        DEFAULT.change(learning_rate=0.005),
    ]
    assert all(is_fair([DEFAULT, one]) for one in separating(DEFAULT, [adam.change(activation="tanh")]))


def test_an_optimiser_with_the_same_usual_rate_keeps_the_firsts() -> None:
    first = ADAM.change(learning_rate=0.003)
    other = first.change(optimizer="nadam", activation="tanh")
    assert separating(first, [other]) == [
        first.change(activation="tanh"),
        first.change(optimizer="nadam"),
    ]


def test_a_fair_pair_lacks_nothing() -> None:
    assert separating(DEFAULT, [TANH, DEFAULT, DEFAULT.change(seed=3)]) == []


def test_the_same_missing_run_is_asked_for_once() -> None:
    others = [TANH.change(optimizer="adam"), TANH.change(learning_rate=0.1)]
    assert len(separating(DEFAULT, others)) == 3


def test_a_change_that_is_impossible_alone_is_left_out() -> None:
    other = DEFAULT.change(train=40_000, validation=20_000)
    (missing,) = separating(DEFAULT, [other])  # 55,000 and 20,000 are more than there are
    assert missing == DEFAULT.change(train=40_000)
