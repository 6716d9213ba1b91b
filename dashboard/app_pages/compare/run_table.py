"""All runs of this browser in one table: choose, star, rename, note, hide, open; sort and search."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.errors import LabError
from core.record.looks import Look
from core.record.runs import LONGEST_NAME, LONGEST_NOTE
from core.record.store import Store
from core.runs.run import Run
from core.study.comparison import differing
from dashboard.app_pages.compare import chosen_runs
from dashboard.app_pages.compare.chosen_runs import Chosen
from dashboard.frame import page, pages, resources, session
from dashboard.language import _, names
from dashboard.language.run_names import run_name
from dashboard.runs.wording import status_name

KEPT = ("name", "note", "starred", "hidden")
"""Columns that change how a run is kept."""
DASHES = {
    "solid": "━━━━",
    "dash": "━ ━ ━",
    "dot": "• • • •",
    "dashdot": "━ • ━",
    "longdash": "━━ ━━",
    "longdashdot": "━━ •",
}
OPEN = "compare-open"
ROW = 35
MOST_ROWS = 8

Edits = dict[str, dict[str, Any]]
"""Run → column → what the learner put there."""


def show(runs: Sequence[Run], chosen: Sequence[Chosen]) -> None:
    """The table, with what filters it. Reruns the page after an edit."""
    shown = _filter(runs, {one.run.id for one in chosen})
    if not shown:
        page.empty(_("No run fits. Search for something else, or switch on what is left out."))
        return
    before = table(shown, chosen, resources.store().looks.of_learner(session.learner()))
    # Rows are told by their place: other rows are another table.
    rows = hashlib.sha256(" ".join(run.id for run in shown).encode()).hexdigest()[:12]
    key = f"compare-runs-{rows}-{session.kept('compare-edition', 0)}"
    edited = st.data_editor(
        _painted(before, chosen),
        key=key,
        hide_index=True,
        height=ROW * (min(len(shown), MOST_ROWS) + 1) + 3,
        column_config=_columns(before, shown),
        disabled=[name for name in before.columns if name not in ("chosen", *KEPT)],
        placeholder="",
        alt=_("Your runs"),
    )
    row = session.clicked_row(OPEN)
    if row is not None and row < len(shown):
        session.open_run(shown[row].id)
        st.switch_page(pages.file("train"))
    edits = fresh_edits(before, edited, session.kept(key))
    session.keep(key, edited)
    if edits:
        _take_over(edits, runs)


def _take_over(edits: Edits, runs: Sequence[Run]) -> None:
    try:
        apply(edits, runs, resources.store())
    except LabError as error:
        page.problem(error)
        session.keep("compare-edition", session.kept("compare-edition", 0) + 1)  # an editor without it
    else:
        st.rerun()


def _filter(runs: Sequence[Run], chosen: Container[str]) -> list[Run]:
    """The runs to list: what is on the chart always is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        words = st.text_input(
            _("Search"),
            placeholder=_("Search names, notes, settings"),
            label_visibility="collapsed",
            icon=":material/search:",
            key="compare-search",
            persist_state="session",
            width=340,
        )
        many = any(map(chosen_runs.is_one_of_many, runs)) and st.toggle(
            _("Sweeps and repeats too"),
            all(map(chosen_runs.is_one_of_many, runs)),
            key="compare-many",
            persist_state="session",
        )
        hidden = any(run.hidden for run in runs) and st.toggle(
            _("Hidden runs too"), key="compare-hidden", persist_state="session"
        )

    def is_listed(run: Run) -> bool:
        is_kept_out = (run.hidden and not hidden) or (
            chosen_runs.is_one_of_many(run) and not many and not words
        )
        return run.id in chosen or (not is_kept_out and fits(run, words))

    return [run for run in runs if is_listed(run)]


def fits(run: Run, words: str) -> bool:
    """Whether every word occurs in the run's name, note, state, origin or settings."""
    if not words:
        return True
    settings = [names.value(name, value) for name, value in _all_settings(run).items()]
    texts = [run_name(run), run.note, status_name(run.status), _origin(run), *settings]
    return all(any(word in text.casefold() for text in texts) for word in words.casefold().split())


def _all_settings(run: Run) -> dict[str, Any]:
    parts = (run.settings.data, run.settings.network, run.settings.training)
    return {name: value for part in parts for name, value in vars(part).items()}


def _origin(run: Run) -> str:
    """What a run was started by, if not by Train."""
    if run.origin is None:
        return ""
    return {
        "sweep": _("sweep"),
        "rate": _("search for a rate"),
        "seeds": _("repeat"),
        "fair": _("fair comparison"),
        "duel": _("duel"),
    }[run.origin.kind]


