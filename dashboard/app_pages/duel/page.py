"""Depth duel: predict which network wins, run them side by side, and see why."""

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.study.duel import sides
from dashboard.app_pages.duel import race, set_up
from dashboard.frame import page, session
from dashboard.frame.folds import folded
from dashboard.language import _
from dashboard.runs import predictions, starting


def my_duels() -> dict[Origin, list[Run]]:
    """Duels of this learner, newest first: origin → its runs."""
    found: dict[Origin, list[Run]] = {}
    for run in starting.my_runs():
        if run.origin and run.origin.kind == "duel":
            found.setdefault(run.origin, []).append(run)
    return {origin: runs for origin, runs in found.items() if len(sides(runs)) > 1}


def choose(duels: dict[Origin, list[Run]]) -> Origin:
    """The duel just started, or one of the earlier ones."""
    newest = session.kept("duel")
    first = newest if newest in duels else next(iter(duels))
    if len(duels) == 1:
        return first
    return st.selectbox(
        _("Your duels"),
        list(duels),
        index=list(duels).index(first),
        format_func=lambda duel: predictions.rivals_told(predictions.names_of(sides(duels[duel]))),
        key=f"duel-{first}",
    )


page.header(
    _("Depth duel"), _("Networks with one difference. Predict which wins, then let them run side by side.")
)
mine = my_duels()
if mine:
    race.show(choose(mine))
    # Another key for each duel: once it is started, its form is folded away.
    folded(_("Another duel"), set_up.show, icon=":material/swords:", key=f"duel-another-{len(mine)}")
else:
    set_up.show()
page.onward("compare", _("On: compare your runs"))
