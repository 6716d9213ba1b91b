"""What learners give to the class."""

from typing import Any

import numpy as np
import pytest

from core.record.checks import InvalidRecord
from core.record.drawings import TooManyDrawings
from core.record.store import Store

GENERATOR = np.random.default_rng(0)


def test_drawings_are_the_classs_and_only_their_learner_takes_them_back(lab: Store) -> None:
    image = GENERATOR.integers(0, 256, (28, 28)).astype(np.uint8)
    number = lab.drawings.give("anna", image, 7, '{"objects": []}')
    number_of_another_kind: Any = np.int64(0)  # as a widget or an array may hold it
    lab.drawings.give("ben", image // 2, number_of_another_kind)
    first, second = lab.drawings.all()
    np.testing.assert_array_equal(first.image, image)
    assert (first.id, first.learner, first.label, first.strokes) == (number, "anna", 7, '{"objects": []}')
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
    monkeypatch.setattr("core.record.drawings.MOST_DRAWINGS", 2)
    image = np.ones((28, 28), np.uint8)
    lab.drawings.give("anna", image, 1)
    lab.drawings.give("anna", image, 1)
    with pytest.raises(TooManyDrawings):
        lab.drawings.give("anna", image, 1)
