"""A small picture of how the learning rate will go, by the numbers that the steps will use."""

from __future__ import annotations

import base64

import streamlit as st

from core.choices.parameters import parameter
from core.runs.progress import steps_per_epoch
from core.runs.rates import drawn, is_scheduled, told
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
    said = _("The rate in {epochs} epochs: {first} in the first step, at most {most}, {last} in the last.")
    most = float(max(rates))
    numbers = {"first": rates[0], "most": most, "last": rates[-1]}
    written = {name: parameter("learning_rate").write(told(rate, most)) for name, rate in numbers.items()}
    line = Polyline(epochs, rates, style.ACCENT, 1.2)
    text = sparkline([line], Scale(0, training.epochs), Scale(0, most or 1.0))
    picture = base64.b64encode(text.encode()).decode("ascii")
    st.html(f'<img class="rate-sketch" alt="" src="data:image/svg+xml;base64,{picture}">')
    st.caption(said.format(epochs=training.epochs, **written))
