"""A learner's sweeps: what they ask for is kept in the store, what answers them is among the runs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.settings import Settings
from core.study.sweep import Sweep
from dashboard.frame import resources, session
from dashboard.runs import starting

KIND = "sweeps"
"""Under which the store keeps what a learner's sweeps ask for, the newest first."""
MOST_KEPT = 12


def kept() -> tuple[list[Sweep], int]:
    """The learner's sweeps, newest first; and how many more are kept that cannot be read any more."""
    text = resources.store().documents.get(session.learner(), KIND)
    return read(text) if text else ([], 0)


def read(text: str) -> tuple[list[Sweep], int]:
    """What ``start`` wrote: the sweeps, and how many cannot be read."""
    try:
        documents = json.loads(text)
    except ValueError:
        return [], 1
    if not isinstance(documents, list):
        return [], 1
    found = [sweep for sweep in map(_read_one, documents) if sweep is not None]
    return found, len(documents) - len(found)


def _read_one(document: object) -> Sweep | None:
    try:
        return Sweep.from_json(document) if isinstance(document, str) else None
    except LabError:
        return None


def start(sweep: Sweep, new: Sequence[Settings]) -> None:
    """Keep what the sweep asks for and train what is missing."""
    sweeps, _unreadable = kept()
    written = [one.to_json() for one in dict.fromkeys([sweep, *sweeps])]
    resources.store().documents.save(session.learner(), KIND, json.dumps(written[:MOST_KEPT]))
    started = starting.submit(new, Origin.of("sweep", sweep.base))
    if len(started) == len(new):
        st.rerun()
