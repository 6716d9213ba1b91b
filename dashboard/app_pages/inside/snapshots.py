"""The looks inside that were recorded while a run trained; one of them is chosen by its epoch."""

from __future__ import annotations

import streamlit as st

from core.record.store import Store
from core.runs.progress import Snapshot
from core.runs.run import Run
from dashboard.frame import page
from dashboard.language import _, numbers


def choose(run: Run, store: Store, key: str) -> Snapshot | None:
    """A slider over the recorded epochs; None, and why, while there is nothing to see."""
    steps = store.curves.snapshot_steps(run.id)
    snapshot = store.curves.snapshot(run.id, _choose_step(run, steps, key)) if steps else None
    if snapshot is None:  # not recorded yet; or gone since, because the run began anew
        page.empty(_("The first look inside is recorded when the run starts."))
    return snapshot


def _choose_step(run: Run, steps: list[int], key: str) -> int:
    if len(steps) == 1:
        return steps[0]
    return st.select_slider(
        _("After epoch"),
        steps,
        value=steps[-1],
        format_func=lambda step: numbers.epochs_text(step, run.steps_per_epoch),
        key=f"inside-{key}-{run.id}-{len(steps)}",
    )
