"""Classification and regression: what kind of answer is wanted."""

from __future__ import annotations

import numpy as np
import streamlit as st
from scipy.special import softmax

from core.reading import shipped
from dashboard.app_pages.ideas import charts, picture
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _

TEMPERATURES = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0)


@fragment
def show() -> None:
    """The ten scores of a trained network as probabilities; one score can be moved."""
    image, label = picture.current()
    left, right = st.columns(2, gap="large")
    left.markdown(_("**Classification** asks *which of ten?* The answer: a probability for each digit."))
    right.markdown(
        _(
            "**Regression** asks *how much?* The answer: one number, such as this picture's ink: "
            "**{ink:.1%}**."
        ).format(ink=image.mean() / 255)
    )
    scores = shipped.load().network.trace(image)[-1].weighted_sum.astype(np.float64)
    left, right = st.columns([1, 3], gap="large")
    with left:
        digit_tiles(image[np.newaxis], [str(label)], key="ideas-outputs-picture", size=140)
        picture.next_button("ideas-outputs-next")
        extra = st.slider(
            _("Add to the score of the {digit}").format(digit=label),
            -20.0,
            10.0,
            0.0,
            0.5,
            key="ideas-score",
            persist_state="session",
        )
        temperature = st.select_slider(
            _("Temperature T"),
            TEMPERATURES,
            value=1.0,
            format_func=lambda value: f"{value:g}",
            key="ideas-temperature",
            persist_state="session",
        )
    scores[label] += extra
    shares = softmax(scores / temperature)
    with right:
        live_chart(
            charts.probabilities(shares, label),
            key="ideas-probabilities",
            height=300,
            alt=_("Ten probabilities"),
        )
    st.latex(
        rf"p_{{{label}}} = \frac{{e^{{s_{label} / T}}}}{{\sum_j e^{{s_j / T}}}} = "
        rf"\frac{{e^{{{scores[label]:.2f} / {temperature:g}}}}}{{\sum_j e^{{s_j / {temperature:g}}}}} "
        rf"= {shares[label]:.4f}"
    )
    st.caption(
        _(
            "The scores s are the last layer's weighted sums. Softmax turns them into probabilities, T = 1 "
            "into the network's own; a higher T evens them out, a lower one favours the largest."
        )
    )
