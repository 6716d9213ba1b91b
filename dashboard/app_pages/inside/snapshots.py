"""The looks inside that were recorded while a run trained; one of them is chosen by its epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from core.runs.run import Run
from dashboard.frame import page
from dashboard.language import _, numbers

Look = TypeVar("Look")


def choose(run: Run, steps: Sequence[int], look: Callable[[str, int], Look | None], key: str) -> Look | None:
    """A slider over the recorded epochs; None, and why, while there is nothing to see.

    Args:
        steps: of which looks are kept, in order. look: reads one, from the run's id and a step.
    """
    chosen = look(run.id, _choose_step(run, steps, key)) if steps else None
    if chosen is None:  # not recorded yet; or gone since, because the run began anew or came further
        page.empty(_("The first look inside is recorded when the run starts."))
    return chosen


def _choose_step(run: Run, steps: Sequence[int], key: str) -> int:
    if len(steps) == 1:
        return steps[0]
    return st.select_slider(
        _("After epoch"),
        steps,
        value=steps[-1],
        format_func=lambda step: numbers.epochs_text(step, run.steps_per_epoch),
        key=f"inside-{key}-{run.id}-{len(steps)}-{steps[-1]}",
    )
