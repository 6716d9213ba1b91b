"""Whatever a link, a saved text or a drawing pad holds is read or refused by name. Found by Hypothesis."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from core.choices.kinds import Choice, InvalidSetting, Number, RateChanges, Switch, Whole, Widths
from core.drawing import strokes
from core.drawing.mnist_style import BlankDrawing, FullDrawing, InvalidDrawing
from core.settings import DEFAULT, PARAMETERS, Parameter, Settings

KEYS = [row.key for row in PARAMETERS]
JSON: some.SearchStrategy[Any] = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def fitting_number(kind: Whole | Number) -> some.SearchStrategy[Any]:
    """Numbers within these bounds."""
    if isinstance(kind, Whole):
        return some.integers(kind.least, kind.most)
    return some.floats(kind.least, kind.most)


def fitting(row: Parameter) -> some.SearchStrategy[Any]:
    """Values that a setting may have."""
    kind = row.kind
    if isinstance(kind, Choice):
        return some.sampled_from(kind.codes)
    if isinstance(kind, Whole | Number):
        return fitting_number(kind)
    if isinstance(kind, Switch):
        return some.booleans()
    if isinstance(kind, RateChanges):
        epochs = some.lists(fitting_number(kind.epoch), max_size=kind.most, unique=True).map(sorted)
        return epochs.flatmap(
            lambda found: some.tuples(
                *(some.tuples(some.just(each), fitting_number(kind.rate)) for each in found)
            )
        )
    assert isinstance(kind, Widths)
    return some.lists(some.integers(1, 60), max_size=12).map(tuple)


@given(some.dictionaries(some.sampled_from(KEYS) | some.text(max_size=8), some.text(max_size=40)))
@example({"rate": "1e-400", "clip": "inf", "batch": "٣", "hidden": "9" * 5_000, "epochs": "1_0"})
@example({"hidden": "50x" + "1" * 12, "seed": "-0", "own": "true", "train": "59900", "validation": "30000"})
def test_any_query_opens_the_lab_and_what_is_refused_is_named(query: dict[str, str]) -> None:
    settings, refused = Settings.from_query(query)
    assert all(isinstance(error, InvalidSetting) and str(error) for _name, error in refused)
    assert len(refused) <= len(set(query) & set(KEYS))
    assert Settings.from_query(settings.to_query()) == (settings, [])


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
@given(some.data())
def test_every_setting_survives_its_own_link_to_the_last_digit(row: Parameter, data: some.DataObject) -> None:
    value = data.draw(fitting(row))
    try:
        settings = DEFAULT.change(**{row.name: value})
    except InvalidSetting:  # more images, or weights, than fit together
        return
    again, refused = Settings.from_query(settings.to_query())
    assert refused == []
    assert row.get(again) == value
    assert row.get(Settings.from_json(settings.to_json())) == value


def _read_settings(text: str) -> None:
    with suppress(InvalidSetting):
        assert Settings.from_json(Settings.from_json(text).to_json()) == Settings.from_json(text)


@given(some.text() | JSON.map(json.dumps))
@example("[" * 100_000)
@example("1" * 5_000)
@example('{"data": {}, "network": {"hidden": 3}, "training": {}}')
def test_any_text_is_read_as_settings_or_refused_by_name(text: str) -> None:
    _read_settings(text)


@given(some.sampled_from([(row.part, row.name) for row in PARAMETERS]), JSON)
def test_saved_settings_with_any_value_in_one_place_are_read_or_refused(
    place: tuple[str, str], value: Any
) -> None:
    tree = json.loads(DEFAULT.to_json())
    tree[place[0]][place[1]] = value
    _read_settings(json.dumps(tree))


NUMBERS = some.floats(-400, 700) | some.integers(-400, 700) | some.floats() | some.integers()
COMMANDS = some.tuples(some.sampled_from("MLQ"), some.lists(NUMBERS, min_size=2, max_size=4)).map(
    lambda pair: [pair[0], *pair[1]]
)
PEN = some.fixed_dictionaries(
    {
        "type": some.just("Path") | JSON,
        "path": some.lists(COMMANDS | JSON, max_size=6),
        "strokeWidth": NUMBERS,
    }
)
POINT = some.tuples(some.floats(-50, 330), some.floats(-50, 330))
LINE = some.tuples(some.lists(POINT, min_size=1, max_size=8), some.floats(*strokes.WIDTHS)).map(
    lambda pair: {
        "type": "Path",
        "path": [["M", *pair[0][0]], *(["L", *point] for point in pair[0][1:])],
        "strokeWidth": pair[1],
    }
)


@given(JSON | some.fixed_dictionaries({"objects": some.lists(PEN | LINE | JSON, max_size=4)}))
@example({"objects": [{"type": "Path", "path": [["M", 1, 10**400]], "strokeWidth": 10}]})
@example({"objects": [{"type": "Path", "path": ["M12"], "strokeWidth": 10}]})
@example({"objects": [{"type": "Path", "path": [[["M"], 1, 2]], "strokeWidth": 10}]})
def test_whatever_a_pad_says_is_a_drawing_or_refused_by_name(said: Any) -> None:
    with suppress(InvalidDrawing):
        drawing = strokes.read(said)
        assert strokes.loads(strokes.dumps(drawing)) == drawing


@settings(max_examples=50)
@given(some.lists(LINE, max_size=4))
def test_every_drawing_becomes_a_picture_or_is_refused_by_name(lines: list[Any]) -> None:
    with suppress(InvalidDrawing, BlankDrawing, FullDrawing):
        image = strokes.to_mnist(strokes.read({"objects": lines}))
        assert image.shape == (28, 28)
        assert image.dtype == np.uint8
        assert image.any()


@given(some.text() | JSON.map(json.dumps))
@example("[" * 100_000)
def test_any_text_is_read_as_a_saved_drawing_or_refused_by_name(text: str) -> None:
    with suppress(InvalidDrawing):
        assert isinstance(strokes.loads(text), tuple)
