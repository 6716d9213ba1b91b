"""A small picture of how the learning rate will go, by the numbers that the steps will use."""

from __future__ import annotations

import base64

import streamlit as st

from core.choices.parameters import parameter
from core.runs.progress import steps_per_epoch
from core.runs.rates import drawn, is_scheduled
from core.settings import Settings
from dashboard.language import _
from dashboard.look import style
from dashboard.look.svg import Polyline, Scale, sparkline


def show(settings: Settings) -> None:
    """The rate from the first step to the last, and its numbers; nothing where it stays the same."""
    training = settings.training
    if not is_scheduled(training):
        return
    steps = steps_per_epoch(settings.data.train, training.batch_size)
    epochs, rates = drawn(training, steps, training.epochs)
    told = _("The rate in {epochs} epochs: {first} in the first step, at most {most}, {last} in the last.")
    first, most, last = (_written(rate) for rate in (rates[0], max(rates), rates[-1]))
    line = Polyline(epochs, rates, style.ACCENT, 1.2)
    text = sparkline([line], Scale(0, training.epochs), Scale(0, float(max(rates)) or 1.0))
    picture = base64.b64encode(text.encode()).decode("ascii")
    st.html(f'<img class="rate-sketch" alt="" src="data:image/svg+xml;base64,{picture}">')
    st.caption(told.format(epochs=training.epochs, first=first, most=most, last=last))


def _written(rate: float) -> str:
    """Three digits are enough to read."""
    return parameter("learning_rate").write(float(f"{rate:.3g}"))
