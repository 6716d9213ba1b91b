"""The chosen normalisation: its numbers, its formula, one pixel through it, all pixels through it."""

from __future__ import annotations

import streamlit as st

from core.dataset.gallery import Gallery
from core.dataset.normalization import Normalization
from dashboard.app_pages.normalization import charts
from dashboard.app_pages.normalization.formulas import STRUT, SYMBOLS, with_numbers
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _


@fragment
def show(chosen: Normalization, gallery: Gallery) -> None:
    """What the chosen method is, and what it does to a pixel and to all of them."""
    _fitted(chosen)
    if chosen.method != "none":
        st.latex(f"{STRUT} {SYMBOLS[chosen.method]} {with_numbers(chosen)}")
    left, right = st.columns([2, 1], vertical_alignment="center", gap="large")
    x = left.slider(_("A pixel value x"), 0, 255, 128, key="normalization-x", persist_state="session")
    right.latex(f"{x} \\;\\to\\; {chosen.table[x]:.4f}")
    live_chart(
        drawn(charts.before_and_after, gallery.pixel_counts["train"], chosen),
        key="normalization-histogram",
        height=340,
        alt=_("Histogram of the pixel values before and after normalisation"),
    )
    st.caption(_("The shape stays the same. Only where it lies and how wide it is changes."))


def _fitted(chosen: Normalization) -> None:
    """The numbers that the method takes from the training part."""
    fitted = chosen.fitted
    values = {
        _("Mean μ"): f"{fitted.mean:.4f}",
        _("Standard deviation σ"): f"{fitted.standard_deviation:.4f}",
        _("Smallest"): f"{fitted.minimum:g}",
        _("Largest"): f"{fitted.maximum:g}",
    }
    for column, (label, value) in zip(st.columns(4), values.items(), strict=True):
        column.metric(label, value)
    st.caption(
        _(
            "Fitted on the {count:,} training images only. Validation, test and drawings get the same "
            "numbers."
        ).format(count=chosen.images)
    )
