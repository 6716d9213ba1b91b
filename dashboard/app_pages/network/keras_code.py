"""The same network, or the whole experiment, as Python to copy."""

from __future__ import annotations

import streamlit as st

from core.export.keras_source import keras_source
from core.export.network_source import keras_model_source
from core.settings import Settings
from dashboard.language import _, translated
from dashboard.language.joining import sentences


def show(settings: Settings) -> None:
    """The source, and what it needs to be installed."""
    whole = st.toggle(
        _("The whole experiment: data, training, test"), key="network-whole", persist_state="session"
    )
    write = keras_source(settings, translated) if whole else keras_model_source(settings.network, translated)
    st.code(write, language="python")
    copy = _("Copy it with the button in its corner.")
    st.caption(sentences(copy, needs(settings) if whole else _("It needs Keras 3, on any backend.")))


def needs(settings: Settings) -> str:
    """What the whole experiment's code needs to be installed."""
    if "sklearn" in keras_source(settings):
        return _("It needs Keras 3, TensorFlow and scikit-learn.")
    return _("It needs Keras 3 and TensorFlow.")
