"""Which runs stand side by side: chosen by the learner, kept in the store, each with a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import streamlit as st

from core.errors import N_, LabError, shown
from core.runs.run import Run
from core.study.comparison import MOST_RUNS
from dashboard.frame import page, resources, session
from dashboard.language import ngettext
from dashboard.look import style

KIND = "compare"
"""Under which the store keeps the choice of a learner: {run: number of its line}, in the order of choice."""
AT_FIRST = 2


class TooManyChosen(LabError):
    """More runs are chosen than can be told apart."""


class UnreadableChoice(LabError):
    """What was kept as the choice of runs is none."""


@dataclass(frozen=True)
class Chosen:
    """A run on the chart, and its line."""

    run: Run
    line: style.Line


def chosen(runs: Sequence[Run]) -> list[Chosen]:
    """The chosen ones of these runs, in the order of choice; at first the newest that have a curve.

    A kept choice that cannot be read is said, and replaced by that first choice.
    """
    by_id = {run.id: run for run in runs}
    return [
        Chosen(by_id[run_id], style.RUN_COLORS[slot])
        for run_id, slot in _slots(runs).items()
        if run_id in by_id
    ]


def choose(runs: Sequence[Run], changes: Mapping[str, bool]) -> None:
    """Put runs on the chart (True) or take them away. A run keeps its line while it is chosen.

    Raises TooManyChosen; then nothing is changed.
    """
    slots = {run_id: slot for run_id, slot in _slots(runs).items() if changes.get(run_id, True)}
    for run_id in changes:
        if changes[run_id] and run_id not in slots:
            if len(slots) == MOST_RUNS:
                raise TooManyChosen(
                    N_("{limit} runs are on the chart, as many as can be told apart. Take one away first."),
                    limit=MOST_RUNS,
                )
            slots[run_id] = min(set(range(MOST_RUNS)) - set(slots.values()))
    _keep(slots)


def add(runs: Sequence[Run], run_ids: Iterable[str]) -> list[str]:
    """Put as many of these runs on the chart as there is room for; return those there was none for."""
    left_out = []
    for run_id in run_ids:
        try:
            choose(runs, {run_id: True})
        except TooManyChosen:
            left_out.append(run_id)
    return left_out


def only(runs: Sequence[Run], run_ids: Sequence[str]) -> None:
    """Put these runs on the chart instead of those that are there. Raises TooManyChosen."""
    choose(runs, dict.fromkeys(_slots(runs), False) | dict.fromkeys(run_ids, True))


def say_left_out(left_out: Sequence[str]) -> None:
    """Say that ``add`` could not place these runs, in a note that outlives a rerun of the page."""
    if left_out:
        told = ngettext(
            "{count} run is not on the chart: {limit} are, as many as can be told apart. Take one away "
            "first.",
            "{count} runs are not on the chart: {limit} are, as many as can be told apart. Take some away "
            "first.",
            len(left_out),
        )
        st.toast(told.format(limit=MOST_RUNS), icon=":material/warning:")


def is_one_of_many(run: Run) -> bool:
    """Whether a run was started with others, by a sweep, a search for a rate, or as a repeat."""
    return run.origin is not None and run.origin.is_one_of_many


def _slots(runs: Sequence[Run]) -> dict[str, int]:
    text = resources.store().documents.get(session.learner(), KIND)
    if text is None:
        return _first_choice(runs)
    try:
        return read_choice(text)
    except UnreadableChoice as error:
        page.problem(error)
        slots = _first_choice(runs)
        _keep(slots)  # so that it is said once
        return slots


def _first_choice(runs: Sequence[Run]) -> dict[str, int]:
    own = [run for run in runs if run.step and not run.hidden and not is_one_of_many(run)]
    # The older one first: so the two of a duel have the same lines here as there.
    return {run.id: slot for slot, run in enumerate(reversed(own[:AT_FIRST]))}


def _keep(slots: Mapping[str, int]) -> None:
    resources.store().documents.save(session.learner(), KIND, json.dumps(slots))


def read_choice(text: str) -> dict[str, int]:
    """Run → number of its line, 0 to ``MOST_RUNS`` − 1, each once, from what was kept as JSON.

    Raises UnreadableChoice.
    """
    try:
        slots = json.loads(text)
    except ValueError:
        slots = None
    if not _is_choice(slots):
        raise UnreadableChoice(
            N_(
                "Your choice of runs was kept as {text}, which cannot be read. It begins anew: tick runs in "
                "the table."
            ),
            text=shown(text),
        )
    return dict(slots)


def _is_choice(slots: object) -> TypeGuard[dict[str, int]]:
    if not isinstance(slots, dict) or not all(type(slot) is int for slot in slots.values()):
        return False
    numbers = set(slots.values())
    return len(numbers) == len(slots) and numbers <= set(range(MOST_RUNS))
