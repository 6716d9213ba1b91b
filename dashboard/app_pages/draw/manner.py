"""How a drawing was made, where that is unlike MNIST: its strokes, its place."""

from __future__ import annotations

import streamlit as st

from core.drawing.strokes import Drawn
from core.hints.elsewhere import DrawingSeen
from core.hints.rules import hints
from dashboard.frame import resources
from dashboard.language.joining import bulleted
from dashboard.runs.hint_words import told


def manner_view(drawn: Drawn) -> None:
    """Hints on a drawing; nothing where it is made as MNIST's are, or looks like no digit."""
    opinion, made = resources.opinion(drawn.image), drawn.manner
    if opinion.refused or made is None:
        return
    if said := [told(hint) for hint in hints(DrawingSeen(made.stroke, made.size, made.away))]:
        st.caption(bulleted(said))
