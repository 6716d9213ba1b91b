"""The verdict on a duel in the learner's own numbers, held against what was predicted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.study.duel import Prediction, Side, Verdict, verdict
from dashboard.language import _
from dashboard.runs import predictions


def show(rivals: Sequence[Side], prediction: Prediction | None) -> None:
    """The verdict in the learner's own numbers."""
    short, found = predictions.names_of(rivals), verdict(rivals)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(f"**{_('The verdict')}**")
        st.markdown(result_sentence(found, short))
        if prediction is not None:
            st.markdown(prediction_sentence(prediction, found, short))
        st.markdown(luck_sentence(found, rivals))


def result_sentence(found: Verdict, short: Sequence[str]) -> str:
    """Who won, by how much."""
    best, following = found.order[:2]
    if found.winner is None:
        told = _(
            "**No difference to speak of**: {first} reached {high:.2%} and {second} {low:.2%} on the "
            "validation images."
        )
    else:
        told = _(
            "**{first}** wins with {high:.2%}, {points:.1f} percentage points ahead of {second} ({low:.2%})."
        )
    return told.format(
        first=short[best],
        second=short[following],
        high=found.accuracies[best],
        low=found.accuracies[following],
        points=found.points,
    )


def prediction_sentence(prediction: Prediction, found: Verdict, short: Sequence[str]) -> str:
    """What was predicted, and how near it was."""
    if prediction.winner is None:
        said = _("You predicted no difference.")
    else:
        said = _("You predicted **{winner}** by {points:g} points.").format(
            winner=short[prediction.winner], points=prediction.points
        )
    if prediction.winner != found.winner:
        return said + " " + _("It came out differently. What in the strips explains it?")
    return (
        said
        + " "
        + _("You were right; the gap is {miss:.1f} points off yours.").format(
            miss=abs(found.points - prediction.points)
        )
    )


def luck_sentence(found: Verdict, rivals: Sequence[Side]) -> str:
    """Whether luck could have put the best two in this order."""
    if found.luck is None:
        return _("One seed each: part of this may be luck. Start it again with 5 seeds to see how much.")
    best = [rivals[place].accuracies for place in found.order[:2]]
    told = _("Over the seeds: {ranges}.").format(
        ranges="; ".join(f"{min(values):.2%} … {max(values):.2%}" for values in best)
    )
    judged = {
        "overlap": _("The ranges overlap: **luck alone could do this.**"),
        "apart": _(
            "The ranges do not touch; chance alone parts so many runs once in {times:.0f} times: **this is "
            "more than luck.**"
        ),
        "few": _(
            "The ranges do not touch, but chance alone parts so few runs once in {times:.0f} times: **too "
            "few to tell.** Start it again with 5 seeds."
        ),
    }[found.luck.kind]
    return f"{told} {judged.format(times=1 / found.luck.chance)}"
