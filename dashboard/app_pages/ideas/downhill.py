"""Gradient descent: walking downhill, step by step."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.theory import descent
from dashboard.app_pages.ideas import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _


@fragment
def show() -> None:
    """A walk in the simplest valley; the learning rate decides how it goes."""
    st.markdown(
        _(
            "Training walks downhill in the fog: feel the slope, take a step against it. The **learning "
            "rate** η says how long the steps are."
        )
    )
    left, right = st.columns(2, gap="large")
    rate = left.slider(_("Learning rate η"), 0.01, 1.1, 0.1, 0.01, key="ideas-rate", persist_state="session")
    steps = right.slider(_("Steps"), 1, 30, 10, key="ideas-steps", persist_state="session")
    live_chart(charts.walk(rate, steps), key="ideas-walk", height=360, alt=_("A walk down a valley"))
    places = descent.walk(rate, steps)
    slope = float(descent.slope(np.array(places[0])))
    st.latex(rf"w \leftarrow w - \eta\, L'(w) = {places[0]:g} - {rate:g} \cdot {slope:g} = {places[1]:.4g}")
    st.markdown(sentence(rate, steps, places[-1]))
    st.caption(
        _("A network has such a slope for each weight, from a batch at a time: stochastic gradient descent.")
    )


def sentence(rate: float, steps: int, end: float) -> str:
    """How a walk of so many steps goes, and where it ends, in words."""
    told = {
        "creeps": _("**Too small**: after {steps} steps it has only crept to w = {end:.3g}."),
        "descends": _("**Good**: each step is shorter than the last; after {steps} steps w = {end:.3g}."),
        "overshoots": _("**Large**: each step jumps over the bottom, but less and less: w = {end:.3g}."),
        "circles": _("**On the edge**: it jumps from side to side for ever: w = {end:.3g}."),
        "diverges": _("**Too large**: each jump is longer than the last; after {steps} steps w = {end:.3g}."),
    }[descent.behaviour(rate)]
    return told.format(steps=steps, end=end)
