"""Scripts of pages take turns, and nobody waits for one that waits itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from dashboard.frame import turns
from dashboard.frame.turns import pass_on, turn


class Scripts:
    """Scripts of other sessions, each in a thread of its own."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def begin(self, name: str, then: Callable[[], object] = lambda: None) -> None:
        def script() -> None:
            with turn():
                self.order.append(name)
                then()

        self._threads.append(threading.Thread(target=script))
        self._threads[-1].start()
        time.sleep(0.02)  # it waits by now, if it must

    def end(self) -> None:
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()


@pytest.fixture
def scripts() -> Iterator[Scripts]:
    begun = Scripts()
    yield begun
    begun.end()
    assert turns._turn.acquire(blocking=False)  # it was passed on exactly as often as it was taken
    assert not turns._turn.acquire(blocking=False)
    turns._turn.release()


def test_one_script_after_the_other_in_the_order_of_coming(scripts: Scripts) -> None:
    with turn():
        scripts.begin("first")
        scripts.begin("second")
        assert scripts.order == []
    scripts.end()
    assert scripts.order == ["first", "second"]


def test_a_part_of_a_page_that_has_the_turn_need_not_wait(scripts: Scripts) -> None:
    with turn():
        with turn():
            scripts.begin("other")
        assert scripts.order == []


def test_who_waits_for_a_worker_lets_others_begin_and_needs_no_turn_again(scripts: Scripts) -> None:
    with turn():
        pass_on()
        pass_on()
        scripts.begin("other")
        assert scripts.order == ["other"]


def test_a_script_that_fails_passes_its_turn_on(scripts: Scripts) -> None:
    with pytest.raises(ValueError, match="broken"), turn():
        raise ValueError("broken")
    scripts.begin("other")
    assert scripts.order == ["other"]


def test_a_script_that_hangs_holds_nobody_up_for_ever(
    scripts: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with turn():
        scripts.begin("patient", lambda: time.sleep(0.2))
        time.sleep(0.1)
        assert scripts.order == ["patient"]
