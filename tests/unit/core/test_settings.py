"""What an experiment may be: nothing outside the tables and ranges, and no loss on the way."""

import json
import math
import pickle
import random
from dataclasses import asdict, fields
from itertools import chain
from typing import Any

import pytest

from core.architecture.plan import answering
from core.choices.kinds import Choice, Kind, Number, RateChanges, Switch, Whole, Widths
from core.choices.parameters import HIDDEN, Parameter, bounds, codes, parameter
from core.errors import LabError
from core.export.keras_source import keras_source
from core.runs.published import published_code
from core.settings import (
    DEFAULT,
    MAXIMUM_NORMALIZED,
    MAXIMUM_PARAMETERS,
    PARAMETERS,
    PRESETS,
    TRAINING_IMAGES,
    InvalidSetting,
    NetworkSettings,
    Settings,
    write_hidden,
)

NO_NUMBER: list[Any] = [
    None,
    "1",
    "",
    True,
    False,
    math.nan,
    math.inf,
    -math.inf,
    [1],
    {},
    1j,
    10**400,
    -(10**400),
]


def hostile(kind: Kind) -> list[Any]:
    """Values that a setting of this kind must refuse, made from its bounds."""
    match kind:
        case Choice(codes):
            near = [codes[0].upper(), f" {codes[0]}", codes[0] + "\n", codes[0][:-1], codes[0].encode()]
            return ["", "../../etc/passwd", "{activation}", "😀", None, 3, [codes[0]], *near]
        case Whole(least, most):
            return [*NO_NUMBER, least - 1, most + 1, float(least), least + 0.5, 2**63, -(2**63)]
        case Number(least, most):
            return [*NO_NUMBER, math.nextafter(least, -math.inf), math.nextafter(most, math.inf), 1e300]
        case Switch():
            return [None, 0, 1, "true", "1", "", [], 0.0]
        case Widths(layers, width):
            shapes: list[Any] = [None, 300, "300-100", [0], {}, (10,) * (layers + 1), ((),)]
            return [*shapes, *((value,) for value in hostile(width) if value != 1j)]
        case RateChanges(most, epoch, rate):
            long = tuple((place, 0.1) for place in range(1, most + 2))
            late: list[Any] = [((5, 0.1), (5, 0.2)), ((5, 0.1), (4, 0.2)), (5, 0.1), ((5,),), {}, None, "5:0"]
            pairs = [((value, 0.1),) for value in hostile(epoch) if value != 1j]
            pairs += [((5, value),) for value in hostile(rate) if value != 1j]
            return [long, *late, *pairs]
    raise AssertionError(kind)


HOSTILE = {row.name: hostile(row.kind) for row in PARAMETERS}
NUMBERS = [row.name for row in PARAMETERS if isinstance(row.kind, Whole | Number)]
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
        "101x5",
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
    *[
        ("turn", "１２"),
        ("turn", "1_0"),
        ("warm", "１２"),
        ("warm", "1_0"),
        ("rates", ""),
        ("rates", " "),
        ("rates", "None"),
    ],
}
GOOD = {
    **{"split": "random", "validation": "4000", "train": "20000", "split_seed": "7", "norm": "min-max"},
    **{"own": "1", "hidden": "20-30", "act": "tanh", "init": "he", "bn": "1", "skip": "1"},
    **{"loss": "squared-error", "opt": "adam", "rate": "0.001", "batch": "64", "epochs": "3", "seed": "5"},
    **{"clip": "1.5", "drop": "0.2", "l2": "0.001", "smooth": "0.1"},
    **{"shift": "2", "turn": "10", "thick": "0.5", "schedule": "step", "every": "2", "to": "0.1"},
    **{"warm": "0.5", "rates": "5:0.01,8:0.001", "patience": "3", "best": "1"},
}


def any_value(kind: Kind, generator: random.Random) -> Any:
    """Anywhere within a setting's bounds; numbers of every size."""
    match kind:
        case Choice(codes):
            return generator.choice(codes)
        case Whole(least, most):
            return generator.randint(least, most)
        case Number(least, most):
            smallest = max(least, 1e-9)
            some = smallest * (most / smallest) ** generator.random()
            return generator.choice([least, most, some, int(min(1, most)), generator.uniform(least, most)])
        case Switch():
            return generator.random() < 0.5
        case Widths(layers, width):
            depth, most = generator.randint(0, layers), min(width.most, 150)  # more would be too many weights
            widths = tuple(generator.randint(width.least, most) for _ in range(depth))
            return generator.choice([widths, (widths or (7,))[:1] * depth])
        case RateChanges(most, epoch, rate):
            epochs = sorted(generator.sample(range(epoch.least, epoch.most + 1), generator.randint(0, most)))
            return tuple((each, any_value(rate, generator)) for each in epochs)
    raise AssertionError(kind)


