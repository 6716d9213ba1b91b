"""The verdict on a duel in the learner's own numbers, held against what was predicted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.study.duel import Prediction, Side
from core.study.standing import Contender, trial
from core.study.verdict import Pair, Verdict, judge
from dashboard.app_pages.duel import free_it, why
from dashboard.frame import resources
from dashboard.language import _
from dashboard.language.joining import sentences
from dashboard.runs import predictions, verdict_words


def show(rivals: Sequence[Side], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers: the outcome, why, what may free the loser, and luck."""
    short, found = predictions.names_of(rivals), judged(rivals)
    with st.container(border=True, key="duel-verdict"):
        st.header(_("The verdict"), anchor=False)
        for sentence in [*verdict_words.broken(found, short), verdict_words.outcome(found, short)]:
            st.markdown(sentence)
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        if reason := why.told(rivals, found, short):
            st.markdown(reason)
        free_it.show(rivals, found, short)
        if found.top is not None:
            _luck(found, found.top, short, rivals[0].settings.data.validation)


def _luck(found: Verdict, top: Pair, short: Sequence[str], images: int) -> None:
    """Whether it could be luck, and what luck means here."""
    told = (verdict_words.luck(top, found, short), verdict_words.over_images(top))
    st.caption(sentences(*told, *verdict_words.corrected(found), verdict_words.covers(images)))


def judged(rivals: Sequence[Side]) -> Verdict:
    """The verdict on a duel's runs."""
    return judge(
        [
            Contender.of(side.settings, [trial(run, resources.points(run)) for run in side.runs])
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
