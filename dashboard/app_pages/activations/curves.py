"""The chosen activations and their slopes on one chart, and a card for each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.choices.activations import ACTIVATIONS
from dashboard.app_pages.activations import charts
from dashboard.app_pages.activations.card import activation_card
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame import page
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.language import _, names

REPORT = ("sigmoid", "tanh", "relu", "leaky-relu", "elu", "maxout")
"""The activations that the lab report speaks of."""
CLASSICS = ("relu", "sigmoid", "tanh")
FEW = 3
"""Curves at first: this network's and two classics."""


@fragment
def show(own: str) -> None:
    """f and f′ of the chosen ones on one chart, and a card for each."""
    codes = _choose(own)
    if not codes:
        page.empty(_("Choose at least one activation."))
        return
    x = st.slider(_("Weighted sum x"), -6.0, 6.0, 1.0, 0.1, key="activations-x", persist_state="session")
    live_chart(
        drawn(charts.curves, codes, x), key="activations-curves", height=400, alt=_("Activations and slopes")
    )
    if "maxout" in codes:
        st.caption(_("Maxout learns its two lines. Here it is drawn with two lines as an example."))
    with st.container(key="activation-cards"):
        for code in codes:
            activation_card(ACTIVATIONS[code], x, chosen=code == own)


def _choose(own: str) -> Sequence[str]:
    """Which activations to show: one click for the usual sets, a list of one's own on demand."""
    sets = {
        "classics": tuple(dict.fromkeys((own, *CLASSICS)))[:FEW],
        "report": REPORT,
        "all": tuple(ACTIVATIONS),
    }
    labels = {
        "classics": _("This network's and two classics"),
        "report": _("The report's six"),
        "all": _("All {count}").format(count=len(ACTIVATIONS)),
        "own": _("My choice"),
    }
    kind = one_of(
        _("Show"),
        list(labels),
        default="classics",
        format_func=labels.__getitem__,
        key="activations-set",
        persist_state="session",
        label_visibility="collapsed",
    )
    if kind == "report":
        st.caption(_("The six activations of the lab report this lab grew from."))
    return sets[kind] if kind in sets else _choose_each(sets["classics"])


def _choose_each(at_first: Sequence[str]) -> Sequence[str]:
    return st.pills(
        _("Activations"),
        tuple(ACTIVATIONS),
        selection_mode="multi",
        default=at_first,
        format_func=names.activation,
        key="activations-own",
        persist_state="session",
        label_visibility="collapsed",
    )
