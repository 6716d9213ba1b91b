"""Which of a network's weights is followed."""

from __future__ import annotations

import streamlit as st

from core.theory.one_step import OneStep, Weight
from dashboard.frame.choosing import one_of
from dashboard.language import _
from dashboard.reading.readers import Reader


def choose_weight(reader: Reader, step: OneStep) -> Weight:
    """At first the one of the last layer that has the steepest slope in this step, the reader's first."""
    dense = {layer.name: layer for layer in step.dense()}
    numbers = {name: place for place, name in enumerate(dense, start=1)}
    with st.popover(_("Follow another weight"), icon=":material/conversion_path:"):
        name = one_of(
            _("Layer"),
            list(dense),
            default="output",
            format_func=lambda name: str(numbers[name]),
            key=f"learning-layer-{len(dense)}",
            persist_state="session",
        )
        layer, first = dense[name], step.steepest(name)
        key = f"followed-{reader.key}-{name}"
        source = st.number_input(
            _("From input"),
            1,
            layer.input_width,
            first.source + 1,
            key=f"{key}-from",
            persist_state="session",
        )
        target = st.number_input(
            _("To unit"), 1, layer.width, first.target + 1, key=f"{key}-to", persist_state="session"
        )
    return Weight(name, int(source) - 1, int(target) - 1)
