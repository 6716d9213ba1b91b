"""What an experiment may be: nothing outside the tables and ranges, and no loss on the way."""

import json
import math
import pickle
import random
from dataclasses import asdict, fields
from typing import Any

import pytest

from core.errors import LabError
from core.settings import (
    ACTIVATIONS,
    DEFAULT,
    INITIALIZERS,
    LOSSES,
    MAXIMUM_PARAMETERS,
    NORMALIZATIONS,
    OPTIMIZERS,
    PARAMETERS,
    PRESETS,
    SPLITS,
    InvalidSetting,
    NetworkSettings,
    Settings,
    read_hidden,
    write_hidden,
)

NO_CHOICE = [
    "",
    "RELU",
    " relu",
    "relu\n",
    "../../etc/passwd",
    "{activation}",
    "😀",
    None,
    3,
    ["relu"],
    b"relu",
]
NO_INTEGER = [
    None,
    "32",
    "",
    1.0,
    32.5,
    True,
    False,
    math.nan,
    math.inf,
    [32],
    {},
    1e9,
    2**63,
    -(2**63),
    10**400,
]
NO_NUMBER = [None, "0.1", "", True, math.nan, math.inf, -math.inf, -1e-9, 1e300, [0.1], 1j, 10**400]
NO_BOOLEAN = [None, 0, 1, "true", "1", "", [], 0.0]
NO_WIDTHS = [
    None,
    300,
    "300-100",
    (0,),
    (-1,),
    (1001,),
    (300, 1.0),
    (True,),
    (None,),
    (10,) * 51,
    ((),),
    {},
    [0],
]
HOSTILE: dict[str, list[Any]] = {
    **dict.fromkeys(["split", "normalization", "activation", "initializer", "loss", "optimizer"], NO_CHOICE),
    **dict.fromkeys(["validation", "train", "split_seed", "batch_size", "epochs", "seed"], NO_INTEGER),
    **dict.fromkeys(["learning_rate", "gradient_clipping"], NO_NUMBER),
    **dict.fromkeys(["handwriting", "batch_normalization", "residual"], NO_BOOLEAN),
    "hidden": NO_WIDTHS,
}
HOSTILE_TEXT = [
    *[
        "",
        " ",
        "None",
        "nan",
        "inf",
        "-1",
        "1e999",
        "0x10",
        "１２",
        "1_0",
        "²",
        "9" * 5_000,
        "<script>",
        "%00",
    ],
    *[
        "\0",
        "{0}",
        "{value.__class__}",
        "2x",
        "x",
        "x5",
        "51x5",
        "999999999x9",
        "-",
        "1--2",
        "3,,",
        "'; DROP--",
    ],
]
READABLE = {
    *[("hidden", ""), ("hidden", " "), ("hidden", "None"), ("hidden", "0x10")],
    *[("rate", "１２"), ("rate", "1_0"), ("clip", "１２"), ("clip", "1_0")],
}
GOOD = {
    **{"split": "random", "validation": "4000", "train": "20000", "split_seed": "7", "norm": "min-max"},
    **{"own": "1", "hidden": "20-30", "act": "tanh", "init": "he", "bn": "1", "skip": "1"},
    **{"loss": "squared-error", "opt": "adam", "rate": "0.001", "batch": "64", "epochs": "3", "seed": "5"},
    "clip": "1.5",
}


def any_settings(generator: random.Random) -> Settings:
    """Somewhere in the whole space of experiments."""
    widths = tuple(generator.randint(1, 200) for _ in range(generator.randint(0, 50)))
    train = generator.randint(100, 59_900)
    return DEFAULT.change(
        split=generator.choice(SPLITS),
        train=train,
        validation=generator.randint(100, min(30_000, 60_000 - train)),
        split_seed=generator.randint(0, 2**31 - 1),
        normalization=generator.choice(NORMALIZATIONS),
        handwriting=generator.random() < 0.5,
        hidden=generator.choice([widths, (widths or (7,))[:1] * generator.randint(0, 50)]),
        activation=generator.choice(ACTIVATIONS),
        initializer=generator.choice(INITIALIZERS),
        batch_normalization=generator.random() < 0.5,
        residual=generator.random() < 0.5,
        loss=generator.choice(LOSSES),
        optimizer=generator.choice(OPTIMIZERS),
        learning_rate=generator.choice([0.01, 10 ** generator.uniform(-7, 2), 1]),
        batch_size=generator.randint(1, 1024),
        epochs=generator.randint(1, 1_000),
        seed=generator.randint(0, 2**31 - 1),
        gradient_clipping=generator.choice([0.0, 10 ** generator.uniform(-3, 6)]),
    )


