"""More than a few runs at once: each as a line through its settings, and which setting mattered most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.runs.run import Run
from core.study.comparison import differing, family
from core.study.importance import importance
from dashboard.app_pages.compare.parallel_charts import Way, parallel
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, names, ngettext
from dashboard.language.joining import listed
from dashboard.look import style
from dashboard.runs import identities, importance_words
from dashboard.runs.figures import figure_after

Measured = tuple[Run, float]
LOW, HIGH = 320, 560
"""Screen pixels of the chart at least and at most."""
FEWEST = 6
"""Experiments from which on it is asked which of their settings mattered."""


def show(runs: Sequence[Run], epochs: int, *, key: str) -> None:
    """The runs that came so far; nothing for a few."""
    measured = _measured(runs, epochs)
    if len({family(run.settings) for run, _accuracy in measured}) < FEWEST:
        return
    st.header(_("Which setting mattered?"), anchor=False)
    _chart(measured, epochs, key)
    settings, accuracies = [run.settings for run, _accuracy in measured], [each[1] for each in measured]
    st.markdown(importance_words.mattered(importance(settings, accuracies)))
    diverged = sum(run.status == "diverged" and run.epochs_done < epochs for run, _accuracy in measured)
    if diverged:
        told = ngettext(
            "{count} run diverged; it counts as one that guesses.",
            "{count} runs diverged; they count as ones that guess.",
            diverged,
        )
        st.caption(told)
    with st.expander(_("How this is reckoned"), icon=":material/help:"):
        st.markdown(importance_words.method())


def _measured(runs: Sequence[Run], epochs: int) -> list[Measured]:
    """Each run with its accuracy after so many epochs; one that diverged before has a guesser's."""
    found = []
    for run in {run.id: run for run in runs}.values():
        accuracy = figure_after(run, epochs)
        if accuracy is None and run.status == "diverged":
            accuracy = resources.guessing(run.settings).accuracy
        if accuracy is not None:
            found.append((run, accuracy))
    return found


def _chart(measured: Sequence[Measured], epochs: int, key: str) -> None:
    differs = differing([family(run.settings) for run, _accuracy in measured])
    known = identities.of_learner(measured[0][0].learner)
    values = {name: _ordered(found) for name, found in differs.items()}
    ways = [
        Way(
            known[run.id].name,
            known[run.id].line,
            [values[name].index(found[place]) for name, found in differs.items()],
            accuracy,
        )
        for place, (run, accuracy) in enumerate(measured)
    ]
    axes = [(names.setting(name), [names.value(name, value) for value in values[name]]) for name in differs]
    best, accuracy = max(measured, key=lambda each: each[1])
    told = _(
        "{count} runs as lines through {settings} to their accuracy after epoch {epoch}; best: {name}, "
        "{accuracy:.2%}"
    ).format(
        count=len(measured),
        settings=listed(map(names.setting_within, differs)),
        epoch=epochs,
        name=known[best.id].name,
        accuracy=accuracy,
    )
    most = max((len(found) for found in values.values()), default=0)
    live_chart(
        parallel(axes, ways),
        key=f"{key}-parallel",
        height=min(HIGH, max(LOW, style.rows_height(most, row=36, frame=64))),
        alt=told,
    )


def _ordered(found: Sequence[Any]) -> list[Any]:
    """The different values of a setting: numbers by size, others as they came."""
    different = list(dict.fromkeys(found))
    are_numbers = all(isinstance(value, int | float) for value in different)
    return sorted(different) if are_numbers else different
