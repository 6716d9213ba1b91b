"""Below the sidebar's Train: what folded parts change, and what in them cannot act."""

from __future__ import annotations

import streamlit as st

from core.runs.without_effect import without_effect
from core.settings import DEFAULT, Settings
from dashboard.language.idle_words import sentence
from dashboard.language.joining import with_icon
from dashboard.language.run_names import settings_name


def show(settings: Settings) -> None:
    """The experiment's name where more is in it than the choices above show, and settings without effect."""
    network, data = settings.network, settings.data
    above = DEFAULT.change(
        hidden=network.hidden, activation=network.activation, normalization=data.normalization
    )
    name = settings_name(settings)
    if name != settings_name(above):
        st.caption(name)
    for idle in without_effect(settings):
        st.caption(with_icon("info", sentence(idle)))
