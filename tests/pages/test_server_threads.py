"""What the server sets up once for all pages."""

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from page_lab import Lab
from threadpoolctl import threadpool_info, threadpool_limits

from dashboard import server


def test_pages_multiply_in_one_thread(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "set_aside", lambda: None)  # not for the tests' own process
    np.ones((2, 2)) @ np.ones((2, 2))

    async def threads() -> set[int]:
        async with server.lifespan(None):
            return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    # In a thread of its own: browser tests leave a running loop in this one.
    with threadpool_limits(2, user_api="blas"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(threads())).result() == {1}


def test_what_is_set_aside_is_still_freed_when_nobody_needs_it() -> None:
    class Node:
        def __init__(self) -> None:
            self.itself = self

    node = Node()
    gone = weakref.ref(node)
    try:
        server.set_aside()
        assert gc.get_freeze_count() > 1000
        del node
        gc.collect()
        assert gone() is not None  # kept out of this collection
        server.set_aside()
        assert gone() is None
    finally:
        gc.unfreeze()
