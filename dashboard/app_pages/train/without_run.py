"""Train before the first run: how training went elsewhere, and what a trained network still misreads."""

from __future__ import annotations

import streamlit as st

from core.runs.published import PUBLISHED
from dashboard.browser.live_chart import live_chart
from dashboard.language import _
from dashboard.reading.mistakes import mistakes
from dashboard.reading.readers import shipped_reader
from dashboard.runs import curve_charts

SHOWN = "three-layer"
"""The published run that is shown: that of the default experiment."""


def show() -> None:
    """What to do, and what comes of it."""
    st.markdown(_("No run yet. Set up an experiment in the sidebar and press Train."))
    st.caption(_("This is how the experiment with 300-100 units went in the lab report this lab grew from:"))
    live_chart(
        curve_charts.published_alone(PUBLISHED[SHOWN].epochs),
        key="published-alone",
        height=400,
        alt=_("Loss and accuracy that were published"),
    )
    st.header(_("What a trained network still misreads"), anchor=False)
    st.caption(_("Read by the network that comes with the lab."))
    mistakes(shipped_reader())
