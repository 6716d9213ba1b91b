"""Activations: the bend in every unit, what it lets through, and the first weights it wants."""

import numpy as np
import streamlit as st

from core.choices.activations import ACTIVATIONS
from core.settings import MAXIMUM_DEPTH, NetworkSettings
from dashboard.app_pages.activations import charts, first_weights
from dashboard.app_pages.activations.card import activation_card, scientific
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import page, session
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _, names

REPORT = ("sigmoid", "tanh", "relu", "leaky-relu", "elu", "maxout")


def choose(own: str) -> list[str]:
    """Which activations to show: one click for the usual sets, a list of one's own on demand."""
    sets = {
        "classics": list(dict.fromkeys((own, "relu", "sigmoid", "tanh")))[:3],
        "report": list(REPORT),
        "all": list(ACTIVATIONS),
    }
    labels = {
        "classics": _("This network's and two classics"),
        "report": _("The report's six"),
        "all": _("All {count}").format(count=len(ACTIVATIONS)),
        "own": _("My choice"),
    }
    kind = st.segmented_control(
        _("Show"),
        labels,
        default="classics",
        required=True,
        format_func=labels.get,
        key="activations-set",
        persist_state="session",
        label_visibility="collapsed",
    )
    if kind in sets:
        return sets[kind]
    return st.pills(
        _("Activations"),
        tuple(ACTIVATIONS),
        selection_mode="multi",
        default=sets["classics"],
        format_func=names.activation,
        key="activations-own",
        persist_state="session",
        label_visibility="collapsed",
    )


@fragment
def curves(own: str) -> None:
    """f and f′ of the chosen ones on one chart, and a card for each."""
    codes = choose(own)
    if not codes:
        page.empty(_("Choose at least one activation."))
        return
    x = st.slider(_("Weighted sum x"), -6.0, 6.0, 1.0, 0.1, key="activations-x", persist_state="session")
    live_chart(
        drawn(charts.curves, codes, x), key="activations-curves", height=400, alt=_("Activations and slopes")
    )
    if "maxout" in codes:
        st.caption(_("Maxout learns its two lines. Here it is drawn with two lines as an example."))
    with st.container(horizontal=True):
        for code in codes:
            activation_card(ACTIVATIONS[code], x, chosen=code == own)


@fragment
def depth(network: NetworkSettings) -> None:
    """What saturated and dead mean, and what many layers make of a small slope."""
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
            "slope 0: no gradient reaches its weights. In the first layer it stays that way, as the images "
            "stay as they are; deeper, layers before it may change what it sees and wake it up."
        )
    )
    left, right = st.columns(2, gap="large")
    x = left.slider(
        _("Weighted sum x in each layer"), -6.0, 6.0, 0.0, 0.1, key="slope-x", persist_state="session"
    )
    count = right.slider(
        _("Layers the gradient passes"),
        1,
        MAXIMUM_DEPTH,
        max(len(network.hidden), 1),
        key="slope-layers",
        persist_state="session",
    )
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


page.header(
    _("Activations"),
    _("Without a bend between them, any number of layers would be worth one. The activation is the bend."),
)
current = session.settings().network
tabs(
    "activations-tab",
    {
        _("Curves"): lambda: curves(current.activation),
        _("Saturated and dead"): lambda: depth(current),
        _("First weights"): lambda: first_weights.show(session.settings()),
    },
)
