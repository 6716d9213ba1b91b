"""Which experiments are the same, so that they are trained once."""

import numpy as np
import pytest

from core.dataset.prepared import Extra
from core.runs.branch import begins_as
from core.runs.identity import identity
from core.settings import DEFAULT, PARAMETERS, PRESETS, InvalidSetting, Settings
from core.study.comparison import differing, family

OTHER_VALUES = {
    **{"split": "random", "validation": 1_000, "train": 1_000, "normalization": "none"},
    **{"hidden": (16,), "activation": "tanh", "initializer": "he", "batch_normalization": True},
    **{"loss": "squared-error", "optimizer": "adam", "learning_rate": 0.1, "batch_size": 64},
    **{"seed": 1, "gradient_clipping": 1.0, "dropout": 0.2, "l2": 0.001, "label_smoothing": 0.1},
    **{"shift": 1.0, "turn": 5.0, "thickness": 0.5, "schedule": "step", "warm_up": 1.0},
    "rate_changes": ((5, 0.001),),
}
NO_DIFFERENCE = {
    "keep_best",
    "patience",
    "drop_every",
    "drop_to",
    "epochs",
    "handwriting",
    "split_seed",
    "residual",
}
"""Settings that change nothing in the default experiment."""


@pytest.mark.parametrize(
    ("name", "value"), [("learning_rate", 1e-9), ("batch_size", 4_096), ("hidden", (2_000, 10))]
)
def test_what_a_lab_with_wider_bounds_kept_is_told_apart_and_held_beside_others(
    name: str, value: object
) -> None:
    """Else one such run keeps a learner's whole roll from being shown."""
    read = DEFAULT.as_if(**{name: value})
    with pytest.raises(InvalidSetting):
        DEFAULT.change(**{name: value})
    assert identity(read) != identity(DEFAULT)
    assert identity(read) == identity(read.as_if(epochs=3, patience=2))
    assert family(read) == family(read.as_if(seed=7))
    assert list(differing([DEFAULT, read])) == [name]
    branch = read.as_if(rate_changes=((2, 0.005),))
    assert begins_as(branch, read)
    assert not begins_as(branch, DEFAULT)


def some_drawings(label: int = 7, pixel: int = 9) -> Extra:
    return np.full((2, 28, 28), pixel, np.uint8), np.array([1, label], np.uint8)


def test_it_is_the_same_for_ever() -> None:
    """Else what a class trained is trained again after an update."""
    assert identity(DEFAULT) == "03938562b2f82cb5946406fda08e6f90c3eaa8b3840ad72cad1d0334b28b6b58"
    assert (
        identity(PRESETS["twenty-layer"])
        == "c8493d9b6dac16356515084cc2b42183adbd05aa7ac98f5b134b0885d12a630e"
    )


def test_every_setting_with_an_effect_makes_another_experiment() -> None:
    assert set(OTHER_VALUES) | NO_DIFFERENCE == {row.name for row in PARAMETERS}
    others = [DEFAULT.change(**{name: value}) for name, value in OTHER_VALUES.items()]
    assert len({identity(settings) for settings in [DEFAULT, *others]}) == len(others) + 1


def test_epochs_belong_to_it_only_where_a_schedule_uses_them() -> None:
    for schedule in ("constant", "step"):
        settings = DEFAULT.change(schedule=schedule)
        assert identity(settings.change(epochs=7)) == identity(settings)
    cosine = DEFAULT.change(schedule="cosine")
    assert identity(cosine.change(epochs=7)) != identity(cosine)
    assert identity(cosine.change(drop_every=7)) == identity(cosine)
    assert identity(DEFAULT.change(schedule="step", drop_every=7)) != identity(
        DEFAULT.change(schedule="step")
    )


def test_where_a_remedy_has_no_effect_it_makes_no_difference() -> None:
    """Without hidden layers nothing can be left out; Keras smooths no labels of the squared error."""
    for plain, remedy in (({"hidden": ()}, "dropout"), ({"loss": "squared-error"}, "label_smoothing")):
        settings = DEFAULT.change(**plain)
        assert identity(settings.change(**{remedy: 0.3})) == identity(settings)


@pytest.mark.parametrize(
    "same",
    [
        DEFAULT.change(epochs=3),
        DEFAULT.change(split_seed=4),
        DEFAULT.change(residual=True),
        DEFAULT.change(handwriting=True),
        DEFAULT.change(patience=3, keep_best=True),
    ],
)
def test_what_has_no_effect_makes_none(same: Settings) -> None:
    assert identity(same) == identity(DEFAULT)


def test_a_whole_number_is_the_float_that_it_is_equal_to() -> None:
    assert identity(DEFAULT.change(learning_rate=1)) == identity(DEFAULT.change(learning_rate=1.0))


def test_drawings_count_by_their_content() -> None:
    ours = DEFAULT.change(handwriting=True)
    found = {
        identity(ours),
        identity(ours, some_drawings()),
        identity(ours, some_drawings(label=2)),
        identity(ours, some_drawings(pixel=8)),
    }
    assert len(found) == 4
    assert identity(ours, some_drawings()) in found
    images, labels = some_drawings()
    assert identity(ours, (images[:0], labels[:0])) == identity(DEFAULT)
