"""Depth duel: predict which network wins, run them side by side, and see why."""

import streamlit as st

from core.runs.run import Run
from core.study.duel import GROUP, sides
from dashboard.app_pages.duel import race, set_up
from dashboard.frame import page, session
from dashboard.language import _
from dashboard.runs import predictions, starting


def my_duels() -> dict[str, list[Run]]:
    """Duels of this learner, newest first: group → its runs."""
    found: dict[str, list[Run]] = {}
    for run in starting.my_runs():
        if run.group and run.group.startswith(GROUP):
            found.setdefault(run.group, []).append(run)
    return {group: runs for group, runs in found.items() if len(sides(runs)) > 1}


def choose(duels: dict[str, list[Run]]) -> str:
    """The duel just started, or one of the earlier ones."""
    newest = session.kept("duel")
    first = newest if newest in duels else next(iter(duels))
    if len(duels) == 1:
        return first
    return st.selectbox(
        _("Your duels"),
        list(duels),
        index=list(duels).index(first),
        format_func=lambda group: predictions.rivals_told(predictions.names_of(sides(duels[group]))),
        key=f"duel-{first}",
    )


page.header(
    _("Depth duel"), _("Networks with one difference. Predict which wins, then let them run side by side.")
)
set_up.show()
mine = my_duels()
if mine:
    st.divider()
    race.show(choose(mine))
