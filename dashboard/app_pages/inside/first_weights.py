"""What the first units look for: their weights as pictures, at any recorded epoch."""

from __future__ import annotations

import streamlit as st

from core.record.store import Store
from core.runs.run import Run
from dashboard.app_pages.inside import snapshots
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.look import style
from dashboard.runs import strip_charts


@fragment
def show(run: Run, store: Store) -> None:
    """A picture for each unit."""
    pictures = snapshots.choose(run, store.curves.picture_steps(run.id), store.curves.pictures, "weights")
    if pictures is None:
        return
    st.caption(
        _("Each picture is one unit of the first layer: blue pixels speak for it, orange ones against it.")
    )
    rows = -(-len(pictures.shades) // strip_charts.COLUMNS)
    live_chart(
        strip_charts.first_weights(pictures),
        key="inside-weights",
        height=style.rows_height(rows, row=84, frame=0 if rows > 1 else 56),
        alt=_("Weights of the first layer as pictures"),
    )
    st.caption(_("Kept from before training, after epochs 1, 2, 5, 10, 20, 50 and so on, and the newest."))
