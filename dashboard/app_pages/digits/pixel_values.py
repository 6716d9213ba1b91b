"""How often each pixel value occurs in the training images."""

from __future__ import annotations

import streamlit as st

from core.dataset.gallery import Gallery
from dashboard.app_pages.digits import charts
from dashboard.browser.live_chart import drawn, live_chart
from dashboard.language import _

INK = 250
"""Pixels from here up to 255 are the ink itself."""


def show(gallery: Gallery) -> None:
    """The histogram, and what stands out in it."""
    counts = gallery.pixel_counts["train"]
    log = st.toggle(_("Logarithmic axis"), True, key="digits-log", persist_state="session")
    live_chart(
        drawn(charts.pixel_histogram, counts, log=log),
        key="digits-pixels",
        height=380,
        alt=_("Histogram of pixels"),
    )
    st.markdown(
        _(
            "**{ground:.1%}** of the {total:,} pixels of the training images are 0, the empty ground; "
            "{ink:.1%} are {full} or more. What lies between is the soft edge of the strokes."
        ).format(
            ground=counts[0] / counts.sum(),
            total=int(counts.sum()),
            ink=counts[INK:].sum() / counts.sum(),
            full=INK,
        )
    )
