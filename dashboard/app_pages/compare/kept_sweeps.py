"""A learner's sweeps: what they ask for is kept in the store, what answers them is among the runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from core.errors import LabError
from core.settings import Settings
from core.study.comparison import group
from core.study.sweep import Sweep
from dashboard.frame import resources, session
from dashboard.runs import starting

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


def start(sweep: Sweep, new: Sequence[Settings]) -> None:
    """Keep what the sweep asks for and train what is missing."""
    written = [one.to_json() for one in kept() if one != sweep]
    content = json.dumps([sweep.to_json(), *written][:MOST_KEPT])
    resources.store().documents.save(session.learner(), KIND, content)
    started = starting.submit(new, group("sweep", sweep.base))
    if len(started) == len(new):
        st.rerun()
