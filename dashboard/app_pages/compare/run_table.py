"""All runs of this browser in one table: choose, star, rename, note, hide, open; sort."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.errors import LabError
from core.limits import LONGEST_NAME, LONGEST_NOTE
from core.record.looks import Look
from core.runs.run import Run
from core.study.comparison import differing
from dashboard.app_pages.compare import run_search
from dashboard.app_pages.compare.run_edits import KEPT, Edits, apply, fresh_edits
from dashboard.frame import page, pages, resources, session
from dashboard.language import _, names
from dashboard.language.foreign import in_cell
from dashboard.look import style
from dashboard.runs import identities, swatches
from dashboard.runs.wording import status_name

OPEN = "compare-open"
LAST = "compare-edited"
"""Under which is kept which editor spoke last and what it gave back: one table, however many were shown."""
ROW, EDGE = 35, 3
"""Screen pixels of a row, the head too, and of the frame around all of them."""
MOST_ROWS = 8
SETTING = "setting "
"""Begins the name of a setting's column: "hidden" alone is whether a run is off the list."""


def show(runs: Sequence[Run], chosen: Sequence[Run]) -> None:
    """The table, with what filters it. Reruns the page after an edit."""
    found = run_search.listed(runs, {run.id for run in chosen})
    shown = found.shown
    if not shown:
        page.empty(_("No run fits. Search for something else, or switch on what is left out."))
        return
    before = table(shown, chosen, resources.store().looks.of_learner(session.learner()))
    # Rows are told by their place: other rows are another table.
    rows = hashlib.sha256(" ".join(run.id for run in shown).encode()).hexdigest()[:12]
    key = f"compare-runs-{rows}-{session.kept('compare-edition', 0)}"
    edited = st.data_editor(
        swatches.painted(before, "line", identities.of_learner(session.learner())),
        key=key,
        hide_index=True,
        height=style.rows_height(min(len(shown), MOST_ROWS) + 1, row=ROW, frame=EDGE),
        column_config=_columns(before),
        disabled=[name for name in before.columns if name not in ("chosen", *KEPT)],
        placeholder="",
        alt=_("Your runs"),
    )
    run_search.turn_pages(found)
    row = session.clicked_row(OPEN)
    if row is not None and row < len(shown):
        session.open_run(shown[row].id)
        st.switch_page(pages.file("train"))
    told_by, last = session.kept(LAST, ("", None))
    edits = fresh_edits(before, edited, last if told_by == key else None)
    session.keep(LAST, (key, edited))
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


def table(runs: Sequence[Run], chosen: Sequence[Run], looks: Mapping[str, Sequence[Look]]) -> pd.DataFrame:
    """A row for each run; the settings in which these runs differ have a column each.

    Args:
        looks: run → looks at the test set with it, first one first.
    """
    known = identities.of_learner(runs[0].learner) if runs else {}
    on_chart = {run.id for run in chosen}
    frame = pd.DataFrame(
        {
            "chosen": [run.id in on_chart for run in runs],
            "line": [swatches.SIGNS[known[run.id].line.dash] for run in runs],
            "starred": [run.starred for run in runs],
            "name": [in_cell(known[run.id].name) for run in runs],
            "val_accuracy": [_percent(run.val_accuracy) for run in runs],
            "test": [_percent(_test_accuracy(looks.get(run.id, ()))) for run in runs],
            "epochs": [run.epochs_done for run in runs],
            "seconds": [run.seconds for run in runs],
            "state": [status_name(run.status) for run in runs],
            "open": [":material/open_in_new:" for run in runs],
            "note": [in_cell(run.note) for run in runs],
            "origin": [run_search.origin(run) for run in runs],
            "hidden": [run.hidden for run in runs],
        },
        index=pd.Index([run.id for run in runs]),
    )
    for name, values in differing([run.settings for run in runs]).items():
        is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        frame[f"{SETTING}{name}"] = values if is_number else [names.value(name, value) for value in values]
    empty = [name for name in ("test", "origin") if not frame[name].replace("", None).notna().any()]
    return frame.drop(columns=empty)


def _percent(share: float | None) -> float:
    return float("nan") if share is None else 100 * share


def _test_accuracy(looks: Sequence[Look]) -> float | None:
    """What the last look at the test set saw."""
    return looks[-1].evaluation.get("accuracy") if looks else None


def _columns(frame: pd.DataFrame) -> Mapping[str, Any]:
    config = st.column_config
    return {
        "chosen": config.CheckboxColumn(_("Compare"), pinned=True, help=_("Put the run on the chart.")),
        "line": config.TextColumn(_("Line"), width=58, pinned=True, help=_("The run's line on every chart.")),
        "starred": config.CheckboxColumn("★", width=44, help=_("A star for what you want to find again.")),
        "name": config.TextColumn(
            _("Run"), width=210, max_chars=LONGEST_NAME, help=_("Type to rename. Empty brings the old name.")
        ),
        "val_accuracy": config.NumberColumn(
            _("Validation"),
            format="%.2f%%",
            help=_("The accuracy on the validation images after the last whole epoch."),
        ),
        "test": config.NumberColumn(_("Test"), format="%.2f%%", help=_("Only where you opened it.")),
        "epochs": config.NumberColumn(_("Epochs")),
        "seconds": config.NumberColumn(_("Seconds"), format="%.1f"),
        "state": _("State"),
        "open": config.ButtonColumn(_("Open"), type="tertiary", key=OPEN),
        "note": config.TextColumn(_("Note"), width=100, max_chars=LONGEST_NOTE),
        "origin": _("Started by"),
        "hidden": config.CheckboxColumn(_("Hide"), help=_("Off the list; nothing is deleted.")),
        **{
            name: names.setting(name.removeprefix(SETTING))
            for name in frame.columns
            if name.startswith(SETTING)
        },
    }
