"""The forward computation: one unit's weighted sum, with a trained network's real numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.choices.activations import ACTIVATIONS
from dashboard.app_pages.ideas import charts, picture
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _, names
from dashboard.reading import readers


@fragment
def show() -> None:
    """784 inputs times 784 weights, added up, plus a bias, through the activation."""
    chosen = readers.choose("ideas-unit", most=1)
    if not chosen:
        return
    network, image = chosen[0].network, picture.current()[0]
    first = next(layer for layer in network.layers if layer.kind in ("dense", "output"))
    left, right = st.columns([2, 1], vertical_alignment="bottom", gap="large")
    number = left.slider(
        _("Unit of the first layer"),
        1,
        first.width,
        1,
        key=f"ideas-unit-{first.width}",
        persist_state="session",
    )
    with right:
        picture.next_button("ideas-unit-next")
    trace = network.unit(image, first.name, number - 1)
    live_chart(
        charts.unit(trace), key="ideas-unit-pictures", height=280, alt=_("Inputs, weights and products")
    )
    products = float(trace.contributions.sum())
    st.latex(r"z = \sum_{i=1}^{784} w_i x_i + b")
    st.latex(rf"z = {products:.4f} {trace.bias:+.4f} = {trace.weighted_sum:.4f}")
    if first.activation in ACTIVATIONS:
        output = float(ACTIVATIONS[first.activation].function(np.array([trace.weighted_sum]))[0])
        st.latex(_applied(names.activation(first.activation), trace.weighted_sum, output))
    st.caption(
        _(
            "Blue is positive, orange negative. Every unit of every layer computes just this, from what the "
            "layer before gives it. That is all a network does when it answers."
        )
    )


def _applied(name: str, weighted_sum: float, output: float) -> str:
    """What the activation of this name makes of a sum, as LaTeX."""
    return rf"f(z) = \text{{{name}}}({weighted_sum:.4f}) = {output:.4f}"
