"""A run for what shows runs."""

from datetime import UTC, datetime

import pytest

from core.runs.run import Run
from core.settings import DEFAULT


@pytest.fixture
def a_run() -> Run:
    """A run of four epochs of ten steps that trains, one epoch done."""
    return Run(
        id="run-1",
        learner="anna",
        name=None,
        created=datetime(2026, 11, 26, tzinfo=UTC),
        settings=DEFAULT.change(train=320, epochs=4),
        epochs=4,
        status="running",
        message=None,
        step=10,
        steps_per_epoch=10,
        epochs_done=1,
        seconds=1.0,
        val_loss=None,
        val_accuracy=None,
        normalization=None,
        note="",
        starred=False,
        hidden=False,
        origin=None,
        position=None,
    )