def any_settings(generator: random.Random) -> Settings:
    """Somewhere in the whole space of experiments."""
    values = {row.name: any_value(row.kind, generator) for row in PARAMETERS}
    values["train"] = min(values["train"], TRAINING_IMAGES - values["validation"])
    values["batch_normalization"] &= len(values["hidden"]) <= MAXIMUM_NORMALIZED
    return DEFAULT.change(**values)


def test_every_field_is_attacked() -> None:
    names = {item.name for part in (DEFAULT.data, DEFAULT.network, DEFAULT.training) for item in fields(part)}
    assert names == set(HOSTILE) == {row.name for row in PARAMETERS}
    assert set(GOOD) == {row.key for row in PARAMETERS}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_refused_by_name(name: str) -> None:
    for value in HOSTILE[name]:
        with pytest.raises(InvalidSetting) as caught:
            DEFAULT.change(**{name: value})
        assert name in str(caught.value), value
        assert len(str(caught.value)) < 200, value


@pytest.mark.parametrize("name", NUMBERS)
def test_ranges_include_their_ends(name: str) -> None:
    """What lies beyond is among ``HOSTILE``."""
    room = DEFAULT.change(train=bounds("train")[0], validation=bounds("validation")[0])
    for end in bounds(name):
        assert parameter(name).get(room.change(**{name: end})) == end


def test_bounds_are_these() -> None:
    """Said once more here, so that nobody moves them unawares: kept runs and links must stay readable."""
    assert {name: bounds(name) for name in NUMBERS} == {
        "validation": (100, 30_000),
        "train": (100, 59_900),
        "split_seed": (0, 2**31 - 1),
        "learning_rate": (1e-7, 100.0),
        "batch_size": (1, 1024),
        "epochs": (1, 1_000),
        "seed": (0, 2**31 - 1),
        "gradient_clipping": (0.0, 1e6),
        "dropout": (0.0, 0.9),
        "l2": (0.0, 1.0),
        "label_smoothing": (0.0, 0.9),
        "shift": (0.0, 8.0),
        "turn": (0.0, 45.0),
        "thickness": (0.0, 1.0),
        "drop_every": (1, 1_000),
        "drop_to": (0.001, 1.0),
        "warm_up": (0.0, 100.0),
        "patience": (0, 1_000),
    }
    assert (HIDDEN.layers, HIDDEN.width) == (100, Whole(1, 1_000))
    assert codes("split") == ("first", "random", "stratified")
    assert codes("epochs") == ()
    with pytest.raises(InvalidSetting, match="split is no number"):
        bounds("split")


def test_an_unknown_setting_has_no_row() -> None:
    with pytest.raises(InvalidSetting, match="no setting called dropuot"):
        parameter("dropuot")
    with pytest.raises(InvalidSetting, match=r"called d+…\.$"):
        parameter("d" * 100)


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_each_default_is_within_its_bounds(row: Parameter) -> None:
    row.kind.check(row.name, row.default)
    assert row.get(DEFAULT) == row.default
    assert row.help.endswith(".")


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
    with pytest.raises(InvalidSetting, match="momentum"):
        DEFAULT.change(momentum=0.5)


def test_presets_are_the_published_experiments() -> None:
    three, twenty = PRESETS["three-layer"], PRESETS["twenty-layer"]
    assert three.network.weight_count() == 266_610
    assert twenty.network.weight_count() == 271_410
    assert three.network.hidden == (300, 100)
    assert three.change(hidden=(100,) * 20) == twenty
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
        assert again == settings  # to the last digit


def test_a_setting_that_came_later_is_written_only_where_it_is_used() -> None:
    """Sweeps of kept databases are found by this text."""
    assert "dropout" not in DEFAULT.to_json()
    assert json.loads(DEFAULT.change(dropout=0.2).to_json())["network"]["dropout"] == 0.2
    first = [row.name for row in PARAMETERS if not row.later]
    assert first == [name for part in json.loads(DEFAULT.to_json()).values() for name in part]
    assert len(first) == 18


def test_query_holds_only_what_differs() -> None:
    assert DEFAULT.to_query() == {}
    assert PRESETS["twenty-layer"].to_query() == {"hidden": "20x100"}
    assert DEFAULT.change(learning_rate=0.1, residual=True).to_query() == {"rate": "0.1", "skip": "1"}


def test_query_keys_are_unique() -> None:
    assert len({row.key for row in PARAMETERS}) == len(PARAMETERS)


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
            assert len(str(refused[0].error)) < 250, text


