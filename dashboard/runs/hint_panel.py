"""The hints on a run: what to try for the most useful one, and the others in words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.hints.rules import Hint
from core.runs.run import Run
from dashboard.frame import pages, session
from dashboard.language import _
from dashboard.language.joining import bulleted
from dashboard.runs import trying
from dashboard.runs.hint_words import because, told


def show(run: Run, found: Sequence[Hint]) -> None:
    """What came of a hint that the run tries; what the first hint would change; and the other hints.

    The first one itself is told by the verdict, which moves while the run does.
    """
    if verdict := trying.verdict(run):
        st.info(verdict, icon=":material/science:")
    if found:
        alike = [hint for hint in found if hint.rule.symptom is found[0].rule.symptom]
        _buttons(run, alike)
        _others(run, [hint for hint in found if hint not in alike])


def _others(run: Run, found: Sequence[Hint]) -> None:
    """Hints without their buttons."""
    if found:
        st.caption(bulleted(told(hint, run.settings) for hint in found))


def _buttons(run: Run, found: Sequence[Hint]) -> None:
    """The first is the one to press where something should change; why the others may help stands below."""
    offers = [hint for hint in found if hint.remedy is not None]
    if not offers:
        return
    with st.container(key="tries", horizontal=True, gap="small"):
        for place, hint in enumerate(offers):
            trying.offer(run, hint, f"try-{hint.code}", primary=place == 0 and hint.is_alarm)
        if any(hint.rule.look == "learning" for hint in found):
            _lesson()
    if len(offers) > 1:
        st.caption(bulleted(because(hint, run.settings) for hint in offers[1:]))
        st.caption(_("Each of these changes one thing. Which helps most? Try them, and compare."))


def _lesson() -> None:
    """The way to the lesson on overfitting."""
    if st.button(_("The lesson on it"), icon=":material/school:", type="tertiary", key="to-lesson"):
        session.open_tab("learning-tab", _("Overfitting"))
        st.switch_page(pages.file("learning"))
