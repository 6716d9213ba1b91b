"""Inside before the first run: the network that comes with the lab, from its weights to one digit's way."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.runs.progress import Snapshot
from dashboard.app_pages.inside import first_weights
from dashboard.frame import resources
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading.paged import SHOWN, paged
from dashboard.reading.readers import shipped_reader

UNITS = 64
"""Units of the first layer that are shown, as many as of a run."""


def show() -> None:
    """What to do, and what there is to see until then."""
    st.markdown(_("No run yet. Set up an experiment in the sidebar and press Train; then look inside."))
    st.header(_("What the network that comes with the lab looks for"), anchor=False)
    first_weights.draw(shipped_snapshot(), key="shipped-weights")
    st.header(_("A digit's way through it"), anchor=False)
    _digits()


def shipped_snapshot() -> Snapshot:
    """The first weights of the shipped network as a run's microscope would keep them."""
    kernel = next(iter(shipped_reader().network.weights.values()))[:, :UNITS]
    scale = float(np.abs(kernel).max()) / 127
    pictures = np.round(kernel.T / scale).astype(np.int8).reshape(-1, 28, 28)
    return Snapshot(0, np.zeros((0, 42), np.int32), pictures, scale)


@fragment
def _digits() -> None:
    reader = shipped_reader()
    part = resources.parts(reader.settings.data).validation
    st.caption(_("Click a digit to follow it from layer to layer."))
    captions = [str(label) for label in part.labels[:SHOWN]]
    paged(part.images[:SHOWN], captions, key="shipped-digits", reader=reader)
