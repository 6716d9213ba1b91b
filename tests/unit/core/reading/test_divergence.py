import pytest

from core.errors import LabError
from core.reading.divergence import Diverged, diverged
from core.settings import Settings


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"learning_rate": 1.0, "normalization": "none"}, "A learning rate of 1 is probably too large; 0.01"),
        ({"optimizer": "adam", "learning_rate": 0.05}, "0.05 is probably too large; 0.001 is usual"),
        ({"normalization": "none"}, "normalise them"),
        ({"hidden": (100,) * 20, "activation": "linear", "initializer": "he"}, "in 20 layers"),
        ({"hidden": (100,) * 20, "initializer": "he", "residual": True}, "batch normalisation"),
        ({}, "below 0.01"),
    ],
)
def test_the_likely_cause_comes_from_the_settings(change, cause):
    error = diverged(Settings().change(**change), epoch=1.4)
    assert isinstance(error, Diverged)
    assert isinstance(error, LabError)
    assert cause in str(error)
    assert "In epoch 2 " in str(error)


def test_he_is_not_blamed_where_it_belongs():
    deep = Settings().change(hidden=(100,) * 20, initializer="activation")
    assert "initialiser" not in str(diverged(deep, 0.0))
