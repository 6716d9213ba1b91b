"""A run for what shows runs."""

from dataclasses import replace

import pytest
from study_lab import run_of

from core.runs.run import Run
from core.settings import DEFAULT


@pytest.fixture
def a_run() -> Run:
    """A run of four epochs of ten steps that trains, one epoch done."""
    run = run_of(DEFAULT.change(train=320, epochs=4), status="running", done=1, run_id="run-1")
    return replace(run, learner="anna", name=None, step=10)
