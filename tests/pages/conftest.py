"""The lab that page tests open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_lab import Lab

from core.cluster.engine import Engine
from core.record.store import Store
from dashboard.frame import resources


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A fresh lab in a folder of its own; its engine is real but never started, so nothing trains."""
    store = Store(f"sqlite:///{tmp_path / 'lab.sqlite'}")
    monkeypatch.setattr(resources, "store", lambda: store)
    engine = Engine(store)
    monkeypatch.setattr(resources, "engine", lambda: engine)
    resources.network.clear()
    yield Lab(store)
    engine.close()
