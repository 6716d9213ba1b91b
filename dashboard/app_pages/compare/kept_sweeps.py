"""A learner's sweeps: what they ask for is kept in the store, what answers them is among the runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.comparison import find_run
from core.study.sweep import Sweep
from dashboard.app_pages.compare import chosen_runs
from dashboard.frame import resources, session

KIND = "sweeps"
"""Under which the store keeps what a learner's sweeps ask for, the newest first."""
MOST_KEPT = 12


def kept() -> list[Sweep]:
    """The learner's sweeps, newest first; one that cannot be read any more is left out."""
    text = resources.store().documents.get(session.learner(), KIND)
    found = []
    for written in json.loads(text) if text else []:
        with suppress(LabError):
            found.append(Sweep.from_json(written))
    return found


def my_runs() -> list[Run]:
    """All runs of this learner, the hidden ones too."""
    return resources.store().runs.of(session.learner(), hidden=True)


def missing(sweep: Sweep, runs: Sequence[Run]) -> list[Settings]:
    """The experiments of a sweep that no run answers yet, each once."""
    cells, _refused = sweep.cells()
    return list(dict.fromkeys(cell for cell in cells.values() if find_run(cell, runs) is None))


def start(sweep: Sweep, new: Sequence[Settings]) -> None:
    """Keep what the sweep asks for and train what is missing."""
    written = [one.to_json() for one in kept() if one != sweep]
    content = json.dumps([sweep.to_json(), *written][:MOST_KEPT])
    resources.store().documents.save(session.learner(), KIND, content)
    started = chosen_runs.submit(new, Origin.of("sweep", sweep.base))
    if len(started) == len(new):
        st.rerun()
