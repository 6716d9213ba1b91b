"""The objective: one number for how bad an answer is, and how hard it pushes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.theory import one_answer
from dashboard.app_pages.ideas import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _

CODES = ("cross-entropy", "squared-error")


@fragment
def show() -> None:
    """Both losses against the probability given to the right digit."""
    st.markdown(
        _(
            "Weights change in small steps. Which way is better, one number must say: the **loss**. Accuracy "
            "stays the same until an answer flips."
        )
    )
    percent = st.slider(
        _("Probability given to the right digit"),
        0.1,
        99.9,
        10.0,
        0.1,
        format="%.1f %%",
        key="ideas-p",
        persist_state="session",
    )
    p = percent / 100
    live_chart(charts.loss_curves(p), key="ideas-losses", height=360, alt=_("Two losses and how they push"))
    at = np.array(p)
    cross_entropy, squared_error = (float(one_answer.loss(code, at)) for code in CODES)
    left, right = st.columns(2, gap="large")
    left.latex(rf"\small -\ln p = -\ln {p:.3f} = {cross_entropy:.4f}")
    right.latex(rf"\small \tfrac{{1}}{{10}}\textstyle\sum_j (y_j - p_j)^2 = {squared_error:.4f}")
    strong, weak = (float(one_answer.push(code, at)) for code in CODES)
    st.markdown(
        _(
            "Here cross-entropy pushes the right digit's score up **{times:,.0f} times** harder than squared "
            "error."
        ).format(times=strong / weak)
    )
    st.caption(_("The other digits share the rest evenly. A mere guess, 10 %, costs ln 10 = 2.303."))
