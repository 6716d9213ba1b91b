"""What several parts of a page ask for is found out once, and never for another page or another thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from dashboard.frame import once


def counting() -> tuple[list[str], Callable[[str], str]]:
    """What was asked for, and the function that is asked."""
    asked: list[str] = []

    @once.once
    def ask(what: str) -> str:
        asked.append(what)
        return what.upper()

    return asked, ask


def test_a_page_asks_once_for_each_thing() -> None:
    asked, ask = counting()
    with once.remembering():
        assert [ask("a"), ask("a"), ask("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]


def test_a_part_shares_what_its_page_knows() -> None:
    asked, ask = counting()
    with once.remembering():
        ask("a")
        with once.remembering():
            ask("a")
        ask("a")
    assert asked == ["a"]


def test_the_next_page_and_whoever_draws_none_ask_anew() -> None:
    asked, ask = counting()
    with once.remembering():
        ask("a")
    with once.remembering():
        ask("a")
    ask("a")
    ask("a")
    assert asked == ["a"] * 4


def test_a_change_is_seen() -> None:
    asked, ask = counting()
    with once.remembering():
        ask("a")
        once.forget()
        ask("a")
    once.forget()  # where no page is drawn there is nothing to forget
    assert asked == ["a", "a"]


def test_two_pages_at_the_same_time_share_nothing() -> None:
    asked, ask = counting()
    with once.remembering():
        ask("a")
        other = threading.Thread(target=ask, args=("a",))
        other.start()
        other.join()
    assert asked == ["a", "a"]


def test_what_failed_is_not_remembered() -> None:
    tries: list[int] = []

    @once.once
    def fail() -> int:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError
        return 7

    with once.remembering():
        with contextlib.suppress(ValueError):
            fail()
        assert fail() == 7
