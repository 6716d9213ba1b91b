"""Which runs stand side by side: chosen by the learner, kept in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

import streamlit as st

from core.errors import N_, LabError, shown
from core.runs.run import Run
from core.study.comparison import MOST_RUNS
from dashboard.frame import page, resources, session
from dashboard.language import ngettext
from dashboard.runs.groups import is_one_of_many

KIND = "compare"
"""Under which the store keeps the choice of a learner: run ids in the order of choice."""
AT_FIRST = 2


class TooManyChosen(LabError):
    """More runs are chosen than can be told apart."""


class UnreadableChoice(LabError):
    """What was kept as the choice of runs is none."""


def chosen(runs: Sequence[Run]) -> list[Run]:
    """The chosen ones of these runs, in the order of choice; at first the newest that have a curve.

    A kept choice that cannot be read is said, and replaced by that first choice.
    """
    by_id = {run.id: run for run in runs}
    return [by_id[run_id] for run_id in _choice(runs) if run_id in by_id]


def choose(runs: Sequence[Run], changes: Mapping[str, bool]) -> None:
    """Put runs on the chart (True) or take them away.

    Raises TooManyChosen; then nothing is changed.
    """
    kept = [run_id for run_id in _choice(runs) if changes.get(run_id, True)]
    wanted = [*kept, *(run_id for run_id in changes if changes[run_id] and run_id not in kept)]
    if len(wanted) > MOST_RUNS:
        raise TooManyChosen(
            N_("{limit} runs are on the chart, as many as can be told apart. Take one away first."),
            limit=MOST_RUNS,
        )
    _keep(wanted)


def add(runs: Sequence[Run], run_ids: Iterable[str]) -> list[str]:
    """Put as many of these runs on the chart as there is room for; return those there was none for."""
    left_out = []
    for run_id in run_ids:
        try:
            choose(runs, {run_id: True})
        except TooManyChosen:
            left_out.append(run_id)
    return left_out


def only(run_ids: Sequence[str]) -> list[str]:
    """Put these runs on the chart instead of those that are there; return those there was no room for."""
    _keep(run_ids[:MOST_RUNS])
    return list(run_ids[MOST_RUNS:])


def overlay(run_ids: Sequence[str]) -> None:
    """``only``, for a button: what there was no room for is said."""
    say_left_out(only(run_ids))


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


def _choice(runs: Sequence[Run]) -> list[str]:
    text = resources.store().documents.get(session.learner(), KIND)
    if text is None:
        return _first_choice(runs)
    try:
        return read_choice(text)
    except UnreadableChoice as error:
        page.problem(error)
        first = _first_choice(runs)
        _keep(first)  # so that it is said once
        return first


def _first_choice(runs: Sequence[Run]) -> list[str]:
    own = [run.id for run in runs if run.step and not run.hidden and not is_one_of_many(run)]
    return own[:AT_FIRST][::-1]  # the older one first


def _keep(run_ids: Sequence[str]) -> None:
    resources.store().documents.save(session.learner(), KIND, json.dumps(list(run_ids)))


def read_choice(text: str) -> list[str]:
    """The ids that were kept as JSON, each once, at most ``MOST_RUNS``.

    Before runs had a line of their own everywhere, they were kept as an object: run → number of its line.

    Raises UnreadableChoice.
    """
    try:
        kept = json.loads(text)
    except ValueError:
        kept = None
    if not _is_choice(kept):
        raise UnreadableChoice(
            N_(
                "Your choice of runs was kept as {text}, which cannot be read. It begins anew: tick runs in "
                "the table."
            ),
            text=shown(text),
        )
    return list(dict.fromkeys(kept))[:MOST_RUNS]


def _is_choice(kept: object) -> TypeGuard[list[str] | dict[str, object]]:
    return isinstance(kept, list | dict) and all(type(run_id) is str for run_id in kept)
