"""How the run fares: one large figure, a verdict in words with its cause, and what to do next."""

from __future__ import annotations

import streamlit as st

from core.hints.tried import tried
from core.runs.run import Run
from dashboard.app_pages.train import next_steps
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import facts, large
from dashboard.runs import hint_panel, starting
from dashboard.runs.hints_of import hints_of


def show(run: Run) -> None:
    """The figure and the verdict, while the run goes and when it has ended."""
    found = hints_of(run)
    if run.val_accuracy is None and not found and tried(run) is None:
        return
    with st.container(key="verdict", horizontal=True, gap="medium", vertical_alignment="center"):
        if run.val_accuracy is not None:
            _figure(run, run.val_accuracy, resources.guessing(run.settings).accuracy)
        with st.container(key="verdict-words", gap="small"):
            hint_panel.show(run, found)
            next_steps.show(run, found)


def _figure(run: Run, accuracy: float, guess: float) -> None:
    count = run.settings.data.validation
    told = [
        _("{wrong:,} of {count:,} wrong").format(wrong=round((1 - accuracy) * count), count=count),
        _("guessing: {share:.1%}").format(share=guess),
    ]
    best = _best_other(run)
    if best is not None:
        ahead = _("your best run so far") if accuracy >= best else _("your best: {share:.2%}")
        told.append(ahead.format(share=best))
    with st.container(key="figure", width="content", gap=None):
        st.markdown(large(numbers.percent(accuracy)))
        st.caption(_("Validation accuracy after epoch {epoch}").format(epoch=run.epochs_done))
        st.caption(facts(told))


def _best_other(run: Run) -> float | None:
    """The best validation accuracy of this learner's other runs on as many validation images."""
    others = [
        other.val_accuracy
        for other in starting.my_runs()
        if other.id != run.id
        and other.val_accuracy is not None
        and other.settings.data.validation == run.settings.data.validation
    ]
    return max(others, default=None)
