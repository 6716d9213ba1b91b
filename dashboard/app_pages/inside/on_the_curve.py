"""Where on its activation's curve a layer lives, at any recorded epoch."""

from __future__ import annotations

import streamlit as st

from core.choices.activations import ACTIVATIONS
from core.record.store import Store
from core.runs.run import Run
from dashboard.app_pages.inside import snapshots
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page
from dashboard.frame.fragments import fragment
from dashboard.language import _, translated
from dashboard.runs import strip_charts


@fragment
def show(run: Run, store: Store) -> None:
    """The weighted sums of a layer as a histogram under the activation."""
    depth = len(run.settings.network.hidden)
    if depth == 0:
        page.empty(_("This network has no hidden layer, so no activation to look under."))
        return
    left, right = st.columns(2, gap="large")
    with left:
        steps = store.curves.snapshot_steps(run.id)
        histogram = snapshots.choose(run, steps, store.curves.histogram, "curve")
    if histogram is None:
        return
    layer = right.slider(_("Layer"), 1, depth, 1, key="inside-layer") if depth > 1 else 1
    activation = run.settings.network.activation
    live_chart(
        strip_charts.on_the_curve(histogram, layer, activation),
        key="inside-histogram",
        height=380,
        alt=_("Histogram of the weighted sums of layer {layer}").format(layer=layer),
    )
    st.caption(translated(ACTIVATIONS[activation].limits))
