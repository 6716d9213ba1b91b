"""One embedded cluster for all tests of this folder: TensorFlow takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from worker_lab import LONG, Lab, wait_for

from core.cluster.engine import Engine
from core.record.store import Store


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('lab')}/digits.sqlite")
    with Engine(store, workers=2) as engine:
        wait_for(lambda: engine.state().workers == 2, "a warm cluster")
        yield Lab(store, engine)
    store.close()


@pytest.fixture(scope="session")
def undisturbed(lab: Lab) -> Any:
    """A run of ``LONG`` that nobody disturbed."""
    return lab.train(LONG)
