"""One embedded cluster for all tests of this folder: TensorFlow takes seconds to start."""

import pytest

from core.cluster.engine import Engine
from core.record.store import Store
from tests.helpers.worker_lab import LONG, Lab, wait_for


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('lab')}/digits.sqlite")
    with Engine(store, workers=2) as engine:
        wait_for(lambda: engine.state().workers == 2, "a warm cluster")
        yield Lab(store, engine)
    store.close()


@pytest.fixture(scope="session")
def undisturbed(lab):
    """A run of ``LONG`` that nobody disturbed."""
    return lab.train(LONG)
