"""One script of a page at a time.

Python runs one thread at a time in any case. Where many scripts share it by the millisecond, each of them
ends about when the last one does, and giving up and taking back takes as long as the pages themselves. One
after the other, in the order of coming, the first ends first and the last one no later.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0
"""Seconds after which a script begins though another one has not ended: it may wait for a locked database."""

_turn = threading.Semaphore()


class _Here(threading.local):
    is_inside = False
    has_turn = False


_here = _Here()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn, and pass it on at the end. A part of a page that has it need not wait again."""
    if _here.is_inside:
        yield
        return
    _here.is_inside, _here.has_turn = True, _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        pass_on()
        _here.is_inside = False


def pass_on() -> None:
    """Let the next one begin, before waiting for anything but a processor; nothing where there is no turn.

    What follows needs no turn: else two could wait for each other.
    """
    if _here.has_turn:
        _here.has_turn = False
        _turn.release()
