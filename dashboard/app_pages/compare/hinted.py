"""Hints on the chosen runs: which of them should change first, and whether two can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from core.hints.elsewhere import PairSeen
from core.hints.rules import hints
from core.runs.run import Run
from core.study.comparison import is_measured_alike
from dashboard.language import _
from dashboard.language.foreign import literal
from dashboard.language.joining import bulleted
from dashboard.runs.hint_words import told
from dashboard.runs.hints_of import hints_of
from dashboard.runs.identities import identity

FEW = 4
"""Runs whose hints still find room."""


def show(runs: Sequence[Run]) -> None:
    """What should change about each of a few runs, and of two that stand alone whether luck parts them."""
    if len(runs) > FEW:
        return
    if said := [*_of_each(runs), *_of_two(runs)]:
        st.caption(bulleted(said))


def _of_each(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs:
        for hint in hints_of(run)[:1]:
            if hint.is_alarm:
                yield _("{name}: {hint}").format(
                    name=literal(identity(run).name), hint=told(hint, run.settings)
                )


def _of_two(runs: Sequence[Run]) -> Iterator[str]:
    if len(runs) != 2:
        return
    first, second = runs
    both = [first.settings, second.settings]
    if first.val_accuracy is None or second.val_accuracy is None or not is_measured_alike(both):
        return
    pair = PairSeen(first.val_accuracy, second.val_accuracy, first.settings.data.validation)
    yield from map(told, hints(pair))
