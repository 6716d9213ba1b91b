"""Right and wrong are counted for each network by itself, and come back from where they are kept."""

import pytest

from core.reading.tally import MOST, Score, Tally, UnreadableTally


def test_each_network_is_counted_by_itself() -> None:
    tally = Tally().add([("mine", 7), ("shipped", 1)], 7).add([("mine", None)], 3)
    assert tally.of("mine") == Score(right=1, wrong=0, unanswered=1)
    assert tally.of("shipped") == Score(right=0, wrong=1)
    assert tally.of("never asked") == Score()
    assert tally.of("mine").count == 2


def test_no_answer_is_neither_right_nor_wrong() -> None:
    assert Score().add(None, 0) == Score(unanswered=1)
    assert Score().add(0, 0) == Score(right=1)


def test_it_comes_back_as_it_was() -> None:
    tally = Tally().add([("mine", 7), ("shipped", 1)], 7)
    assert Tally.from_json(tally.to_json()) == tally


def test_it_does_not_grow_without_end() -> None:
    tally = Tally().add([("first", 1)], 1)
    for number in range(MOST):
        tally = tally.add([("first", 1), (f"network {number}", 1)], 1)
    assert len(tally.scores) == MOST
    assert tally.of("first").right == MOST + 1  # still asked: it stays
    assert tally.of("network 0") == Score()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a": 1}', '{"a": [1, 2]}', '{"a": [1, -2, 0]}', '{"a": ["1", 2, 0]}']
)
def test_a_damaged_one_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTally, match="begins again"):
        Tally.from_json(text)
