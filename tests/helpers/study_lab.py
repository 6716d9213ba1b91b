"""Runs without a store, for tests of what is concluded from them."""

from __future__ import annotations

from datetime import UTC, datetime

from core.runs.run import Run
from core.settings import Settings


def run_of(
    settings: Settings, *, status: str = "finished", done: int | None = None, run_id: str = "r"
) -> Run:
    """A run of this experiment, by default finished, without a curve."""
    epochs = settings.training.epochs
    return Run(
        id=run_id,
        learner="learner",
        trajectory=f"trajectory of {run_id}",
        name="name",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        settings=settings,
        epochs=epochs,
        status=status,
        message=None,
        step=0,
        steps_per_epoch=10,
        epochs_done=epochs if done is None else done,
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
