"""How a drawing was made, where that is unlike MNIST: its strokes, its place."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.drawing.mnist_style import manner
from core.hints.elsewhere import DrawingSeen
from core.hints.rules import hints
from core.reading import rejection
from dashboard.language.joining import bulleted
from dashboard.runs.hint_words import told


def manner_view(canvas: NDArray[np.uint8], image: NDArray[np.uint8]) -> None:
    """Hints on a drawing; nothing where it is made as MNIST's are, or looks like no digit.

    Args:
        canvas: what was drawn, as large as it was drawn. image: (28, 28) what the networks saw.
    """
    opinion, made = rejection.load().opinion(image), manner(canvas)
    if opinion.refused:
        return
    seen = DrawingSeen(opinion.digit, opinion.as_unusual[opinion.digit], made.stroke, made.size, made.away)
    found = [hint for hint in hints(seen) if hint.code != "drawing-style"]  # the answer has said that
    if said := [told(hint) for hint in found]:
        st.caption(bulleted(said))
