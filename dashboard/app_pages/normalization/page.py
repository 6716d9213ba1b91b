"""Normalisation: what happens to the pixel values before a network sees them."""

from dataclasses import replace

import streamlit as st

from core.settings import NORMALIZATIONS
from dashboard.app_pages.normalization import before_and_after, side_by_side
from dashboard.app_pages.normalization.notes import folded_notes, mean_and_variance
from dashboard.frame import page, resources, session
from dashboard.frame.tabs import tabs
from dashboard.language import _
from dashboard.runs.joining import what_joins

page.header(
    _("Normalisation"),
    _("Pixels come as 0 to 255. A network learns better from small numbers around 0."),
)
data = session.settings().data
shown = resources.gallery(data)
fits = {method: resources.normalization(replace(data, normalization=method)) for method in NORMALIZATIONS}
tabs(
    "normalization-tab",
    {
        _("Before and after"): lambda: before_and_after.show(fits[data.normalization], shown),
        _("Side by side"): lambda: side_by_side.show(list(fits.values()), data.normalization, shown),
        _("Mean 0, variance 1"): lambda: mean_and_variance(fits["z-score"], shown),
    },
)
what_joins(data)
st.space("small")
folded_notes(shown, fits["z-score"])
page.onward("activations", _("On: choose an activation"))
