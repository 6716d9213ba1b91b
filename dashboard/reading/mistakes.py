"""The validation digits that a network misreads: all of them, in pages, each with a way into the network."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.frame import page, resources
from dashboard.frame.fragments import fragment
from dashboard.frame.sharing import shared
from dashboard.language import _, ngettext
from dashboard.reading.paged import paged
from dashboard.reading.readers import Reader


@fragment
def mistakes(reader: Reader) -> None:
    """What the network of this reader misreads among the digits that validated it."""
    part = resources.parts(reader.settings.data).validation
    answers = _answers(reader)
    wrong = np.flatnonzero(answers != part.labels)
    if not len(wrong):
        page.empty(_("It reads all of its validation digits right."))
        return
    told = ngettext(
        "{count} validation digit is misread. Click it to look into the network.",
        "{count} validation digits are misread. Click one to look into the network.",
        len(wrong),
    )
    st.markdown(told)
    captions = [f"{part.labels[place]} → {answers[place]}" for place in wrong]
    paged(part.images[wrong], captions, key="mistakes", reader=reader)
    st.caption(_("True digit → answer."))


@shared(2, size=lambda answers: answers.nbytes, key=lambda reader: reader.key)
def _answers(reader: Reader) -> NDArray[np.uint8]:
    """What these weights answer to each validation digit; everybody asks for the shipped network's."""
    part = resources.parts(reader.settings.data).validation
    answers: NDArray[np.uint8] = reader.network.probabilities(part.images).argmax(axis=1).astype(np.uint8)
    return answers
