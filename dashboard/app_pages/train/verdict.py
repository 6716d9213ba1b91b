"""How the run fares: one large figure, a verdict in words with its cause, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.runs.run import Run
from dashboard.app_pages.train import next_steps
from dashboard.browser.run_fare import run_fare
from dashboard.frame import resources
from dashboard.language import _
from dashboard.language.joining import sentences
from dashboard.runs import faring, hint_panel, weights_words


def show(run: Run, best: float | None) -> None:
    """The figure and the verdict, while the run goes and when it has ended.

    Args:
        best: validation accuracy of the learner's best other run, 0 to 1.
    """
    store = resources.store()
    points = resources.points(run)
    now = faring.look(store, run, points)
    will_have_figure = run.unfinished or run.val_accuracy is not None
    run_fare(
        run,
        faring.told(run, now),
        best=best,
        ahead=_("your best run so far"),
        behind="" if best is None else _("your best: {share:.2%}").format(share=best),
        key="fare" if will_have_figure else "verdict",  # as much room as it takes, see lab.css
    )
    about = sentences(weights_words.why_it_ended(run, points), weights_words.told(run))
    if about:
        st.caption(about)
    hint_panel.show(run, now.found)
    if now.found:
        next_steps.show(run, now.found)


def best_other(run: Run, runs: Iterable[Run]) -> float | None:
    """The best validation accuracy of the others of these runs, on as many validation images."""
    others = [
        other.val_accuracy
        for other in runs
        if other.id != run.id
        and other.val_accuracy is not None
        and other.settings.data.validation == run.settings.data.validation
    ]
    return max(others, default=None)
