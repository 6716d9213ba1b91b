"""The verdict on a duel in the learner's own numbers, held against what was predicted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.study.duel import Prediction, Side
from core.study.standing import Contender, trial
from core.study.verdict import Verdict, judge
from dashboard.frame import resources
from dashboard.language import _
from dashboard.language.joining import bold, sentences
from dashboard.runs import predictions, verdict_words


def show(rivals: Sequence[Side], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers: what broke off first, then the outcome, then luck."""
    short, found = predictions.names_of(rivals), judged(rivals)
    with st.container(border=True):
        st.markdown(bold(_("The verdict")))
        for sentence in [*verdict_words.broken(found, short), verdict_words.outcome(found, short)]:
            st.markdown(sentence)
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        if found.top is None:
            return
        told = sentences(verdict_words.luck(found.top, found, short), verdict_words.over_images(found.top))
        if told:
            st.markdown(told)
        images = rivals[0].settings.data.validation
        st.caption(sentences(*verdict_words.corrected(found), verdict_words.covers(images)))


def judged(rivals: Sequence[Side]) -> Verdict:
    """The verdict on a duel's runs."""
    return judge(
        [
            Contender.of(side.settings, [trial(run, resources.points(run.id, run.step)) for run in side.runs])
            for side in rivals
        ]
    )


def prediction_sentence(prediction: Prediction, found: Verdict, short: Sequence[str]) -> str:
    """What was predicted, and how near it was."""
    if prediction.winner is None:
        said = _("You predicted no difference.")
    else:
        said = _("You predicted **{winner}** by {points:g} points.").format(
            winner=short[prediction.winner], points=prediction.points
        )
    return sentences(said, _how_near(prediction, found))


def _how_near(prediction: Prediction, found: Verdict) -> str:
    if found.is_open or found.top is None:
        return _("That stays open.")
    if prediction.winner != found.winner:
        return _("It came out differently. What in the strips explains it?")
    if prediction.winner is None:
        return _("So it came out.")
    if found.top.difference is None:
        return _("So it came out; there are no points to compare.")
    return _("So it came out; the gap is {miss:.1f} points off yours.").format(
        miss=abs(100 * abs(found.top.difference) - prediction.points)
    )