def test_every_field_is_attacked() -> None:
    names = {item.name for part in (DEFAULT.data, DEFAULT.network, DEFAULT.training) for item in fields(part)}
    assert names == set(HOSTILE) == {parameter.name for parameter in PARAMETERS}
    assert set(GOOD) == {parameter.key for parameter in PARAMETERS}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_refused_by_name(name: str) -> None:
    for value in HOSTILE[name]:
        with pytest.raises(InvalidSetting) as caught:
            DEFAULT.change(**{name: value})
        assert name in str(caught.value), value
        assert len(str(caught.value)) < 200, value


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("split_seed", 0, 2**31 - 1),
        ("batch_size", 1, 1024),
        ("epochs", 1, 1_000),
        ("seed", 0, 2**31 - 1),
        ("learning_rate", 1e-7, 100.0),
        ("gradient_clipping", 0.0, 1e6),
        ("validation", 100, 30_000),
        ("train", 100, 59_900),
    ],
)
def test_ranges_include_their_ends_and_nothing_beyond(name: str, lowest: float, highest: float) -> None:
    room = DEFAULT.change(train=100, validation=100)
    for end in (lowest, highest):
        assert getattr(_part_with(room.change(**{name: end}), name), name) == end
    beyond = 1 if isinstance(lowest, int) else 0.01 * highest
    for outside in (lowest - beyond, highest + beyond):
        with pytest.raises(InvalidSetting):
            room.change(**{name: outside})


def _part_with(settings: Settings, name: str) -> Any:
    return next(part for part in (settings.data, settings.network, settings.training) if hasattr(part, name))


def test_parts_may_not_be_more_than_all_images() -> None:
    DEFAULT.change(train=50_000, validation=10_000)
    with pytest.raises(InvalidSetting, match="50001 training and 10000 validation"):
        DEFAULT.change(train=50_001, validation=10_000)


def test_a_network_may_not_be_too_large() -> None:
    largest = NetworkSettings(hidden=(1_000,) * 4)
    assert largest.weight_count() <= MAXIMUM_PARAMETERS
    with pytest.raises(InvalidSetting, match="weights"):
        NetworkSettings(hidden=(1_000,) * 5)
    with pytest.raises(InvalidSetting, match="weights"):
        NetworkSettings(hidden=(1_000,) * 4, activation="maxout")


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="dropout"):
        DEFAULT.change(dropout=0.5)


def test_presets_are_the_published_experiments() -> None:
    three, twenty = PRESETS["three-layer"], PRESETS["twenty-layer"]
    assert three.network.weight_count() == 266_610
    assert twenty.network.weight_count() == 271_410
    assert three.differences(twenty) == {"hidden": ((300, 100), (100,) * 20)}
    published = {
        **{"split": "first", "validation": 5_000, "train": 55_000, "normalization": "z-score"},
        **{
            "loss": "cross-entropy",
            "optimizer": "sgd",
            "learning_rate": 0.01,
            "batch_size": 32,
            "epochs": 10,
        },
    }
    for preset in (three, twenty):
        values = {**asdict(preset.data), **asdict(preset.network), **asdict(preset.training)}
        assert published.items() <= values.items()


def test_json_and_query_give_back_what_they_got() -> None:
    generator = random.Random(0)
    for _ in range(300):
        settings = any_settings(generator)
        assert Settings.from_json(settings.to_json()) == settings
        assert pickle.loads(pickle.dumps(settings)) == settings
        again, refused = Settings.from_query(settings.to_query())
        assert refused == []
        assert set(again.differences(settings)) <= {"learning_rate", "gradient_clipping"}
        for mine, theirs in again.differences(settings).values():
            assert mine == pytest.approx(theirs, rel=1e-14)


def test_query_holds_only_what_differs() -> None:
    assert DEFAULT.to_query() == {}
    assert PRESETS["twenty-layer"].to_query() == {"hidden": "20x100"}
    assert DEFAULT.change(learning_rate=0.1, residual=True).to_query() == {"rate": "0.1", "skip": "1"}


def test_query_keys_are_unique() -> None:
    assert len({parameter.key for parameter in PARAMETERS}) == len(PARAMETERS)


def test_foreign_query_parameters_are_left_alone() -> None:
    assert Settings.from_query({"run": "abc", "": "", "utm_source": "x"}) == (DEFAULT, [])


def test_a_whole_link_is_read() -> None:
    settings, refused = Settings.from_query(GOOD)
    assert refused == []
    assert settings.to_query() == GOOD


