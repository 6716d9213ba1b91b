"""What the server sets up once for all pages."""

import gc
import weakref

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from dashboard import server


def test_pages_multiply_in_one_thread() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2, user_api="blas"):
        server.multiply_in_one_thread()
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


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
