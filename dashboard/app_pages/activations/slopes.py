"""What saturated and dead mean, and what many layers make of a small slope."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.choices.activations import ACTIVATIONS
from core.settings import MAXIMUM_DEPTH, Settings
from dashboard.app_pages.activations import charts
from dashboard.app_pages.activations.card import scientific
from dashboard.app_pages.activations.curves import REPORT
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import resources
from dashboard.frame.fragments import fragment
from dashboard.language import _, names


@fragment
def show(settings: Settings) -> None:
    """Two words, and the product of slopes that the gradient is multiplied by on its way back."""
    _words()
    st.markdown(silent(settings))
    x, count = _choose(len(settings.network.hidden))
    live_chart(
        drawn(charts.product_of_slopes, REPORT, x, count),
        key="activations-product",
        height=360,
        alt=_("Product of slopes over layers"),
    )
    slope = float(ACTIVATIONS["sigmoid"].slope(np.array([x]))[0])
    st.latex(_power(names.activation("sigmoid"), x, slope, count))
    st.caption(
        _(
            "Going back through a layer multiplies the gradient by the slope, and by the weights. This is "
            "the slope's part alone; what is left of both in your network, “First weights” computes. "
            "Where a slope is 0, nothing is left after one layer and there is no line."
        )
    )


def _power(name: str, x: float, slope: float, count: int) -> str:
    """What is left of a gradient after so many layers, as LaTeX."""
    return (
        rf"\text{{{name}: }} f'({x:g})^{{{count}}} = {slope:.4f}^{{{count}}} = "
        f"{scientific(slope**count)}"
    )


def _words() -> None:
    left, right = st.columns(2, gap="large")
    left.markdown(
        _(
            "**Saturated.** Far from 0, sigmoid and tanh are flat: slope almost 0. Whatever the error, "
            "almost none of it reaches the weights before."
        )
    )
    right.markdown(
        _(
            "**Dead.** A ReLU unit whose weighted sum is negative for every image always answers 0, with "
            "slope 0: no gradient reaches its weights. In the first layer, without batch normalisation, it "
            "sees images that never change, and only what the optimiser carries from earlier steps can move "
            "it. Further on it can come back: what it sees changes while the layers before it learn."
        )
    )


def silent(settings: Settings) -> str:
    """How many units of this network are 0 for many images before it learns; empty where none can die."""
    network = settings.network
    if not network.hidden or not ACTIVATIONS[network.activation].can_die:
        return ""
    shares = resources.first_silent(settings)
    values = {"count": min(resources.SILENT_IMAGES, settings.data.train), "share": max(shares)}
    if not values["share"]:
        return _(
            "In your network, with the first weights of its seed, no unit is 0 for all of {count} training "
            "images: none begins dead."
        ).format(**values)
    return _(
        "In your network, with the first weights of its seed, {share:.1%} of the units of layer {layer} are "
        "0 for all of {count} training images, the most of any layer."
    ).format(**values, layer=int(np.argmax(shares)) + 1)


def _choose(depth: int) -> tuple[float, int]:
    """The weighted sum in each layer, and how many layers the gradient passes."""
    left, right = st.columns(2, gap="large")
    x = left.slider(
        _("Weighted sum x in each layer"), -6.0, 6.0, 0.0, 0.1, key="slope-x", persist_state="session"
    )
    count = right.slider(
        _("Layers the gradient passes"),
        1,
        MAXIMUM_DEPTH,
        max(depth, 1),
        key="slope-layers",
        persist_state="session",
    )
    return x, count
