"""What all sessions share belongs to the server's process: made once, or kept within a bound of memory.

Streamlit's own caches do not do: any browser may send a message that empties them for everybody, and they
count entries, however large, while a client names as many as it likes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

T = TypeVar("T")
P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)

MEGABYTE = 2**20
ENTRY = 1_000
"""Bytes that an entry takes beside its value, about: its key, and the cache's own record of it."""


class Once(Generic[T]):
    """Makes a thing at the first call and gives the same one ever after; a failed try is made again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """The thing. Raises what making it raises; threads that ask meanwhile wait for the one that makes."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    def made(self) -> T | None:
        """The thing if it was made, else None; waits for nobody who is just making it."""
        return self._made[0] if self._made else None


class Shared(Protocol[P, R_co]):
    """A function whose results are kept."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """The kept result, or a new one."""

    def cache_clear(self) -> None:
        """Forget all results."""


def shared(
    megabytes: float, *, size: Callable[[Any], float], key: Callable[..., Hashable] = hashkey
) -> Callable[[Callable[P, T]], Shared[P, T]]:
    """Keep a function's results for all sessions, those asked for last, in at most so much memory.

    A result larger than that is not kept. Threads that ask for the same at the same time compute it once.

    Args:
        size: bytes of a result, as large as it may become.
        key: what tells calls apart, made of their arguments.
    """

    def keep(function: Callable[P, T]) -> Shared[P, T]:
        kept: LRUCache[Any, T] = LRUCache(megabytes * MEGABYTE, getsizeof=lambda result: ENTRY + size(result))
        remembered = cached(kept, key=key, condition=threading.Condition())(function)
        return cast(Shared[P, T], wraps(function)(remembered))

    return keep
