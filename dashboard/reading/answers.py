"""What networks answer to one image: the image they see, a verdict and ten bars for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.reading.answer import Answer, answer
from core.reading.rejection import Opinion
from dashboard.browser.answer_bars import answer_bars
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.foreign import literal
from dashboard.language.joining import facts
from dashboard.reading.familiar import about
from dashboard.reading.readers import Reader
from dashboard.runs import swatches

SEEN = 140  # screen pixels of the 28 × 28 image: five for each
NARROW = 160  # screen pixels of each answer when several stand side by side
BLANK = np.zeros((28, 28), np.uint8)


def answers(
    image: NDArray[np.uint8] | None, readers: Sequence[Reader], *, advice: str, refusing: bool = True
) -> None:
    """Show what each reader answers to ``image`` (28, 28); without one the same places stand empty.

    Args:
        advice: what to do, said where the answer would be while there is no image.
        refusing: whether what looks like no digit gets no answer.
    """
    opinion = resources.opinion(image) if refusing and image is not None else None
    read = [None if image is None else reader.network.probabilities(image[None])[0] for reader in readers]
    with st.container(horizontal=True, gap="small"):
        with st.container(width=SEEN):
            shown = BLANK if image is None else image
            digit_tiles(shown[None], [_("What the network sees")], key="seen", size=SEEN, seen=True)
        for place, (reader, probabilities) in enumerate(zip(readers, read, strict=True)):
            with st.container(width="stretch" if len(readers) == 1 else NARROW, gap="xsmall"):
                _answer(probabilities, reader, place, advice, opinion)
    if opinion is not None:
        about(opinion, [answer(probabilities).digit for probabilities in read if probabilities is not None])


def _answer(
    probabilities: NDArray[np.floating] | None,
    reader: Reader,
    place: int,
    advice: str,
    opinion: Opinion | None,
) -> None:
    heading, detail = ("–", advice) if probabilities is None else verdict(answer(probabilities), opinion)
    with st.container(key=f"answer-{place}", gap=None):
        st.markdown(f"# {heading}")
        st.caption(detail)
    heard = "" if probabilities is None else facts([said(heading, detail), reader.name])
    answer_bars(probabilities, key=f"probabilities-{place}", said=heard)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        swatches.line(reader.line)
        st.caption(literal(reader.name))


def said(heading: str, detail: str) -> str:
    """A verdict in one line, for those who do not see it."""
    return _("{name}: {said}").format(name=heading, said=detail)


def verdict(read: Answer, opinion: Opinion | None = None) -> tuple[str, str]:
    """The answer in big letters, and how sure it is; no answer to what is thought to be no digit."""
    if opinion is not None and opinion.refused:
        return (
            _("No digit?"),
            _("Not a digit it knows. If it had to be one: {digit}, {probability}.").format(
                digit=read.digit, probability=numbers.probability(read.probability)
            ),
        )
    if read.sure:
        return str(read.digit), _("{probability} sure").format(
            probability=numbers.probability(read.probability)
        )
    return (
        _("{first} or {second}?").format(first=read.digit, second=read.second),
        _("Not sure: {first:.0%} against {second:.0%}").format(
            first=read.probability, second=read.second_probability
        ),
    )