def table(runs: Sequence[Run], chosen: Sequence[Chosen], looks: Mapping[str, Sequence[Look]]) -> pd.DataFrame:
    """A row for each run; the settings in which these runs differ have a column each.

    Args:
        looks: run → looks at the test set with it, first one first.
    """
    lines = {one.run.id: one.line for one in chosen}
    frame = pd.DataFrame(
        {
            "chosen": [run.id in lines for run in runs],
            "line": [DASHES[lines[run.id].dash] if run.id in lines else "" for run in runs],
            "starred": [run.starred for run in runs],
            "name": [run_name(run) for run in runs],
            "best": [_percent(run.best_val_accuracy) for run in runs],
            "test": [_percent(_test_accuracy(looks.get(run.id, ()))) for run in runs],
            "epochs": [run.epochs_done for run in runs],
            "seconds": [run.seconds for run in runs],
            "state": [status_name(run.status) for run in runs],
            "open": [":material/open_in_new:" for run in runs],
            "note": [run.note for run in runs],
            "origin": [_origin(run) for run in runs],
            "hidden": [run.hidden for run in runs],
        },
        index=pd.Index([run.id for run in runs]),
    )
    for name, values in differing([run.settings for run in runs]).items():
        is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        frame[name] = values if is_number else [names.value(name, value) for value in values]
    empty = [name for name in ("test", "origin") if not frame[name].replace("", None).notna().any()]
    return frame.drop(columns=empty)


def _percent(share: float | None) -> float:
    return float("nan") if share is None else 100 * share


def _test_accuracy(looks: Sequence[Look]) -> float | None:
    """What the last look at the test set saw."""
    return looks[-1].evaluation.get("accuracy") if looks else None


def _painted(frame: pd.DataFrame, chosen: Sequence[Chosen]) -> Styler:
    """The table with each chosen run's mark in its colour."""
    colors = {one.run.id: f"color: {one.line.color}; font-weight: bold" for one in chosen}

    def paint(marks: pd.Series) -> list[str]:
        return [colors.get(run_id, "") for run_id in marks.index]

    return frame.style.apply(paint, subset=["line"])


def _columns(frame: pd.DataFrame, runs: Sequence[Run]) -> Mapping[str, Any]:
    config = st.column_config
    return {
        "chosen": config.CheckboxColumn(_("Compare"), pinned=True, help=_("Put the run on the chart.")),
        "line": config.TextColumn("", width=58, pinned=True, help=_("The run's line on the chart.")),
        "starred": config.CheckboxColumn("★", width=44, help=_("A star for what you want to find again.")),
        "name": config.TextColumn(
            _("Run"), width=250, max_chars=LONGEST_NAME, help=_("Type to rename. Empty brings the old name.")
        ),
        "best": config.NumberColumn(
            _("Validation"), format="%.2f%%", help=_("The best accuracy after any epoch.")
        ),
        "test": config.NumberColumn(_("Test"), format="%.2f%%", help=_("Only where you opened it.")),
        "epochs": config.NumberColumn(_("Epochs")),
        "seconds": config.NumberColumn(_("Seconds"), format="%.1f"),
        "state": _("State"),
        "open": config.ButtonColumn(_("Open"), type="tertiary", key=OPEN),
        "note": config.TextColumn(_("Note"), width=180, max_chars=LONGEST_NOTE),
        "origin": _("Started by"),
        "hidden": config.CheckboxColumn(_("Hide"), help=_("Off the list; nothing is deleted.")),
        **{name: names.setting(name) for name in frame.columns if name in _all_settings(runs[0])},
    }


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
    """Keep what was edited, checked by the store. Only this browser's own runs can be meant.

    Raises TooManyChosen, InvalidRecord.
    """
    mine = {run.id for run in runs}
    for run_id, columns in edits.items():
        kept = {name: _checked(name, value) for name, value in columns.items() if name in KEPT}
        if kept and run_id in mine:
            store.runs.change(run_id, **kept)
    choices = {run_id: bool(columns["chosen"]) for run_id, columns in edits.items() if "chosen" in columns}
    choices |= {run_id: False for run_id, columns in edits.items() if columns.get("hidden")}
    if choices.keys() & mine:
        chosen_runs.choose(runs, {run_id: choices[run_id] for run_id in choices.keys() & mine})


def _checked(name: str, value: Any) -> Any:
    """What a cell may hold; one that was emptied holds None."""
    return bool(value) if name in ("starred", "hidden") else str(value or "")
