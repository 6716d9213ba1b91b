"""The forward computation: from the picture to the layer, to the unit, to one product, and back."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.app_pages.ideas import picture
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading import readers
from dashboard.reading.closer_look import layer_by_layer


@fragment
def show() -> None:
    """The explorer of Draw and Test, on a training picture."""
    st.markdown(
        _(
            "Every unit adds up products of inputs and weights, and a bias; an activation bends the sum. "
            "That is all a network does when it answers. Choose a layer, a unit, a product; go back along it."
        )
    )
    chosen = readers.choose("ideas-unit", most=1)
    if not chosen:
        return
    image, label = picture.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        digit_tiles(image[np.newaxis], [str(label)], key="ideas-unit-picture", size=84)
        picture.next_button("ideas-unit-next")
<<<<<<< HEAD
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
=======
    layer_by_layer(image, chosen[0])
>>>>>>> h/theory
