"""Inside before the first run: the network that comes with the lab, from its weights to one digit's way."""

from __future__ import annotations

import streamlit as st

from core.runs.progress import Pictures
from dashboard.app_pages.inside import first_weights
from dashboard.frame import resources
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading.paged import SHOWN, paged
from dashboard.reading.readers import shipped_reader


def show() -> None:
    """What to do, and what there is to see until then."""
    st.markdown(_("No run yet. Set up an experiment in the sidebar and press Train; then look inside."))
    st.header(_("What the network that comes with the lab looks for"), anchor=False)
    kernel = next(iter(shipped_reader().network.weights.values()))
    first_weights.draw(Pictures.of(kernel), key="shipped-weights")
    st.header(_("A digit's way through it"), anchor=False)
    _digits()


@fragment
def _digits() -> None:
    reader = shipped_reader()
    part = resources.parts(reader.settings.data).validation
    st.caption(_("Click a digit to follow it from layer to layer."))
    captions = [str(label) for label in part.labels[:SHOWN]]
    paged(part.images[:SHOWN], captions, key="shipped-digits", reader=reader)
