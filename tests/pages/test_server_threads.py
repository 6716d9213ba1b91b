"""What the server sets up once for all pages."""

import asyncio

import numpy as np
import pytest
from page_lab import Lab
from threadpoolctl import threadpool_info, threadpool_limits

from dashboard import server


def test_pages_multiply_in_one_thread(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gc.freeze", lambda: None)  # not for the tests' own process
    np.ones((2, 2)) @ np.ones((2, 2))

    async def threads() -> set[int]:
        async with server.lifespan(None):
            return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    with threadpool_limits(2, user_api="blas"):
        assert asyncio.run(threads()) == {1}
