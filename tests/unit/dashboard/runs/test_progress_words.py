from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.cluster.engine import EngineState
from core.record.store import Store
from core.runs.run import COMPILING
from core.settings import Settings
from dashboard.runs import progress_words

READY = EngineState(workers=1, problem=None)


@pytest.mark.parametrize("status", ["running", "stopping"])
def test_while_a_network_compiles_its_line_says_so_and_no_epoch(tmp_path: Path, status: str) -> None:
    store = Store(f"sqlite:///{(tmp_path / 'digits.sqlite').as_posix()}")
    run = replace(store.runs.get(store.runs.create("anna", Settings())), status=status, message=COMPILING)
    store.close()
    line = progress_words.line(run, READY, seconds_left=None)
    assert line == COMPILING.template
    trains = replace(run, message=None)
    assert "Epoch 1 of 10" in progress_words.line(trains, READY, seconds_left=None)
    assert progress_words.stage(run, READY) != progress_words.stage(trains, READY)
