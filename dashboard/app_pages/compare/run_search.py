"""Which runs the table lists: found by words, or by what a learner wants to see at all."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

import streamlit as st

from core.limits import LONGEST_SEARCH
from core.runs.run import Run
from core.settings import PARAMETERS
from dashboard.browser.pager import first_of_page, pager
from dashboard.language import _, names
from dashboard.language.run_names import run_name
from dashboard.runs.groups import is_one_of_many
from dashboard.runs.wording import status_name


@dataclass(frozen=True)
class Wanted:
    """What a learner wants to have listed: words to be found, runs started with others, hidden ones."""

    words: str
    many: bool
    hidden: bool


PAGE_SIZE = 50
"""Runs in the table at once; a longer table would make every click on the page wait for it."""
PAGE = "compare-page"


@dataclass(frozen=True)
class Listed:
    """The runs that fit what is wanted, and those of them on the open page, the first of which is ``first``.

    What is on the chart is always among ``shown``.
    """

    fitting: list[Run]
    shown: list[Run]
    first: int
    wanted: Wanted


def listed(runs: Sequence[Run], chosen: Container[str]) -> Listed:
    """The runs to list, with the controls that decide it."""
    wanted = _choose(runs)
    fitting = [run for run in runs if run.id in chosen or _is_wanted(run, wanted)]
    first = first_of_page(PAGE, total=len(fitting), subject=wanted)
    shown = [
        run for place, run in enumerate(fitting) if first <= place < first + PAGE_SIZE or run.id in chosen
    ]
    return Listed(fitting, shown, first, wanted)


def turn_pages(found: Listed) -> None:
    """The buttons that turn to older runs, where there are more than a page of them."""
    if len(found.fitting) > PAGE_SIZE:
        pager(PAGE, first=found.first, total=len(found.fitting), size=PAGE_SIZE, subject=found.wanted)


def _choose(runs: Sequence[Run]) -> Wanted:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        words = st.text_input(
            _("Search"),
            placeholder=_("Search names, notes, settings"),
            label_visibility="collapsed",
            icon=":material/search:",
            max_chars=LONGEST_SEARCH,
            key="compare-search",
            persist_state="session",
            width=340,
        )
        many = any(map(is_one_of_many, runs)) and st.toggle(
            _("Sweeps and repeats too"),
            all(map(is_one_of_many, runs)),
            key="compare-many",
            persist_state="session",
        )
        hidden = any(run.hidden for run in runs) and st.toggle(
            _("Hidden runs too"), key="compare-hidden", persist_state="session"
        )
    return Wanted(words[:LONGEST_SEARCH], many, hidden)


def _is_wanted(run: Run, wanted: Wanted) -> bool:
    if run.hidden and not wanted.hidden:
        return False
    if is_one_of_many(run) and not wanted.many and not wanted.words:
        return False
    return fits(run, wanted.words)


def fits(run: Run, words: str) -> bool:
    """Whether every word occurs in the run's name, note, state, origin or settings."""
    if not words:
        return True
    settings = [names.value(name, value) for name, value in _all_settings(run)]
    texts = [run_name(run), run.note, status_name(run.status), origin(run), *settings]
    return all(any(word in text.casefold() for text in texts) for word in words.casefold().split())


def _all_settings(run: Run) -> list[tuple[str, object]]:
    return [(parameter.name, parameter.get(run.settings)) for parameter in PARAMETERS]


def origin(run: Run) -> str:
    """What a run was started by, if not by Train."""
    if run.origin is None:
        return ""
    return {
        "sweep": _("sweep"),
        "rate": _("search for a rate"),
        "seeds": _("repeat"),
        "fair": _("fair comparison"),
        "duel": _("duel"),
        "branch": _("branch"),
        "hint": _("try of a hint"),
    }[run.origin.kind]
