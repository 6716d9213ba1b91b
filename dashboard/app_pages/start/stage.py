"""The first sight: digits, a pad on which one is read at once, and the button that trains a network."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.errors import LabError
from core.reading.answer import answer
from dashboard.app_pages.start import pictures
from dashboard.browser import drawing_pad
from dashboard.browser.answer_bars import answer_bars
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.language.run_names import settings_name
from dashboard.reading.answers import said, verdict
from dashboard.reading.readers import shipped_reader
from dashboard.runs import opening

PAD = 360
"""Pixels of the screen that pad and answer take."""


def show() -> None:
    """The stage: words and button on the left, the pad on the right, the wall behind both."""
    with st.container(key="stage", horizontal=True, gap="medium", vertical_alignment="center"):
        st.html(pictures.wall())
        with st.container(key="stage-words", gap="small"):
            _words()
        with st.container(key="stage-pad", width=PAD, gap=None):
            _pad()


def _words() -> None:
    page.header(_("Handwritten digits"), _("A laboratory for networks that read."))
    st.markdown(
        _(
            "Write a digit: a network reads it. Then train your own, watch it learn, and find out "
            "what it understands and where it fails."
        )
    )
    pressed = st.button(
        _("Train my own network"), type="primary", icon=":material/play_arrow:", key="first-run"
    )
    st.caption(settings_name(session.settings()))
    if pressed:
        opening.start(session.settings())


@fragment
def _pad() -> None:
    """The pad, and what the shipped network reads on it after every stroke."""
    lines = drawing_pad.drawing_pad(plain=True)
    heading, detail, heard, probabilities = "–", _("Draw a digit"), "", None
    try:
        image = resources.drawn(lines).image
        probabilities = shipped_reader().network.probabilities(image[None])[0]
        heading, detail = verdict(answer(probabilities), resources.opinion(image))
        heard = said(heading, detail)
    except LabError as error:
        detail = page.sentence(error) if lines else detail
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="stage-answer"):
        with st.container(key="answer-stage", gap=None, width=120):
            st.markdown(f"# {heading}" if probabilities is not None else f"# :gray[{heading}]")
            st.caption(detail)
        with st.container(key="stage-bars"):
            shares = None if probabilities is None else np.asarray(probabilities)
            answer_bars(shares, key="stage-bar", said=heard, upright=True)
