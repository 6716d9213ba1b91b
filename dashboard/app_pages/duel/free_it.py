"""The next duel by one click: the side that was left behind against itself with one thing changed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.study.duel import Side, freeing
from core.study.verdict import Verdict
from dashboard.app_pages.duel.set_up import start
from dashboard.language import _, differences
from dashboard.runs import starting


def show(rivals: Sequence[Side], found: Verdict, short: Sequence[str]) -> None:
    """A button for each thing that may free the last side."""
    place = found.order[-1]
    stuck, seeds = rivals[place].settings, len(rivals[place].runs)
    is_full = 2 * seeds > starting.room(starting.my_runs())
    st.markdown(
        _("**Free it.** The next duel is {name} against the same with one thing changed:").format(
            name=short[place]
        )
    )
    with st.container(horizontal=True, gap="small"):
        for number, other in enumerate(freeing(stuck)):
            pressed = st.button(
                differences.changes(stuck, other),
                icon=":material/swords:",
                disabled=is_full,
                key=f"free-{number}",
            )
            if pressed:
                start((stuck, other), seeds, None)
    if is_full:
        st.caption(_("You may have no more runs waiting for now. Wait until some are done."))
