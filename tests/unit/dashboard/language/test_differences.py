import pytest

from core.settings import DEFAULT, PARAMETERS
from core.study.comparison import differing
from core.study.duel import DUELS
from dashboard.language import differences, names
from dashboard.runs.predictions import rivals_told, side_names

TANH = DEFAULT.change(activation="tanh")
OTHER = DEFAULT.change(activation="tanh", seed=7, normalization="none")


def test_one_pair_of_experiments_is_told_in_every_way() -> None:
    pair = [DEFAULT, TANH]
    assert differences.settings_told(pair) == "activation"
    assert differences.values_told(pair) == "Activation (ReLU, tanh)"
    assert differences.changes(*pair) == "Activation: tanh"
    assert differences.labels(pair) == ["ReLU", "tanh"]


def test_several_differences_stand_in_the_order_of_the_settings() -> None:
    pair = [DEFAULT, OTHER]
    assert differences.settings_told(pair) == "normalisation, activation, seed"
    assert differences.changes(*pair) == "Normalisation: None (0 … 255), Activation: tanh, Seed: 7"
    assert differences.labels(pair)[1] == "None (0 … 255) · tanh · seed 7"


def test_the_same_experiment_differs_in_nothing() -> None:
    longer = DEFAULT.change(epochs=DEFAULT.training.epochs + 1)  # epochs are no difference
    assert differences.settings_told([DEFAULT, longer]) == ""
    assert differences.changes(DEFAULT, longer) == ""
    assert differences.labels([DEFAULT, longer]) == ["", ""]


def test_what_has_no_effect_is_no_difference() -> None:
    """Without hidden layers there is no activation: the duel and the guard mean the same by "differs"."""
    bare = DEFAULT.change(hidden=())
    other = bare.change(activation="tanh")
    assert bare != other
    assert side_names([DEFAULT, TANH]) == ("Activation: ReLU", "Activation: tanh")
    assert differences.changes(bare, other) == ""


def test_a_value_is_told_once_however_many_have_it() -> None:
    assert differences.spelled("seed", (0, 1, 0)) == "Seed (0, 1)"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("activation", "relu", "ReLU"),
        ("seed", 3, "seed 3"),
        ("learning_rate", 0.1, "learning rate 0.1"),
        ("residual", True, "skip connections on"),
    ],
)
def test_a_value_that_says_nothing_by_itself_has_its_setting_before_it(
    name: str, value: object, told: str
) -> None:
    assert differences.label(name, value) == told


@pytest.mark.parametrize("name", [parameter.name for parameter in PARAMETERS])
def test_every_setting_has_a_name_of_both_forms(name: str) -> None:
    assert names.setting(name)
    assert names.setting_within(name)


@pytest.mark.parametrize("code", DUELS)
def test_the_sides_of_every_duel_have_different_names(code: str) -> None:
    rivals = DUELS[code]
    told = side_names(rivals)
    assert len(set(told)) == len(rivals)
    assert all(told)
    assert all(len(differing([rivals[0], other])) > 0 for other in rivals[1:])


def test_rivals_of_any_number_are_told() -> None:
    assert rivals_told(("a", "b")) == "a against b"
    assert rivals_told(("a", "b", "c")) == "a against b against c"
