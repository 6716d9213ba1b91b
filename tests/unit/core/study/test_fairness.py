"""One cause at a time, and no optimiser at a rate made for another."""

import pytest

from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import codes
from core.settings import DEFAULT, Settings
from core.study.fairness import at_usual_rate, is_at_usual_rate, is_fair, is_rate_lent

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