@pytest.mark.parametrize(
    ("key", "text", "name"),
    [("epochs", "-3", "epochs"), ("rate", "abc", "learning_rate"), ("bn", "yes", "batch_normalization")],
)
def test_a_refused_value_is_told_with_its_setting_and_what_it_may_be(key: str, text: str, name: str) -> None:
    (refused,) = Settings.from_query({key: text})[1]
    assert refused.name == name
    assert str(refused.error).startswith(f"{name} is {text}. Expected ")


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


OUT_OF_BOUNDS = [
    ("training", "epochs", 5_000),
    ("training", "learning_rate", 1e-9),
    ("training", "batch_size", 4_096),
    ("network", "hidden", [2_000, 10]),
    ("network", "hidden", [10] * 180),
    ("network", "hidden", [1_000] * 10),
]
"""A part, a field of it, and a value as a lab with wider bounds may have kept it."""


@pytest.mark.parametrize(("part", "name", "value"), OUT_OF_BOUNDS)
def test_what_a_lab_with_wider_bounds_kept_is_read_but_not_copied(
    part: str, name: str, value: object
) -> None:
    tree = json.loads(DEFAULT.to_json())
    tree[part][name] = value
    text = json.dumps(tree)
    with pytest.raises(InvalidSetting):
        Settings.from_json(text)
    read = Settings.from_record(text)
    assert read.to_json() == text
    with pytest.raises(InvalidSetting):
        read.change(seed=1, activation="tanh")


@pytest.mark.parametrize(("part", "name", "value"), OUT_OF_BOUNDS)
def test_what_a_lab_with_wider_bounds_kept_is_shown_and_compared(part: str, name: str, value: object) -> None:
    """What pages, and whoever goes on with it, ask of it."""
    tree = json.loads(DEFAULT.change(dropout=0.2).to_json())
    tree[part][name] = value
    read = Settings.from_record(json.dumps(tree))
    other = read.as_if(seed=1, activation="tanh")
    assert (other.training.seed, other.network.activation) == (1, "tanh")
    assert other.as_if(seed=0, activation="relu") == read
    kept = tuple(value) if isinstance(value, list) else value
    assert getattr(getattr(other, part), name) == kept
    assert answering(read.network) == answering(read.as_if(dropout=0.1).network) != read.network
    assert published_code(read) is None
    assert keras_source(read)
    usual = {name: getattr(getattr(DEFAULT, part), name)}
    assert read.allowed({name: kept}, usual, {name: kept, "seed": 1}) == [DEFAULT.change(dropout=0.2)]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_not_read_from_a_record_either(name: str) -> None:
    part = next(part for part, values in asdict(DEFAULT).items() if name in values)
    for value in HOSTILE[name]:
        tree = asdict(DEFAULT)
        tree[part][name] = value
        if not isinstance(value, bytes | complex | dict):
            try:
                read = getattr(getattr(Settings.from_record(json.dumps(tree)), part), name)
            except InvalidSetting:
                continue
            numbers = chain.from_iterable(read) if name == "rate_changes" else read
            numbers = numbers if isinstance(read, tuple) else (read,)
            assert all(isinstance(each, int | float) and each > 0 for each in numbers), value


def test_a_record_is_read_as_json_is_where_nothing_is_out_of_bounds() -> None:
    for preset in PRESETS.values():
        assert Settings.from_record(preset.to_json()) == preset
    for text in ('{"data": {"colour": 1}, "network": {"hidden": []}, "training": {}}', "nonsense", "{}"):
        with pytest.raises(InvalidSetting):
            Settings.from_record(text)
    with pytest.raises(InvalidSetting):
        Settings.from_record(DEFAULT.to_json().replace("55000", "59000"))


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
    assert HIDDEN.read("hidden", text) == hidden


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
    assert HIDDEN.read("hidden", text) == hidden


def test_a_parameter_sets_and_gets_its_own_field() -> None:
    for row in PARAMETERS:
        value = row.read(GOOD[row.key])
        changed = DEFAULT.change(**{row.name: value})
        assert row.get(changed) == value
        assert [other for other in PARAMETERS if other.get(changed) != other.get(DEFAULT)] == [row]


def test_errors_carry_their_template_for_translation() -> None:
    with pytest.raises(LabError) as caught:
        DEFAULT.change(epochs=0)
    error = caught.value
    assert error.template.format(**error.values) == str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.values) == (type(error), str(error), error.values)


def test_batch_normalisation_is_for_fifty_layers() -> None:
    deepest = Settings().change(hidden=(100,) * 100)
    assert len(deepest.network.hidden) == 100
    with pytest.raises(InvalidSetting, match="100 hidden layers with batch normalisation"):
        deepest.change(batch_normalization=True)
    kept = deepest.change(hidden=(100,) * 50, batch_normalization=True)
    with pytest.raises(InvalidSetting, match="up to 100 without it"):
        kept.change(hidden=(100,) * 51)
