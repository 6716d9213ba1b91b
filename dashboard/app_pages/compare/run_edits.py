"""What a learner edits in the table of runs, and keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.record.store import Store
from core.runs.run import Run
from dashboard.frame import once, session
from dashboard.language.foreign import from_cell
from dashboard.runs import chosen_runs

KEPT = ("name", "note", "starred", "hidden")
"""Columns that change how a run is kept."""

Edits = dict[str, dict[str, Any]]
"""Run → column → what the learner put there."""


def fresh_edits(before: pd.DataFrame, edited: pd.DataFrame, last: pd.DataFrame | None) -> Edits:
    """What the learner has just changed.

    The editor gives back all its edits at every rerun. One that it gave back last time is no news: should
    the run have been changed elsewhere since, the older edit must not undo that.
    """
    edits: Edits = {}
    for name in ("chosen", *KEPT):
        for run_id, value in edited[name].items():
            is_news = last is None or last.at[run_id, name] != value
            if value != before.at[run_id, name] and is_news:
                edits.setdefault(str(run_id), {})[name] = value
    return edits


def apply(edits: Edits, runs: Sequence[Run], store: Store) -> None:
    """Keep what was edited, checked by the store.

    Raises TooManyChosen, InvalidRecord, NotYourRun.
    """
    mine = {run.id for run in runs}
    for run_id, columns in edits.items():
        kept = {name: _checked(name, value) for name, value in columns.items() if name in KEPT}
        if kept and run_id in mine:
            store.runs.change(run_id, learner=session.learner(), **kept)
            once.forget()
    choices = {run_id: bool(columns["chosen"]) for run_id, columns in edits.items() if "chosen" in columns}
    choices |= {run_id: False for run_id, columns in edits.items() if columns.get("hidden")}
    if choices.keys() & mine:
        chosen_runs.choose(runs, {run_id: choices[run_id] for run_id in choices.keys() & mine})


def _checked(name: str, value: Any) -> Any:
    """What a cell may hold; one that was emptied holds None."""
    return bool(value) if name in ("starred", "hidden") else from_cell(str(value or ""))
