"""The lab that page tests open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_lab import Lab
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from core.cluster.engine import Engine
from core.errors import LabError
from core.record.store import Store
from dashboard import server
from dashboard.frame import resources


@pytest.fixture(autouse=True)
def _errors_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest knows no server: give it the server's word on an error. Whatever is no LabError stays one."""

    def on_script_error(error: Exception) -> bool:
        return isinstance(error, LabError) and server.on_script_error(error)

    class Runner(LocalScriptRunner):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._on_script_error = on_script_error

    monkeypatch.setattr("streamlit.testing.v1.app_test.LocalScriptRunner", Runner)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A fresh lab in a folder of its own; its engine is real but never started, so nothing trains."""
    store = Store(f"sqlite:///{tmp_path / 'lab.sqlite'}")
    monkeypatch.setattr(resources, "store", lambda: store)
    engine = Engine(store)
    monkeypatch.setattr(resources, "engine", lambda: engine)
    resources.trained_network.cache_clear()
    yield Lab(store)
    engine.close()
