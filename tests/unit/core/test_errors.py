"""What a sentence shows of something received: one line, and no more than fits."""

import pytest

from core.errors import LONG, SHORT, shown


@pytest.mark.parametrize("value", ["", "tanh", 7, None, (1, 2), "x" * SHORT])
def test_what_fits_is_shown_whole(value: object) -> None:
    assert shown(value) == str(value)


def test_what_is_longer_is_cut_and_says_so() -> None:
    assert shown("x" * (SHORT + 1)) == "x" * (SHORT - 1) + "…"
    assert len(shown("x" * 10_000, LONG)) == LONG


def test_lines_become_one() -> None:
    assert shown("one\n  two\tthree ") == "one two three"
