"""The training picture that the ideas are shown on."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.frame import resources, session
from dashboard.language import _

KEY = "ideas-picture"


def current() -> tuple[NDArray[np.uint8], int]:
    """The picture (28, 28) uint8 and its label."""
    train = resources.parts(session.settings().data).train
    place = session.kept(KEY, 0) % len(train)
    return train.pick(np.array([place]))[0], int(train.labels[place])


def next_button(key: str) -> None:
    """A button that turns to the next picture."""
    following = session.kept(KEY, 0) + 1
    st.button(
        _("Another"),
        icon=":material/refresh:",
        on_click=session.keep,
        args=(KEY, following),
        key=key,
    )
