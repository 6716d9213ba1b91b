"""What the first units look for: their weights as pictures, at any recorded epoch."""

from __future__ import annotations

import streamlit as st

from core.record.store import Store
from core.runs.progress import Pictures
from core.runs.run import Run
from dashboard.app_pages.inside import snapshots
from dashboard.browser.live_chart import live_chart
from dashboard.frame.fragments import fragment
from dashboard.language import _, numbers
from dashboard.look import style
from dashboard.runs import strip_charts


@fragment
def show(run: Run, store: Store) -> None:
    """A picture for each unit."""
    pictures = snapshots.choose(run, store.curves.picture_steps(run.id), store.curves.pictures, "weights")
    if pictures is None:
        return
    draw(pictures, key="inside-weights")
    st.caption(_("Kept from before training, after epochs 1, 2, 5, 10, 20, 50 and so on, and the newest."))


def draw(pictures: Pictures, *, key: str) -> None:
    """The pictures, and how to read them."""
    st.caption(
        _("Each picture is one unit of the first layer: blue pixels speak for it, orange ones against it.")
    )
    rows = -(-len(pictures.shades) // strip_charts.COLUMNS)
    live_chart(
        strip_charts.first_weights(pictures),
        key=key,
        height=style.rows_height(rows, row=84, frame=0 if rows > 1 else 56),
        alt=_("Weights of the first layer as pictures"),
        told=_("Pictures: {count}. Weights from {low} to {high}.").format(
            count=len(pictures.shades),
            low=numbers.rounded(float(pictures.shades.min()) * pictures.scale),
            high=numbers.rounded(float(pictures.shades.max()) * pictures.scale),
        ),
    )