@pytest.mark.parametrize("key", GOOD)
def test_one_refused_value_keeps_the_others(key: str) -> None:
    others = {other: value for other, value in GOOD.items() if other != key}
    for text in HOSTILE_TEXT:
        settings, refused = Settings.from_query({**GOOD, key: text})
        assert others.items() <= settings.to_query().items(), text
        if (key, text) in READABLE:
            assert refused == [], text
        else:
            assert len(refused) == 1, text
            assert key not in settings.to_query(), "a refused value leaves the default"
            assert len(str(refused[0])) < 250, text


def test_hidden_can_be_read_as_none_but_not_the_rest() -> None:
    assert Settings.from_query({"hidden": "none"})[0].network.hidden == ()
    assert len(Settings.from_query({"act": "none"})[1]) == 1


@pytest.mark.parametrize(("train", "validation"), [("100", "30000"), ("59900", "100"), ("30000", "30000")])
def test_train_and_validation_are_read_in_any_order(train: str, validation: str) -> None:
    """Each alone would not fit beside the other's default: only together they are right."""
    one = {"train": train, "validation": validation, "epochs": "3"}
    other = dict(reversed(one.items()))
    for query in (one, other):
        settings, refused = Settings.from_query(query)
        assert refused == []
        assert (settings.data.train, settings.data.validation) == (int(train), int(validation))
        assert settings.training.epochs == 3
        settings, refused = Settings.from_query({"split": "nonsense", **query})
        assert len(refused) == 1
        assert (settings.data.train, settings.data.validation) == (int(train), int(validation))


def test_a_link_that_asks_too_much_is_mended() -> None:
    settings, refused = Settings.from_query({"train": "59900", "validation": "30000", "norm": "none"})
    assert len(refused) >= 1
    assert settings.data.normalization == "none"
    assert settings.data.train + settings.data.validation <= 60_000


@pytest.mark.parametrize(
    "text",
    [
        *["", "null", "[]", "{}", "3", '"text"', "{", "NaN", '{"data": {}, "network": {}}', "[" * 100_000],
        '{"data": {"unknown": 1}, "network": {"hidden": []}, "training": {}}',
        '{"data": {}, "network": {"hidden": 5}, "training": {}}',
        '{"data": {}, "network": {"hidden": [NaN]}, "training": {}}',
        '{"data": 1, "network": 2, "training": 3}',
    ],
    ids=lambda text: text[:30],
)
def test_damaged_json_is_a_named_error(text: str) -> None:
    with pytest.raises(InvalidSetting):
        Settings.from_json(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_a_named_error(name: str) -> None:
    part = next(part for part, values in asdict(DEFAULT).items() if name in values)
    for value in HOSTILE[name]:
        tree = asdict(DEFAULT)
        tree[part][name] = value
        if not isinstance(value, bytes | complex | dict):
            with pytest.raises(InvalidSetting):
                Settings.from_json(json.dumps(tree))


@pytest.mark.parametrize(
    ("hidden", "text"),
    [
        ((), "none"),
        ((300, 100), "300-100"),
        ((5,), "5"),
        ((5, 5), "5-5"),
        ((5,) * 3, "3x5"),
        ((100,) * 20, "20x100"),
    ],
)
def test_hidden_is_written_shortly(hidden: tuple[int, ...], text: str) -> None:
    assert write_hidden(hidden) == text
    assert read_hidden(text) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (" 300 , 100 ", (300, 100)),
        ("NONE", ()),
        ("", ()),
        ("20×100", (100,) * 20),
        ("20X100", (100,) * 20),
        ("0x5", ()),
    ],
)
def test_hidden_forgives_how_people_write(text: str, hidden: tuple[int, ...]) -> None:
    assert read_hidden(text) == hidden


def test_differences_name_exactly_what_was_changed() -> None:
    generator = random.Random(1)
    for _ in range(50):
        one, other = any_settings(generator), any_settings(generator)
        found = one.differences(other)
        assert one.change(**{name: theirs for name, (_, theirs) in found.items()}) == other
        assert all(mine != theirs for mine, theirs in found.values())
        assert one.differences(one) == {}


def test_a_parameter_sets_and_gets_its_own_field() -> None:
    for parameter in PARAMETERS:
        value = parameter.read(GOOD[parameter.key])
        changed = parameter.set(DEFAULT, value)
        assert parameter.get(changed) == value
        assert set(DEFAULT.differences(changed)) == {parameter.name}


def test_errors_carry_their_template_for_translation() -> None:
    with pytest.raises(LabError) as caught:
        DEFAULT.change(epochs=0)
    error = caught.value
    assert error.template.format(**error.values) == str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.values) == (type(error), str(error), error.values)
