"""The optimisers' rows against the Keras classes that they name."""

import keras
import pytest

from core.choices.optimizers import OPTIMIZERS, Optimizer


def test_codes_that_stand_in_links_stay() -> None:
    assert list(OPTIMIZERS)[:5] == ["sgd", "momentum", "rmsprop", "adam", "nadam"]


@pytest.mark.parametrize("row", OPTIMIZERS.values(), ids=lambda row: row.code)
def test_the_usual_rate_is_keras_default(row: Optimizer) -> None:
    made = getattr(keras.optimizers, row.keras_class)(**row.arguments)
    assert float(made.learning_rate) == pytest.approx(row.usual_rate)
    for name, value in row.arguments.items():
        assert getattr(made, name) == value


def test_names_and_sentences_are_told_apart() -> None:
    assert len({row.name for row in OPTIMIZERS.values()}) == len(OPTIMIZERS)
    for row in OPTIMIZERS.values():
        assert row.help.endswith(".")
        assert len(row.help) < 120
