"""How the run fares: one large figure, a verdict in words with its cause, and what to do next."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.hints.training import Fare, fare
from core.runs.run import Run
from dashboard.app_pages.train import next_steps
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import facts, large, sentences
from dashboard.runs import starting, weights_words
from dashboard.runs.fare_words import cause_told, fare_told


def show(run: Run) -> None:
    """The figure and the verdict, while the run goes and when it has ended."""
    store = resources.store()
    layers = store.curves.layers(run.id) if run.epochs_done else pd.DataFrame()
    guess = resources.guessing(run.settings)
    points = store.curves.points(run.id)
    found = fare(
        run,
        points,
        layers,
        guess_accuracy=guess.accuracy,
        guess_loss=guess.loss,
    )
    if run.val_accuracy is None and found is None:
        return
    with st.container(key="verdict", horizontal=True, gap="medium", vertical_alignment="center"):
        if run.val_accuracy is not None:
            _figure(run, run.val_accuracy, guess.accuracy)
        if found is not None:
            _words(run, found, layers)
    about = sentences(weights_words.why_it_ended(run, points), weights_words.told(run))
    if about:
        st.caption(about)


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
        st.caption(_("Validation accuracy after epoch {epoch}").format(epoch=_measured_after(run)))
        st.caption(facts(told))


def _measured_after(run: Run) -> int:
    """The epoch whose validation accuracy is the run's: its last whole one, or the best that it keeps."""
    return run.epochs_done if run.shown_step is None else run.weights_epoch


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


def _words(run: Run, found: Fare, layers: pd.DataFrame) -> None:
    with st.container(key="verdict-words", gap="small"):
        told = sentences(fare_told(found), cause_told(found, run, layers))
        if found.is_trouble:
            st.error(told, icon=":material/warning:")
        else:
            st.markdown(told)
        next_steps.show(run, found)
