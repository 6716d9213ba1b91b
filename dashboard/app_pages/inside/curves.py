"""One measure of every layer over time."""

from __future__ import annotations

import streamlit as st

from core.record.store import Store
from core.runs.run import Run
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.runs import strip_charts

LOGARITHMIC = ("gradient_rms", "update_ratio", "weight_rms")


@fragment
def show(run: Run, store: Store) -> None:
    """Choose a measure, see its curves."""
    layers = store.curves.layers(run.id)
    labels = {name: label for name, label in measure_names().items() if layers[name].notna().any()}
    if not labels:
        page.empty(_("The first numbers come with the first point of the run."))
        return
    name = st.selectbox(
        _("Measure"),
        list(labels),
        format_func=labels.__getitem__,
        key="inside-measure",
        persist_state="session",
    )
    live_chart(
        strip_charts.measure(layers, name, title=labels[name], length=run.epochs, log=name in LOGARITHMIC),
        key="inside-curves",
        height=420,
        alt=labels[name],
    )


def measure_names() -> dict[str, str]:
    """What can be drawn as curves."""
    return {
        "gradient_rms": _("Gradient per weight"),
        "update_ratio": _("Size of one step, relative to the weights"),
        "weight_rms": _("Size of the weights"),
        "output_mean": _("Mean output"),
        "output_spread": _("Spread of the outputs"),
        "saturated_share": _("Share of saturated outputs"),
        "dead_share": _("Share of dead units"),
    }
