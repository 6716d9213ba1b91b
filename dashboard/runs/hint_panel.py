"""The hints on a run: the most useful one in full with its buttons, the others folded."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.hints.rules import Hint
from core.runs.run import Run
from dashboard.language import _
from dashboard.language.joining import bulleted
from dashboard.runs import trying
from dashboard.runs.hint_words import told


def show(run: Run, found: Sequence[Hint], *, with_verdict: bool = True) -> None:
    """What came of a hint that the run tries, and what is to be said of itself."""
    if with_verdict and (verdict := trying.verdict(run)):
        st.info(verdict, icon=":material/science:")
    if not found:
        return
    first, alike = found[0], [hint for hint in found[1:] if hint.rule.symptom is found[0].rule.symptom]
    _sentence(run, first)
    _buttons(run, [first, *alike])
    rest = [told(hint, run.settings) for hint in found[1:] if hint not in alike]
    if rest:
        st.caption(bulleted(rest))


def _sentence(run: Run, hint: Hint) -> None:
    if hint.rule.kind == "trouble":
        st.error(told(hint, run.settings), icon=":material/warning:")
    elif hint.rule.kind == "advice":
        st.warning(told(hint, run.settings), icon=":material/lightbulb:")
    else:
        st.markdown(told(hint, run.settings))


def _buttons(run: Run, found: Sequence[Hint]) -> None:
    """The first is the one to press where something should change."""
    offers = [hint for hint in found if hint.remedy is not None]
    if not offers:
        return
    with st.container(key="tries", horizontal=True, gap="small"):
        for place, hint in enumerate(offers):
            trying.offer(run, hint, f"try-{hint.code}", primary=place == 0 and hint.is_alarm)
    if len(offers) > 1:
        st.caption(_("Each of these changes one thing. Which helps most? Try them, and compare."))
