"""What learners give to the class."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from core import limits
from core.record.checks import InvalidRecord
from core.record.drawings import TooManyDrawings
from core.record.store import Store
from core.settings import Settings

GENERATOR = np.random.default_rng(0)


def test_drawings_are_the_classs_and_only_their_learner_takes_them_back(lab: Store) -> None:
    image = GENERATOR.integers(0, 256, (28, 28)).astype(np.uint8)
    number = lab.drawings.give("anna", image, 7, '{"objects": []}')
    number_of_another_kind: Any = np.int64(0)  # as a widget or an array may hold it
    lab.drawings.give("ben", image // 2, number_of_another_kind)
    first, second = lab.drawings.all()
    np.testing.assert_array_equal(first.image, image)
    assert (first.id, first.learner, first.label) == (number, "anna", 7)
    assert lab.drawings.strokes(number) == '{"objects": []}'
    assert lab.drawings.strokes(999) is None
    assert [drawing.label for drawing in lab.drawings.of("ben")] == [0]
    assert not lab.drawings.take_back("ben", number)
    assert lab.drawings.take_back("anna", number)
    assert [drawing.id for drawing in lab.drawings.all()] == [second.id]


@pytest.mark.parametrize(
    ("image", "label"),
    [
        (np.zeros((28, 27), np.uint8), 1),
        (np.zeros((28, 28), np.float32), 1),
        ([[0] * 28] * 28, 1),
        (np.zeros((28, 28), np.uint8), 10),
        (np.zeros((28, 28), np.uint8), -1),
        (np.zeros((28, 28), np.uint8), True),
        (np.zeros((28, 28), np.uint8), "1"),
    ],
)
def test_what_is_no_drawing_is_refused(lab: Store, image: Any, label: Any) -> None:
    with pytest.raises(InvalidRecord):
        lab.drawings.give("anna", image, label)
    assert lab.drawings.all() == []


def test_a_learner_may_give_so_many_drawings(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DRAWINGS", 2)
    image = np.ones((28, 28), np.uint8)
    lab.drawings.give("anna", image, 1)
    lab.drawings.give("anna", image, 1)
    with pytest.raises(TooManyDrawings):
        lab.drawings.give("anna", image, 1)


def test_a_class_may_give_so_many_drawings(lab: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DRAWINGS_IN_ALL", 2)
    image = np.ones((28, 28), np.uint8)
    numbers = [lab.drawings.give(learner, image, 1) for learner in ("anna", "ben")]
    with pytest.raises(TooManyDrawings, match="class gave 2"):
        lab.drawings.give("cleo", image, 1)
    assert lab.drawings.take_back("ben", numbers[1])
    lab.drawings.give("cleo", image, 1)


def test_strokes_of_a_size_that_no_digit_has_are_refused(lab: Store) -> None:
    with pytest.raises(InvalidRecord, match="60000 characters"):
        lab.drawings.give("anna", np.ones((28, 28), np.uint8), 1, "x" * (limits.LONGEST_STROKES + 1))


def test_lists_read_no_strokes(lab: Store) -> None:
    """300 drawings of 1 MB made every page that lists them take 1.1 s."""
    lab.drawings.give("anna", np.ones((28, 28), np.uint8), 1, "x" * limits.LONGEST_STROKES)
    asked: list[str] = []
    event.listen(lab.database._engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    lab.drawings.all()
    lab.drawings.of("anna")
    lab.runs.create("ben", Settings().change(handwriting=True, train=320))
    reading = [statement for statement in asked if statement.startswith("SELECT") and "drawings" in statement]
    assert len(reading) >= 3
    assert not any("strokes" in statement for statement in reading)
